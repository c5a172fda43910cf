"""The boxes of a RIFF file (Microsoft and IBM, "Multimedia Programming Interface", 1991)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from aimusicverse.engines.soundfont import SoundfontError

_MOST_BOXES = 1000


class Box(NamedTuple):
    """A chunk: its id, for a LIST its form, and where its contents lie in the file."""

    name: bytes
    start: int
    size: int


def boxes(file: BinaryIO, start: int, end: int) -> Iterator[Box]:
    """The chunks between two places of a file; of a LIST its form stands for its id.

    Raises:
        SoundfontError: one reaches beyond the end, or there are more than anybody needs.
    """
    for _ in range(_MOST_BOXES):
        if start + 8 > end:
            return
        file.seek(start)
        name, size = struct.unpack("<4sI", file.read(8))
        start += 8
        if start + size > end:
            raise SoundfontError(f"the chunk {name.decode('latin-1')!r} is cut off")
        if name == b"LIST" and size >= 4:
            yield Box(file.read(4), start + 4, size - 4)
        else:
            yield Box(name, start, size)
        start += size
        if size % 2:
            # Chunks begin at even places; what converters to SF3 write does not always keep to that.
            file.seek(start)
            start += file.read(1) == b"\0"
    raise SoundfontError("too many chunks")
