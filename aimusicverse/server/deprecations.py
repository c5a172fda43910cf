"""Finds what a request used that is going away, and says so in the answer's headers."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from fastapi import Request
from pydantic import BaseModel

from aimusicverse.server.scope_keys import EXTRA_HEADERS
from aimusicverse.types.deprecation import Deprecation


@dataclass(frozen=True, slots=True)
class Deprecated:
    """What of one operation is going away."""

    route: Deprecation | None
    query: dict[str, Deprecation]
    fields: dict[str, Deprecation]

    def __bool__(self) -> bool:
        return bool(self.route or self.query or self.fields)


def of(function: Callable[..., Any], route: Deprecation | None) -> Deprecated:
    """Read the marks off an operation's signature."""
    hints = get_type_hints(function, include_extras=True)
    query: dict[str, Deprecation] = {}
    fields: dict[str, Deprecation] = {}
    for name in inspect.signature(function).parameters:
        hint = hints.get(name)
        if isinstance(hint, type) and issubclass(hint, BaseModel):
            fields |= {
                field: mark
                for field, info in hint.model_fields.items()
                for mark in info.metadata
                if isinstance(mark, Deprecation)
            }
        elif get_origin(hint) is Annotated:
            for mark in get_args(hint):
                if isinstance(mark, Deprecation):
                    query[name] = mark
    return Deprecated(route, query, fields)


async def announce(deprecated: Deprecated, request: Request) -> None:
    """Let the answer carry `Deprecation` and `Sunset` when the request used any of it."""
    used = [deprecated.route] if deprecated.route else []
    used += [mark for name, mark in deprecated.query.items() if name in request.query_params]
    if deprecated.fields:
        try:
            body = await request.json()
        except (ValueError, RecursionError):
            body = None  # whoever parses it next will say so
        if isinstance(body, dict):
            used += [mark for name, mark in deprecated.fields.items() if name in body]
    if used:
        # Several at once: the one that ends first is the one to act on.
        first = min(used, key=lambda mark: (mark.sunset is None, mark.sunset or mark.since))
        request.scope[EXTRA_HEADERS] = [
            *request.scope.get(EXTRA_HEADERS, ()),
            *((name.lower().encode(), value.encode()) for name, value in first.headers().items()),
        ]
