"""How a resource declares its routes: a path, a scope, and the problems it may answer with."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from fastapi import APIRouter

from aimusicverse.server import deprecations
from aimusicverse.server.call import require
from aimusicverse.server.problems import CODES
from aimusicverse.server.settings import PREFIX
from aimusicverse.types import Problem
from aimusicverse.types.deprecation import Deprecation

F = TypeVar("F", bound=Callable[..., Any])

#: What any authenticated route may answer.
_ALWAYS = (
    "api_key_missing",
    "api_key_invalid",
    "api_key_revoked",
    "api_key_expired",
    "scope_missing",
    "internal_error",
    "store_unavailable",
)
#: What any POST may answer besides.
_POST = (
    "malformed_json",
    "body_too_large",
    "unsupported_media_type",
    "invalid_request",
    "idempotency_key_invalid",
    "idempotency_key_reused",
    "idempotency_answer_lost",
    "storage_full",
)


class Router:
    """Routes of one resource, all behind a scope."""

    def __init__(self, tag: str) -> None:
        self.routes = APIRouter(tags=[tag])

    def get(self, path: str, *, scope: str, **options: Any) -> Callable[[F], F]:
        """Declare a GET."""
        return self._route("GET", path, scope=scope, **options)

    def post(self, path: str, *, scope: str, **options: Any) -> Callable[[F], F]:
        """Declare a POST; it takes an `Idempotency-Key`."""
        may = (*options.pop("problems", ()), *_POST)
        return self._route("POST", path, scope=scope, problems=may, **options)

    def delete(self, path: str, *, scope: str, **options: Any) -> Callable[[F], F]:
        """Declare a DELETE."""
        return self._route("DELETE", path, scope=scope, **options)

    def _route(
        self,
        method: str,
        path: str,
        *,
        scope: str,
        status: int = 200,
        problems: Iterable[str] = (),
        deprecated: Deprecation | None = None,
        **options: Any,
    ) -> Callable[[F], F]:
        def declare(function: F) -> F:
            going = deprecations.of(function, deprecated)
            if deprecated:
                options["description"] = f"{inspect.getdoc(function)}\n\n{deprecated.sentence()}"
            self.routes.add_api_route(
                PREFIX + path,
                function,
                methods=[method],
                status_code=status,
                dependencies=[require(scope), *([deprecations.announce(going)] if going else [])],
                deprecated=bool(deprecated) or None,
                operation_id=function.__name__,
                responses=problem_responses((*problems, *_ALWAYS)),
                openapi_extra={"security": [{"bearer": []}, {"apiKey": []}], "x-scope": scope},
                **options,
            )
            return function

        return declare


def problem_responses(codes: Iterable[str]) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI description of some problems, by status."""
    by_status: dict[int, list[str]] = {}
    for code in codes:
        listed = by_status.setdefault(CODES[code].status, [])
        if code not in listed:
            listed.append(code)
    return {
        status: {
            "description": "Problem: " + ", ".join(f"`{code}`" for code in listed),
            "content": {"application/problem+json": {"schema": {"$ref": PROBLEM_SCHEMA}}},
        }
        for status, listed in sorted(by_status.items())
    }


PROBLEM_SCHEMA = f"#/components/schemas/{Problem.__name__}"
