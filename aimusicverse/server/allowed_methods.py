"""What a path may be asked with, for the `Allow` of a 405 (RFC 9110, section 15.5.6).

The router stops at the first route that fits the path, and names that one's methods only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from fastapi.routing import APIRoute


class AllowedMethods:
    """The methods of some routes, by path."""

    def __init__(self, routes: Iterable[APIRoute]) -> None:
        self._methods: dict[re.Pattern[str], set[str]] = {}
        for route in routes:
            self._methods.setdefault(route.path_regex, set()).update(route.methods or ())

    def of(self, path: str) -> str:
        """All methods that some route has for `path`, as `Allow` lists them."""
        found = {name for form, names in self._methods.items() if form.match(path) for name in names}
        return ", ".join(sorted(found))
