"""Files that end before their sound does, where libsndfile would silently read less."""

from __future__ import annotations

import os
import re
import struct
from pathlib import Path
from typing import BinaryIO

from aimusicverse.audio.errors import AudioError

#: The longest page of an Ogg stream, in bytes (RFC 3533, section 6).
_OGG_PAGE = 27 + 255 + 255 * 255
_FIRST_PAGE, _LAST_PAGE = 0x02, 0x04
_PAGE = re.compile(rb"OggS\0([\0-\7])", re.DOTALL)


def refuse_cut(path: Path) -> None:
    """Refuse a WAV, AIFF or Ogg file whose sound runs past its end.

    Raises:
        AudioError: `truncated`.
        OSError: it cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(12)
        if head[:4] in (b"RIFF", b"RF64") and head[8:] == b"WAVE":
            _refuse_cut_chunks(file, size, path.name, "<4sI", b"data")
        elif head[:4] == b"FORM" and head[8:] in (b"AIFF", b"AIFC"):
            _refuse_cut_chunks(file, size, path.name, ">4sI", b"SSND")
        elif head[:4] == b"OggS":
            _refuse_cut_pages(file, size, path.name)


def _refuse_cut_chunks(file: BinaryIO, size: int, name: str, layout: str, sound: bytes) -> None:
    long_data = 0
    while len(chunk := file.read(8)) == 8:
        kind, length = struct.unpack(layout, chunk)
        if kind == b"ds64" and len(sizes := file.read(16)) == 16:
            long_data = struct.unpack("<QQ", sizes)[1]
            length -= 16
        if kind == sound:
            length = long_data if length == 0xFFFFFFFF and long_data else length
            # Streams that never learned their length write 0 or all ones: that is no damage.
            unknown = length == 0 or 0xFFFFFF00 <= length <= 0xFFFFFFFF
            if not unknown and file.tell() + length > size:
                raise AudioError("truncated", f"{name} ends {file.tell() + length - size} bytes early")
        file.seek(length + length % 2, os.SEEK_CUR)


def _refuse_cut_pages(file: BinaryIO, size: int, name: str) -> None:
    """The last page of a stream says that it is the last, and is whole; and nothing comes after it."""
    file.seek(max(0, size - 2 * _OGG_PAGE))
    end = file.read()
    at = end.rfind(b"OggS\0")
    segments = end[at + 27 : at + 27 + end[at + 26]] if 0 <= at < len(end) - 26 else b""
    is_whole = at + 27 + len(segments) + sum(segments) <= len(end)
    if not (segments and is_whole and end[at + 5] & _LAST_PAGE):
        raise AudioError("truncated", f"{name} ends before its stream does")
    if _begins_again(file):
        hint = "Write it anew: ffmpeg -i in.ogg out.flac"
        raise AudioError("unreadable", f"{name} holds several streams, one behind the other. {hint}")


def _begins_again(file: BinaryIO) -> bool:
    """Whether a stream begins after the sound of another one has; libsndfile may leave it out."""
    file.seek(0)
    kept, has_begun = b"", False
    while block := file.read(1 << 20):
        for page in _PAGE.finditer(kept + block):
            is_first = page[1][0] & _FIRST_PAGE
            if is_first and has_begun:
                return True
            has_begun = has_begun or not is_first
        kept = (kept + block)[-5:]
    return False
