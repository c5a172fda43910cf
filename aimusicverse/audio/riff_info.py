"""The `LIST` chunk of a WAV file that says what it is: title, artist, and so on.

Source: Multimedia Programming Interface and Data Specifications 1.0 (IBM and Microsoft, 1991), "INFO List
Chunk". It knows no encoding; UTF-8 is what is written and understood today, older files are in Windows-1252.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Final

_MOST: Final = 256


def encode(texts: Mapping[str, str]) -> bytes:
    """The content of the chunk, for texts by the four letters of their names."""
    return b"INFO" + b"".join(chunk(name.encode(), text.encode() + b"\0") for name, text in texts.items())


def chunk(name: bytes, content: bytes) -> bytes:
    """A whole chunk of an even length."""
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def decode(content: bytes) -> dict[str, str]:
    """The texts by their names, of each the first. What runs past the end is left out: this never raises."""
    found: dict[str, str] = {}
    at = 4
    for _ in range(_MOST):
        if content[:4] != b"INFO" or len(content) < at + 8:
            break
        name, size = struct.unpack_from("<4sI", content, at)
        at += 8
        if at + size > len(content):
            break
        text = content[at : at + size].split(b"\0", 1)[0]
        found.setdefault(name.decode("ascii", "replace"), _decoded(text))
        at += size + size % 2
    return found


def _decoded(text: bytes) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text.decode("cp1252", "replace")
