# Generated from aimusicverse/transport/_async/sending.py by scripts/unasync.py: edit there.
"""A body on its way out."""

from __future__ import annotations

from collections.abc import Iterator

from aimusicverse.transport.source import Source


class Sending:
    """One reading of a source, as httpx takes it.

    What the source raises, or the caller's own `progress`, is kept in `trouble`: a transport may wrap it
    in an error of the network, or lose it. Reading blocks the loop for as long as a disk takes for 256 KiB.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self.trouble: Exception | None = None

    def __iter__(self) -> Iterator[bytes]:
        try:
            for piece in self._source.pieces():
                yield piece
        except Exception as problem:
            self.trouble = problem
            raise
