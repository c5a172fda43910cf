"""Lists that go on over their pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from typing import Any, Generic, TypeVar

from aimusicverse.errors import APIConnectionError
from aimusicverse.types.base import Page

T = TypeVar("T")
#: Gets the page at a cursor; None is the first.
Fetch = Callable[[str | None], Awaitable[T]]


class AsyncPager(Generic[T]):
    """A list on the server. `await` gives the first page, `async for` all of them.

    Nothing is asked for before. Pages are fetched as they are reached, each within a deadline of its own.
    """

    def __init__(self, fetch: Fetch[Page[T]]) -> None:
        self._fetch = fetch

    def __await__(self) -> Generator[Any, None, Page[T]]:
        return self.page().__await__()

    async def page(self, cursor: str | None = None) -> Page[T]:
        """The first page, or the one at a `next_cursor`."""
        return await self._fetch(cursor)

    async def pages(self) -> AsyncIterator[Page[T]]:
        """All pages in order.

        Raises:
            APIConnectionError: the server gave a cursor twice, so the list would never end.
        """
        seen: set[str] = set()
        cursor: str | None = None
        while True:
            page = await self._fetch(cursor)
            yield page
            cursor = page.next_cursor
            if cursor is None:
                return
            if cursor in seen:
                raise APIConnectionError("the server's list goes in a circle: it gave the same cursor twice")
            seen.add(cursor)

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for item in page.data:
                yield item
