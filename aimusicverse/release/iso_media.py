"""What is in an MP4 file (.m4a, .mp4, .mov), which libsndfile does not read: how its sound is coded.

Source: ISO/IEC 14496-12, whose boxes hold boxes: `moov`, `trak`, `mdia`, `minf`, `stbl`, and in `stsd` what a
track is coded in.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

_WAY: Final = (b"moov", b"trak", b"mdia", b"minf", b"stbl")
#: Boxes that are looked at, before it is given up. A song has some dozens.
_MOST_BOXES: Final = 2_000
_CODINGS: Final = {
    b"mp4a": "AAC",
    b"alac": "ALAC (Apple Lossless)",
    b"fLaC": "FLAC",
    b"Opus": "Opus",
    b"ac-3": "AC-3",
    b"ec-3": "E-AC-3",
    b"ac-4": "AC-4",
    b".mp3": "MP3",
    b"samr": "AMR",
    b"sawb": "AMR",
}


def coding_of(path: Path) -> str | None:
    """The coding of the first sound track, such as `AAC`; `unknown sound` if it is not found; `None`: no MP4.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if file.read(8)[4:] != b"ftyp":
            return None
        left = [_MOST_BOXES]
        for coding in _codings(file, 0, size, _WAY, left):
            if coding in _CODINGS:
                return _CODINGS[coding]
    return "unknown sound"


def _codings(
    file: BinaryIO, start: int, end: int, way: tuple[bytes, ...], left: list[int]
) -> Iterator[bytes]:
    """Names in every `stsd` box that lies on the way."""
    for kind, inner, after in _boxes(file, start, end, left):
        if way and kind == way[0]:
            yield from _codings(file, inner, after, way[1:], left)
        elif not way and kind == b"stsd":
            # A version and a count of entries stand before them.
            yield from (coding for coding, *_ in _boxes(file, inner + 8, after, left))


def _boxes(file: BinaryIO, start: int, end: int, left: list[int]) -> Iterator[tuple[bytes, int, int]]:
    """Name, where the content begins, and where it ends, of the boxes between two places."""
    while start + 8 <= end and left[0] > 0:
        left[0] -= 1
        file.seek(start)
        size, kind = struct.unpack(">I4s", file.read(8).ljust(8, b"\0"))
        inner = start + 8
        if size == 1:
            size, inner = struct.unpack(">Q", file.read(8).ljust(8, b"\0"))[0], start + 16
        elif size == 0:
            size = end - start  # up to the end
        after = start + size
        if after < inner or after > end:
            return
        yield kind, inner, after
        start = after
