"""Which route a request was meant for, when it was refused before the router had a look at it.

Only refused requests pay for this: one that is let in gets its route from the router, as ever.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from fastapi.routing import APIRoute
from starlette.types import Scope


class MeantRoutes:
    """Some routes, in the order in which the router tries them."""

    def __init__(self, routes: Iterable[APIRoute]) -> None:
        self._routes: Final = [
            (route.path_regex.match, frozenset(route.methods or ()), route) for route in routes
        ]

    def note(self, scope: Scope) -> None:
        """Put the route where the router would, unless there is none: for whoever records and logs requests.

        As with the router, a path with another method is the path's, and another spelling is no path.
        """
        path, method = scope["path"], scope["method"]
        of_path: APIRoute | None = None
        for matches, methods, route in self._routes:
            if matches(path):
                of_path = of_path or route
                if method in methods:
                    scope["route"] = route
                    return
        if of_path is not None:
            scope["route"] = of_path
