"""Films as small as films can be: the boxes that say how long they last, and as many bytes as one likes."""

from __future__ import annotations

import random
import struct


def film(size: int, seconds: float = 2.0, seed: int = 1) -> bytes:
    """An MP4 of so many bytes, which nobody could watch."""
    header = struct.pack(">4xIIII80x", 0, 0, 1000, round(seconds * 1000))
    movie = _box(b"moov", _box(b"mvhd", header))
    start = _box(b"ftyp", b"isom\0\0\2\0isomiso2avc1mp41") + movie
    return start + _box(b"mdat", random.Random(seed).randbytes(size - len(start) - 8))


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, kind) + content
