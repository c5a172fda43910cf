"""What is in an uploaded file, as far as it matters here: whether it is an MP4, and how long it lasts."""

from __future__ import annotations

import hashlib
import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

_PIECE: Final = 1 << 20
_MOST_BOXES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Film:
    """A file.

    Args:
        sha256: hex.
        size: bytes.
        seconds: of its longest track; `None`: it is no film.
    """

    sha256: str
    size: int
    seconds: float | None


def look_into(path: Path) -> Film:
    """Read it once."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
        size = file.tell()
        return Film(digest.hexdigest(), size, _seconds(file, size))


def _seconds(file: BinaryIO, size: int) -> float | None:
    """By `mvhd` (ISO/IEC 14496-12, 8.2.2)."""
    file.seek(0)
    if file.read(8)[4:] != b"ftyp" or (movie := _box(file, b"moov", 0, size)) is None:
        return None
    if (header := _box(file, b"mvhd", *movie)) is None:
        return None
    file.seek(header[0])
    head = file.read(32)
    form, start = (">IQ", 20) if head[:1] == b"\1" else (">II", 12)
    try:
        scale, length = struct.unpack_from(form, head, start)
    except struct.error:
        return None
    return length / scale if scale else None


def _box(file: BinaryIO, kind: bytes, start: int, end: int) -> tuple[int, int] | None:
    for _ in range(_MOST_BOXES):
        if start + 8 > end:
            return None
        file.seek(start, os.SEEK_SET)
        size, found = struct.unpack(">I4s", file.read(8))
        inner = start + 8
        if size == 1:
            size, inner = struct.unpack(">Q", file.read(8).ljust(8, b"\0"))[0], start + 16
        elif size == 0:
            size = end - start
        if size < inner - start or start + size > end:
            return None
        if found == kind:
            return inner, start + size
        start += size
    return None
