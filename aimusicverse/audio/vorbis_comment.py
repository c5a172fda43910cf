"""The comments of FLAC files, which are those of Vorbis: `NAME=text` in UTF-8.

Source: RFC 9639, section 8.6. Numbers are little-endian here, and nowhere else in FLAC.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Final

#: Comments that are looked at. Real files have some dozens.
_MOST: Final = 1024


def encode(vendor: str, texts: Mapping[str, str]) -> bytes:
    """The content of a block.

    Args:
        vendor: the program that encoded the sound; it stays when the comments change.
        texts: by their names.
    """
    comments = [f"{name}={text}".encode() for name, text in texts.items()]
    said = _field(vendor.encode()) + struct.pack("<I", len(comments))
    return said + b"".join(map(_field, comments))


def _field(content: bytes) -> bytes:
    return struct.pack("<I", len(content)) + content


def decode(block: bytes) -> tuple[str, dict[str, str]]:
    """Vendor, and the texts by their names in capitals, of each the first.

    What runs past the end is left out: this never raises.
    """
    vendor, at = _read(block, 0)
    found: dict[str, str] = {}
    if len(block) < at + 4:
        return vendor, found
    count = min(_MOST, struct.unpack_from("<I", block, at)[0])
    at += 4
    for _ in range(count):
        if len(block) < at + 4:
            break
        comment, at = _read(block, at)
        name, sign, text = comment.partition("=")
        if sign:
            found.setdefault(name.upper(), text)
    return vendor, found


def _read(block: bytes, at: int) -> tuple[str, int]:
    """The field at a place, and where it ends; one that would run past the end is empty, and the last."""
    if len(block) < at + 4:
        return "", len(block)
    end = at + 4 + struct.unpack_from("<I", block, at)[0]
    if end > len(block):
        return "", len(block)
    return block[at + 4 : end].decode("utf-8", "replace"), end
