"""Where a batch goes: a folder here, or one behind SFTP."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from typing import Final, Protocol

from aimusicverse.platforms.base import Journal
from aimusicverse.platforms.ddex.parts import Part
from aimusicverse.release.copying import read_pieces
from aimusicverse.release.package_error import refuse

#: Seconds between two signs of life in the journal; ten is what it asks for.
_BEAT: Final = 2.0
#: Names of a folder that are looked at. A receiver keeps acknowledgements for a month.
MOST_NAMES: Final = 50_000


class Beat:
    """Tells the journal how far a batch is, and lets it stop us."""

    def __init__(self, journal: Journal, total: int = 0) -> None:
        """Nothing is there yet.

        Args:
            journal: of the delivery.
            total: bytes of the batch.
        """
        self._journal = journal
        self._total = max(total, 1)
        self._done = 0
        self._last = time.monotonic()

    def add(self, count: int) -> None:
        """So many bytes more are there."""
        self._done += count
        self.tick()

    def tick(self) -> None:
        """It goes on, if slowly."""
        now = time.monotonic()
        if now - self._last >= _BEAT:
            self._last = now
            self._journal.progress(min(self._done / self._total, 1.0))


class Place(Protocol):
    """A folder that takes batches. Paths are from it on, with `/`."""

    def make(self, folder: str) -> bool:
        """Make a folder; `False`: it is there already.

        Raises:
            DeliveryError: it cannot be.
        """
        ...

    def there(self, path: str) -> bool:
        """Whether there is something by this name.

        Raises:
            DeliveryError: nobody can tell.
        """
        ...

    def whole(self, path: str, part: Part) -> bool:
        """Whether a file is there as it should be: by its size, and by its content where that is at hand.

        Raises:
            DeliveryError: nobody can tell.
        """
        ...

    def put(self, path: str, part: Part, beat: Beat) -> None:
        """Write a file: under another name first, so that by its own it is never there in part.

        Raises:
            DeliveryError: it cannot be written.
            CannotPackage: the source is no longer what was looked into.
        """
        ...

    def names(self, folder: str, prefix: str) -> list[str]:
        """Of files in a folder that begin so; none, where there is no such folder.

        Raises:
            DeliveryError: nobody can tell.
        """
        ...

    def read(self, path: str, most: int) -> bytes | None:
        """A file's first bytes, so many and one more at most; `None`: there is no such file, or it is none.

        Raises:
            DeliveryError: it cannot be read.
        """
        ...

    def watch(self, tick: Callable[[], None]) -> None:
        """Call this every few seconds while something is waited for; what it raises ends the waiting."""
        ...

    def close(self) -> None:
        """End connections."""
        ...


def pieces_of(part: Part) -> Iterator[bytes]:
    """What a file holds, piece by piece; at the end it is certain that it is the file that was looked into.

    Raises:
        CannotPackage: it is another one now, or cannot be read.
    """
    if part.content is not None:
        yield part.content
        return
    if part.source is None or part.facts is None:
        raise TypeError(f"{part.path} comes from nowhere")
    hashed = hashlib.sha256()
    for piece in read_pieces(part.source, part.size):
        hashed.update(piece)
        yield piece
    if hashed.hexdigest() != part.facts.sha256:
        raise refuse(part.path, "its file has changed since it was looked into.", "Try it again.")
