"""Bodies too large to hold: a file that is sent a piece at a time, and from its beginning on each try."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Protocol

from aimusicverse.errors import ConfigurationError

_PIECE = 256 * 1024


class Source(Protocol):
    """A body of known size that can be read once per try."""

    @property
    def size(self) -> int:
        """Bytes in all."""
        ...

    @property
    def replayable(self) -> bool:
        """Whether it can be read from its beginning again."""
        ...

    def pieces(self) -> Iterator[bytes]:
        """All of it in order, from the beginning."""
        ...


class FileSource:
    """A file, by its path or as an object opened for bytes; an object is sent from where it stands.

    Args:
        file: a path, or a file object, which is left open. One that cannot seek is sent once only.
        size: bytes, needed for an object that cannot seek.
        progress: called with the bytes that were handed to the network and their number in all. A further
            try begins at 0 again. What it raises ends the upload.

    Raises:
        ConfigurationError: not opened for bytes, or of unknown size.
        OSError: the path cannot be read.
    """

    def __init__(
        self,
        file: str | os.PathLike[str] | IO[bytes],
        *,
        size: int | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self._progress = progress
        if isinstance(file, str | os.PathLike):
            self._path: Path | None = Path(file)
            self._object: IO[bytes] | None = None
            with self._path.open("rb") as opened:  # said now, not in the middle of a call
                self._size = os.fstat(opened.fileno()).st_size
            return
        if isinstance(file, io.TextIOBase) or not callable(getattr(file, "read", None)):
            raise ConfigurationError("a file to send is a path, or an object opened for bytes (mode 'rb')")
        self._path, self._object = None, file
        self._start = file.tell() if _seekable(file) else None
        self._size = _rest(file) if size is None else size

    @property
    def size(self) -> int:
        """Bytes in all."""
        return self._size

    @property
    def replayable(self) -> bool:
        """Whether it can be read from its beginning again."""
        return self._path is not None or self._start is not None

    def pieces(self) -> Iterator[bytes]:
        """All of it in order, from the beginning.

        Raises:
            ConfigurationError: it is longer or shorter than it was.
            OSError: it cannot be read any more.
        """
        if self._path is not None:
            with self._path.open("rb") as opened:
                yield from self._read(opened)
        elif self._object is not None:
            if self._start is not None:
                self._object.seek(self._start)
            yield from self._read(self._object)

    def _read(self, opened: IO[bytes]) -> Iterator[bytes]:
        done = 0
        while done < self._size:
            piece = opened.read(min(_PIECE, self._size - done))
            if not piece:
                raise ConfigurationError("the file became shorter while it was being sent")
            yield piece
            done += len(piece)
            if self._progress is not None:
                self._progress(done, self._size)


def _seekable(file: IO[bytes]) -> bool:
    ask = getattr(file, "seekable", None)
    return bool(ask()) if callable(ask) else False


def _rest(file: IO[bytes]) -> int:
    if not _seekable(file):
        raise ConfigurationError("the size of what cannot seek is not known: pass size=")
    here = file.tell()
    end = file.seek(0, os.SEEK_END)
    file.seek(here)
    return end - here
