"""Straight from a path to a plain read, past the layers that only other requests need.

FastAPI looks at one route after the other, twice for those of a resource; a table does not grow slower
with the number of resources. What is not found here goes the long way, and nobody can tell from the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
ExceptionHandler = Callable[[Request, Exception], Coroutine[Any, Any, Response]]


class ShortWays:
    """GET routes by their path, if it is fixed or ends with its one parameter."""

    def __init__(self, routes: Iterable[APIRoute], refused: Mapping[Any, Any]) -> None:
        """Take those of `routes` that have a `plain` handler; `refused` turns exceptions into answers."""
        self._refused: dict[type[Exception], ExceptionHandler] = {
            kind: handler
            for kind, handler in refused.items()
            if isinstance(kind, type) and kind is not Exception  # a defect is for whoever tells of it
        }
        self._fixed: dict[str, tuple[APIRoute, Handler]] = {}
        self._below: dict[str, tuple[str, APIRoute, Handler]] = {}
        #: Of no object of the list that they stand in, though they look so; they go the long way.
        self._long: set[str] = set()
        for route in routes:
            plain: Handler | None = getattr(route, "plain", None)
            head, _, last = route.path.rpartition("/")
            if "{" in head:
                continue
            if plain is None:
                self._long.add(route.path)
                continue
            if last.startswith("{"):
                self._below[head] = (last[1:-1], route, plain)
            else:
                self._fixed[route.path] = (route, plain)

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """Answer, if this is a request of that kind."""
        if scope["type"] != "http" or scope["method"] != "GET":
            return False
        path: str = scope["path"]
        parameters: dict[str, str] = {}
        if (fixed := self._fixed.get(path)) is not None:
            route, handle = fixed
        else:
            head, _, last = path.rpartition("/")
            if not last or path in self._long or (below := self._below.get(head)) is None:
                return False
            name, route, handle = below
            parameters[name] = last
        scope["route"], scope["path_params"] = route, parameters
        request = Request(scope, receive)
        try:
            response = await handle(request)
        except Exception as error:
            for kind in type(error).__mro__:
                if (refuse := self._refused.get(kind)) is not None:
                    response = await refuse(request, error)
                    break
            else:
                raise
        await response(scope, receive, send)
        return True
