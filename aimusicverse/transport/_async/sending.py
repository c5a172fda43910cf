"""A body on its way out."""

from __future__ import annotations

from collections.abc import AsyncIterator

from aimusicverse.transport.source import Source


class AsyncSending:
    """One reading of a source, as httpx takes it.

    What the source raises, or the caller's own `progress`, is kept in `trouble`: a transport may wrap it
    in an error of the network, or lose it. Reading blocks the loop for as long as a disk takes for 256 KiB.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self.trouble: Exception | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            for piece in self._source.pieces():
                yield piece
        except Exception as problem:
            self.trouble = problem
            raise
