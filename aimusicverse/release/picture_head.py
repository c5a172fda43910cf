"""What a picture file says of itself before a pixel is decoded: its kind, its size, how deep it is.

A file of some hundred bytes can promise a picture that fills all memory, and some decoders make room for it
as soon as they are asked what it is. So its head is read here first.

Sources: ITU-T T.81 (JPEG), ISO/IEC 15948 (PNG), TIFF 6.0, RFC 9649 (WebP), GIF89a, BMP as Microsoft has it.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import Final

#: How a file of a kind begins; the names are Pillow's.
TAKEN: Final = {
    "JPEG": re.compile(rb"\xff\xd8\xff"),
    "PNG": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "WEBP": re.compile(rb"RIFF....WEBP", re.DOTALL),
    "TIFF": re.compile(rb"II\*\0|MM\0\*"),
    "GIF": re.compile(rb"GIF8[79]a"),
    "BMP": re.compile(rb"BM.{4}\0{4}", re.DOTALL),
}
#: What people try, to be told by its name.
NOT_TAKEN: Final = {
    "AVIF": re.compile(rb"....ftypavi[fs]", re.DOTALL),
    "HEIC": re.compile(rb"....ftyp(?:hei|hev|mif|msf)", re.DOTALL),
    "Photoshop": re.compile(rb"8BPS"),
    "PDF": re.compile(rb"%PDF-"),
    "SVG": re.compile(rb"\s*(?:<\?xml.*?)?<svg", re.DOTALL),
}
#: Frames of a JPEG: markers that are not tables, by how they are coded.
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE: Final = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
#: Markers that have no length.
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_WIDTH, _HEIGHT, _BITS = 256, 257, 258
_MOST_ENTRIES: Final = 1_000
#: A profile takes 255, metadata of all kinds some hundred at most.
_MOST_SEGMENTS: Final = 5_000


class DamagedHead(ValueError):
    """It says nothing that fits."""


@dataclass(frozen=True, slots=True)
class Head:
    """What is known before decoding.

    Args:
        width: pixels.
        height: pixels.
        bits: of a channel.
        progressive: whether a JPEG is stored in several scans.
    """

    width: int
    height: int
    bits: int = 8
    progressive: bool = False


def read(kind: str, content: bytes) -> Head:
    """The head of a file of this kind, a key of `TAKEN`.

    Raises:
        DamagedHead: it ends before it says so, or is no picture after all.
    """
    try:
        return _READERS[kind](content)
    except (struct.error, IndexError):
        raise DamagedHead(f"the {kind} ends within its head") from None


def is_whole(kind: str, content: bytes) -> bool:
    """Whether the end is there; decoders do not all look for it, and not every kind has a mark there."""
    if kind == "JPEG":
        return content.rfind(b"\xff\xd9") > content.rfind(b"\xff\xda")
    if kind == "PNG":
        return b"\0\0\0\0IEND\xaeB`\x82" in content
    if kind == "WEBP":
        return len(content) >= 8 + int.from_bytes(content[4:8], "little")
    return True


def _jpeg(content: bytes) -> Head:
    """Up to the first scan: decoders keep every segment before it, at a hundred bytes for each of four."""
    at = 2
    frame: Head | None = None
    for _ in range(_MOST_SEGMENTS):
        if content[at] != 0xFF:
            raise DamagedHead(f"byte {at} is no marker")
        while content[at] == 0xFF:  # as many as one likes
            at += 1
        marker = content[at]
        at += 1
        if marker in _ALONE:
            continue
        (length,) = struct.unpack_from(">H", content, at)
        if marker in _FRAMES and frame is None:
            bits, height, width = struct.unpack_from(">BHH", content, at + 2)
            frame = Head(width, height, bits, marker in _PROGRESSIVE)
        if marker in (0xD9, 0xDA) or length < 2:
            if frame is None:
                raise DamagedHead("there is no frame before the scan")
            return frame
        at += length
    raise DamagedHead(f"it has more than {_MOST_SEGMENTS:,} segments before the scan")


def _png(content: bytes) -> Head:
    length, name, width, height, bits, colours = struct.unpack_from(">I4sIIBB", content, 8)
    if name != b"IHDR" or length != 13:
        raise DamagedHead("it does not begin with IHDR")
    # The entries of a palette have 8 bits, whatever number of them there is.
    return Head(width, height, 8 if colours == 3 else bits)


def _gif(content: bytes) -> Head:
    return Head(*struct.unpack_from("<HH", content, 6))


def _bmp(content: bytes) -> Head:
    (size,) = struct.unpack_from("<I", content, 14)
    if size == 12:
        return Head(*struct.unpack_from("<HH", content, 18))
    width, height = struct.unpack_from("<ii", content, 18)
    return Head(width, abs(height))  # a negative one: from top to bottom


def _webp(content: bytes) -> Head:
    kind = content[12:16]
    if kind == b"VP8X":
        width, height = (1 + int.from_bytes(content[at : at + 3], "little") for at in (24, 27))
        return Head(width, height)
    if kind == b"VP8L":
        (packed,) = struct.unpack_from("<I", content, 21)
        return Head(1 + (packed & 0x3FFF), 1 + (packed >> 14 & 0x3FFF))
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", content, 26)
        return Head(width & 0x3FFF, height & 0x3FFF)
    raise DamagedHead(f"it begins with {kind!r}")


def _tiff(content: bytes) -> Head:
    order = "<" if content[:2] == b"II" else ">"
    (at,) = struct.unpack_from(order + "I", content, 4)
    (count,) = struct.unpack_from(order + "H", content, at)
    found: dict[int, int] = {}
    for entry in range(min(count, _MOST_ENTRIES)):
        start = at + 2 + 12 * entry
        tag, kind, values = struct.unpack_from(order + "HHI", content, start)
        if tag not in (_WIDTH, _HEIGHT, _BITS) or kind not in (3, 4):
            continue
        form, room = ("H", 2) if kind == 3 else ("I", 4)
        where = start + 8
        if values * room > 4:  # they stand elsewhere
            (where,) = struct.unpack_from(order + "I", content, where)
        (found[tag],) = struct.unpack_from(order + form, content, where)
    if _WIDTH not in found or _HEIGHT not in found:
        raise DamagedHead("it does not say how large it is")
    return Head(found[_WIDTH], found[_HEIGHT], found.get(_BITS, 1))


_READERS: Final = {"JPEG": _jpeg, "PNG": _png, "GIF": _gif, "BMP": _bmp, "WEBP": _webp, "TIFF": _tiff}
