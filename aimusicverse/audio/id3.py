"""ID3v2, the tags of MP3 files, which WAV files carry too, in a chunk named `id3 `.

Written: version 2.4 in UTF-8, without padding. Read: 2.3 and 2.4, as far as they are text. Source: id3.org,
"ID3 tag version 2.4.0 - Main Structure" and "- Native Frames" (2000), and the informal standard of 2.3.0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

HEADER: Final = 10
#: A frame of one's own, named by its description: `TXXX:LICENSE`.
OWN: Final = "TXXX:"
_COMMENT: Final = "COMM"
#: Frames that are looked at. Real tags have some dozens.
_MOST_FRAMES: Final = 1024
_ENCODINGS: Final = ("latin-1", "utf-16", "utf-16-be", "utf-8")
_UNSYNCHRONISED, _EXTENDED, _FOOTER = 0x80, 0x40, 0x10


def encode(texts: Mapping[str, str]) -> bytes:
    """The whole tag, for texts by the names of their frames: `TIT2`, `COMM`, `TXXX:LICENSE`.

    Texts hold no NUL, which would end them.
    """
    frames = b"".join(_frame(name, text.encode()) for name, text in texts.items())
    return b"ID3\x04\x00\x00" + _size(len(frames)) + frames


def _frame(name: str, text: bytes) -> bytes:
    if name.startswith(OWN):
        name, content = "TXXX", b"\x03" + name.removeprefix(OWN).encode() + b"\0" + text
    elif name == _COMMENT:
        content = b"\x03eng\0" + text
    else:
        content = b"\x03" + text
    return name.encode() + _size(len(content)) + b"\0\0" + content


def _size(number: int) -> bytes:
    """Seven bits a byte, so that no size looks like the start of a sound frame."""
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def length(head: bytes) -> int:
    """Bytes of the whole tag that begins with these ten; 0: none does."""
    if len(head) < HEADER or head[:3] != b"ID3" or head[3] == 0xFF or any(byte & 0x80 for byte in head[6:10]):
        return 0
    footer = HEADER if head[5] & _FOOTER else 0
    return HEADER + _number(head[6:10]) + footer


def decode(tag: bytes) -> dict[str, str]:
    """The texts of a tag by the names of their frames, of each the first.

    What is damaged, cut, compressed or no text is left out: this never raises.
    """
    if not length(tag) or tag[3] not in (3, 4):
        return {}
    version, flags = tag[3], tag[5]
    body = tag[HEADER : HEADER + _number(tag[6:10])]
    if version == 3 and flags & _UNSYNCHRONISED:
        body = body.replace(b"\xff\0", b"\xff")
    if flags & _EXTENDED:
        body = body[_extended(body, version) :]
    found: dict[str, str] = {}
    for name, content in _frames(body, version, all_unsynchronised=bool(flags & _UNSYNCHRONISED)):
        told = _told(name, content)
        if told is not None:
            found.setdefault(*told)
    return found


def _extended(body: bytes, version: int) -> int:
    if len(body) < 4:
        return len(body)
    return _number(body[:4]) if version == 4 else 4 + int.from_bytes(body[:4])


def _frames(body: bytes, version: int, *, all_unsynchronised: bool) -> Iterator[tuple[str, bytes]]:
    at = 0
    for _ in range(_MOST_FRAMES):
        head = body[at : at + 10]
        if len(head) < 10 or not head[:4].isalnum():
            return  # padding, or no frame
        size = _number(head[4:8]) if version == 4 else int.from_bytes(head[4:8])
        content = body[at + 10 : at + 10 + size]
        at += 10 + size
        if at > len(body):
            return
        marks = head[9]
        if marks & (0x0C if version == 4 else 0xC0):
            continue  # compressed or encrypted: what it unfolds to is nobody's promise
        skipped = 0
        if version == 4:
            skipped = (1 if marks & 0x40 else 0) + (4 if marks & 0x01 else 0)
            if marks & 0x02 or all_unsynchronised:
                content = content.replace(b"\xff\0", b"\xff")
        elif marks & 0x20:
            skipped = 1
        yield head[:4].decode("ascii", "replace"), content[skipped:]


def _told(name: str, content: bytes) -> tuple[str, str] | None:
    """A frame's name and text; `None`: it has none."""
    if not content or content[0] >= len(_ENCODINGS) or (name != _COMMENT and not name.startswith("T")):
        return None
    coding = _ENCODINGS[content[0]]
    content = content[4:] if name == _COMMENT else content[1:]
    if name not in (_COMMENT, "TXXX"):
        return name, _text(content, coding)[0]
    about, text = _split(content, coding)
    if name == _COMMENT:
        return None if about else (name, text)
    return OWN + about.upper(), text


def _split(content: bytes, coding: str) -> tuple[str, str]:
    about, rest = _text(content, coding)
    return about, _text(rest, coding)[0]


def _text(content: bytes, coding: str) -> tuple[str, bytes]:
    """The text up to its end, and what follows."""
    wide = coding.startswith("utf-16")
    end = content.find(b"\0\0" if wide else b"\0")
    while wide and end % 2 and end >= 0:
        end = content.find(b"\0\0", end + 1)
    if end < 0:
        return content.decode(coding, "replace"), b""
    return content[:end].decode(coding, "replace"), content[end + (2 if wide else 1) :]


def _number(size: bytes) -> int:
    number = 0
    for byte in size:
        number = number << 7 | byte & 0x7F
    return number
