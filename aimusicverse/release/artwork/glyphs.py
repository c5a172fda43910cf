"""Which characters a font has, by its own table (OpenType `cmap`, formats 4 and 12): no boxes are drawn."""

from __future__ import annotations

import struct
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Final

#: A table is far smaller; a larger number is damage.
_MOST_BYTES: Final = 4_000_000
Ranges = tuple[tuple[int, int], ...]


@lru_cache(maxsize=4096)
def faces(path: Path) -> tuple[Ranges, ...]:
    """The ranges of characters of each face in a file: of one, or of several; none if it is no font."""
    try:
        with path.open("rb") as file:
            return tuple(_ranges(file, start) for start in _starts(file))
    except (OSError, struct.error, ValueError, IndexError):
        return ()


def has(ranges: Ranges, text: str) -> bool:
    """Whether every character that is seen is there."""
    return all(any(first <= ord(char) <= last for first, last in ranges) for char in set(text) - {" "})


def _starts(file: BinaryIO) -> list[int]:
    tag, _, count = struct.unpack(">4sII", file.read(12))
    if tag == b"ttcf":
        return list(struct.unpack(f">{min(count, 64)}I", file.read(4 * min(count, 64))))
    if tag not in (b"\0\1\0\0", b"OTTO", b"true"):
        raise ValueError("no font")
    return [0]


def _ranges(file: BinaryIO, start: int) -> Ranges:
    file.seek(start + 4)
    (count,) = struct.unpack(">H", file.read(2))
    file.seek(start + 12)
    tables = {}
    for _ in range(count):
        tag, _, offset, length = struct.unpack(">4sIII", file.read(16))
        tables[tag] = (offset, length)
    if b"glyf" not in tables and b"CFF " not in tables and b"CFF2" not in tables:
        return ()  # pictures of letters in some sizes, or in colours
    if b"cmap" not in tables:
        return ()
    offset, length = tables[b"cmap"]
    if length > _MOST_BYTES:
        raise ValueError("too large")
    file.seek(offset)
    table = file.read(length)
    (count,) = struct.unpack_from(">H", table, 2)
    found: dict[int, int] = {}
    for number in range(count):
        platform, encoding, at = struct.unpack_from(">HHI", table, 4 + 8 * number)
        if platform == 0 or (platform == 3 and encoding in (1, 10)):
            found[struct.unpack_from(">H", table, at)[0]] = at
    if 12 in found:
        return _format_12(table, found[12])
    return _format_4(table, found[4]) if 4 in found else ()


def _format_12(table: bytes, at: int) -> Ranges:
    (count,) = struct.unpack_from(">I", table, at + 12)
    groups = struct.iter_unpack(">III", table[at + 16 : at + 16 + 12 * count])
    return tuple((first + (glyph == 0), last) for first, last, glyph in groups)


def _format_4(table: bytes, at: int) -> Ranges:
    (twice,) = struct.unpack_from(">H", table, at + 6)
    count = twice // 2
    ends = struct.unpack_from(f">{count}H", table, at + 14)
    starts = struct.unpack_from(f">{count}H", table, at + 16 + twice)
    shifts = struct.unpack_from(f">{count}H", table, at + 16 + 2 * twice)
    places = struct.unpack_from(f">{count}H", table, at + 16 + 3 * twice)
    found: list[tuple[int, int]] = []
    for number, (first, last, shift, place) in enumerate(zip(starts, ends, shifts, places, strict=True)):
        if first == 0xFFFF or last < first:
            continue
        if place == 0:
            missing = (-shift) % 0x10000  # the character that would be glyph 0
            if first <= missing <= last:
                found += [(a, b) for a, b in ((first, missing - 1), (missing + 1, last)) if a <= b]
            else:
                found.append((first, last))
            continue
        base = at + 16 + 3 * twice + 2 * number + place
        for char in range(first, last + 1):
            (glyph,) = struct.unpack_from(">H", table, base + 2 * (char - first))
            if glyph and (glyph + shift) % 0x10000:
                found.append((char, char))
    return tuple(found)
