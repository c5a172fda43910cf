"""Where the tags lie in a WAV, FLAC or MP3 file, and how the file looks with others.

Sources: RFC 9639, section 8 (FLAC's metadata blocks); Multimedia Programming Interface and Data
Specifications 1.0 (RIFF); id3.org (ID3v2 before the sound of an MP3 file, ID3v1 behind it).
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Final, NamedTuple

from aimusicverse.audio import id3, riff_info, vorbis_comment
from aimusicverse.audio.errors import AudioError

#: Bytes of tags that are read; pictures may be larger, and stand behind the texts.
_MOST_BYTES: Final = 4 << 20
#: Chunks or blocks that are looked at: real files have about ten.
_MOST_PARTS: Final = 4096
_ID3_CHUNKS: Final = (b"id3 ", b"ID3 ")
_COMMENTS: Final = 4  # type of FLAC's block
_LAST: Final = 0x80
_OLD_TAG: Final = 128  # ID3v1
_UNKNOWN_FROM: Final = 0xFFFFFF00


@dataclass(frozen=True, slots=True)
class Found:
    """Texts by their names, in each of the three manners."""

    id3: Mapping[str, str] = field(default_factory=dict)
    vorbis: Mapping[str, str] = field(default_factory=dict)
    info: Mapping[str, str] = field(default_factory=dict)


class Span(NamedTuple):
    """Bytes of the file as it is, from a place to before another."""

    start: int
    end: int


Piece = bytes | Span


class _Chunk(NamedTuple):
    kind: bytes
    start: int  # of its content
    size: int


def look(file: BinaryIO) -> Found:
    """The texts of a file that stands open; nothing where it is of another format, or damaged.

    Raises:
        OSError: it cannot be read.
    """
    head = _at(file, 0, 12)
    if head[:4] in (b"RIFF", b"RF64", b"BW64") and head[8:] == b"WAVE":
        return _look_into_wav(file)
    leading = id3.length(head)
    texts = id3.decode(_at(file, 0, min(leading, _MOST_BYTES))) if leading else {}
    if _at(file, leading, 4) != b"fLaC":
        return Found(id3=texts)
    for kind, start, size in _blocks(file, leading):
        if kind & ~_LAST == _COMMENTS:
            _, comments = vorbis_comment.decode(_at(file, start, min(size, _MOST_BYTES)))
            return Found(id3=texts, vorbis=comments)
    return Found(id3=texts)


def laid_out(file: BinaryIO, name: str, new: Found) -> list[Piece]:
    """The file piece by piece, with these texts in place of those that it has.

    Raises:
        AudioError: `unreadable`: none of the three formats, or damaged where its parts are told.
        OSError: it cannot be read.
    """
    head = _at(file, 0, 12)
    size = _size(file)
    if head[:4] == b"RIFF" and head[8:] == b"WAVE":
        return _wav(file, name, size, new)
    leading = 0
    while (more := id3.length(_at(file, leading, id3.HEADER))) and leading + more < size:
        leading += more
    start = _at(file, leading, 4)
    if start == b"fLaC":
        return _flac(file, name, size, leading, new.vorbis)
    if start[:1] == b"\xff" and len(start) == 4 and start[1] >= 0xE0:
        end = size - _OLD_TAG if _at(file, size - _OLD_TAG, 3) == b"TAG" else size
        return [id3.encode(new.id3) if new.id3 else b"", Span(leading, end)]
    raise AudioError("unreadable", f"{name} is no WAV, FLAC or MP3 file that tags can be written into")


# -- WAV ------------------------------------------------------------------------------------------


def _look_into_wav(file: BinaryIO) -> Found:
    tags = [chunk for chunk in _chunks(file) if _is_tag(file, chunk)]
    first = {chunk.kind.lower(): chunk for chunk in reversed(tags)}
    said = {kind: _at(file, chunk.start, min(chunk.size, _MOST_BYTES)) for kind, chunk in first.items()}
    return Found(id3=id3.decode(said.get(b"id3 ", b"")), info=riff_info.decode(said.get(b"list", b"")))


def _wav(file: BinaryIO, name: str, size: int, new: Found) -> list[Piece]:
    """Tags come behind the sound: it begins where it did, and a player needs no seconds to reach it."""
    kept = [chunk for chunk in _chunks(file) if not _is_tag(file, chunk)]
    if not any(chunk.kind == b"data" for chunk in kept):
        raise AudioError("unreadable", f"{name} is a damaged WAV file: it has no samples")
    pieces: list[Piece] = [b"WAVE"]
    length = 4
    for chunk in kept:
        end = min(chunk.start + chunk.size, size)
        written = end - chunk.start
        pieces += [struct.pack("<4sI", chunk.kind, written), Span(chunk.start, end), b"\0" * (written % 2)]
        length += 8 + written + written % 2
    tags = riff_info.chunk(b"LIST", riff_info.encode(new.info)) if new.info else b""
    tags += riff_info.chunk(b"id3 ", id3.encode(new.id3)) if new.id3 else b""
    length += len(tags)
    if length > 0xFFFFFFFF:
        raise AudioError("unwritable", f"{name} has no room for tags: it would be larger than 4 GiB")
    return [struct.pack("<4sI", b"RIFF", length), *pieces, tags]


def _is_tag(file: BinaryIO, chunk: _Chunk) -> bool:
    return chunk.kind in _ID3_CHUNKS or (chunk.kind == b"LIST" and _at(file, chunk.start, 4) == b"INFO")


def _chunks(file: BinaryIO) -> Iterator[_Chunk]:
    """Those that the file has room for."""
    at, size = 12, _size(file)
    claimed = 8 + int.from_bytes(_at(file, 4, 4), "little")
    for _ in range(_MOST_PARTS):
        head = _at(file, at, 8)
        if len(head) < 8 or not all(0x20 <= letter < 0x7F for letter in head[:4]):
            return
        kind, length = struct.unpack("<4sI", head)
        at += 8
        # Streams that never learned their length write all ones, or nothing: theirs goes to the end.
        if kind == b"data" and (length >= _UNKNOWN_FROM or (length == 0 and claimed <= at)):
            length = size - at
        if at + length > size:
            return
        yield _Chunk(kind, at, length)
        at += length + length % 2


# -- FLAC -----------------------------------------------------------------------------------------


def _flac(file: BinaryIO, name: str, size: int, leading: int, texts: Mapping[str, str]) -> list[Piece]:
    """The comments come right behind the block that a stream begins with; all others as they are."""
    blocks = list(_blocks(file, leading))
    if not blocks or not blocks[-1][0] & _LAST or blocks[0][0] & ~_LAST:
        raise AudioError("unreadable", f"{name} is a damaged FLAC file: its blocks do not end")
    vendor = ""
    kept: list[tuple[int, Piece]] = []
    for kind, start, length in blocks:
        if kind & ~_LAST == _COMMENTS:
            vendor = vendor or vorbis_comment.decode(_at(file, start, min(length, _MOST_BYTES)))[0]
        else:
            kept.append((kind & ~_LAST, Span(start, start + length)))
    kept.insert(1, (_COMMENTS, vorbis_comment.encode(vendor, texts)))
    pieces: list[Piece] = [b"fLaC"]
    for number, (kind, content) in enumerate(kept):
        length = len(content) if isinstance(content, bytes) else content.end - content.start
        last = _LAST if number == len(kept) - 1 else 0
        pieces += [bytes([kind | last]) + length.to_bytes(3), content]
    sound = blocks[-1][1] + blocks[-1][2]
    return [*pieces, Span(sound, size)]


def _blocks(file: BinaryIO, leading: int) -> Iterator[tuple[int, int, int]]:
    """Kind (with the bit of the last one), start and size of each block that is whole."""
    at, size = leading + 4, _size(file)
    for _ in range(_MOST_PARTS):
        head = _at(file, at, 4)
        length = int.from_bytes(head[1:])
        if len(head) < 4 or at + 4 + length > size:
            return
        yield head[0], at + 4, length
        if head[0] & _LAST:
            return
        at += 4 + length


def _at(file: BinaryIO, at: int, size: int) -> bytes:
    if at < 0:
        return b""
    file.seek(at)
    return file.read(size)


def _size(file: BinaryIO) -> int:
    return os.fstat(file.fileno()).st_size
