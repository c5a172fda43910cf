# Generated from aimusicverse/resources/_async/pager.py by scripts/unasync.py: edit there.
"""Lists that go on over their pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from aimusicverse.errors import APIConnectionError
from aimusicverse.types.base import Page

T = TypeVar("T")
#: Gets the page at a cursor; None is the first.
Fetch = Callable[[str | None], T]


class Pager(Generic[T]):
    """A list on the server. `.page()` gives the first page, `for` all items.

    Nothing is asked for before. Pages are fetched as they are reached, each within a deadline of its own.
    """

    def __init__(self, fetch: Fetch[Page[T]]) -> None:
        self._fetch = fetch

    def page(self, cursor: str | None = None) -> Page[T]:
        """The first page, or the one at a `next_cursor`."""
        return self._fetch(cursor)

    def pages(self) -> Iterator[Page[T]]:
        """All pages in order.

        Raises:
            APIConnectionError: the server gave a cursor twice, so the list would never end.
        """
        seen: set[str] = set()
        cursor: str | None = None
        while True:
            page = self._fetch(cursor)
            yield page
            cursor = page.next_cursor
            if cursor is None:
                return
            if cursor in seen:
                raise APIConnectionError("the server's list goes in a circle: it gave the same cursor twice")
            seen.add(cursor)

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            for item in page.data:
                yield item
