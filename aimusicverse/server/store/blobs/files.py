"""Files on this machine: read in pieces off the event loop, hashed, made to last."""

from __future__ import annotations

import hashlib
import os
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import BinaryIO

import anyio
import anyio.to_thread

#: How much is read at once: each piece costs a trip to a thread.
_PIECE_BYTES = 256 * 1024


def sha256_of(path: Path) -> str:
    """A file's hash."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


async def open_at(path: Path, position: int) -> BinaryIO:
    """Open a file to be read from a position on."""
    return await anyio.to_thread.run_sync(_opened, path, position)


async def pieces(file: BinaryIO, length: int) -> AsyncGenerator[bytes, None]:
    """The next `length` bytes, each piece read on a thread; closes the file.

    Raises:
        EOFError: there are fewer.
    """
    try:
        while length:
            piece = await anyio.to_thread.run_sync(file.read, min(_PIECE_BYTES, length))
            if not piece:
                raise EOFError
            length -= len(piece)
            yield piece
    finally:
        file.close()


def sync_folder(folder: Path) -> None:
    """Make a rename survive a power cut, where the platform can (POSIX)."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _opened(path: Path, position: int) -> BinaryIO:
    file = path.open("rb")
    file.seek(position)
    return file
