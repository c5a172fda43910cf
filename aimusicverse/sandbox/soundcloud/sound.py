"""What kind of file something is and how long it plays, by its first bytes alone."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

#: So much of a file is looked at.
HEAD_BYTES: Final = 64 * 1024
#: Bits a second of what does not say itself how long it is.
_USUAL_BITRATE: Final = 128_000
_PICTURES: Final = {b"\xff\xd8\xff": "jpeg", b"\x89PNG\r\n\x1a\n": "png", b"GIF87a": "gif", b"GIF89a": "gif"}


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound file.

    Args:
        container: `wav`, `flac`, `aiff`, `mp3`, `ogg`, `m4a`.
        duration_ms: how long it plays, in milliseconds.
    """

    container: str
    duration_ms: int


def sound_of(head: bytes, size: int) -> Sound | None:
    """What a file is; `None`: no sound.

    Args:
        head: its first bytes.
        size: of all of it.
    """
    container = _container(head)
    if container is None:
        return None
    seconds = {"wav": _wav, "flac": _flac, "aiff": _aiff}.get(container, _by_size)(head, size)
    return Sound(container, round(1000 * seconds)) if seconds > 0 else None


def picture_of(head: bytes) -> str | None:
    """`jpeg`, `png` or `gif`; `None`: no picture that SoundCloud takes."""
    return next((kind for magic, kind in _PICTURES.items() if head.startswith(magic)), None)


def _container(head: bytes) -> str | None:
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "aiff"
    if head[4:8] == b"ftyp":
        return "m4a"
    for magic, container in ((b"fLaC", "flac"), (b"OggS", "ogg"), (b"ID3", "mp3")):
        if head.startswith(magic):
            return container
    return "mp3" if len(head) > 2 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 else None


def _by_size(head: bytes, size: int) -> float:
    return 8 * size / _USUAL_BITRATE


def _wav(head: bytes, size: int) -> float:
    at, bytes_a_second = 12, 0
    while at + 8 <= len(head):
        kind, length = struct.unpack_from("<4sI", head, at)
        if kind == b"fmt " and at + 20 <= len(head):
            bytes_a_second = struct.unpack_from("<I", head, at + 16)[0]
        if kind == b"data":
            content = min(length, max(0, size - at - 8))
            return content / bytes_a_second if bytes_a_second else 0.0
        at += 8 + length + length % 2
    return 0.0


def _flac(head: bytes, size: int) -> float:
    if len(head) < 26:
        return 0.0
    numbers = int.from_bytes(head[18:26], "big")
    rate, samples = numbers >> 44, numbers & (1 << 36) - 1
    return samples / rate if rate else 0.0


def _aiff(head: bytes, size: int) -> float:
    at = 12
    while at + 26 <= len(head):
        kind, length = struct.unpack_from(">4sI", head, at)
        if kind == b"COMM":
            frames = struct.unpack_from(">I", head, at + 10)[0]
            exponent, mantissa = struct.unpack_from(">HQ", head, at + 16)
            rate = mantissa / 2.0**63 * 2.0 ** ((exponent & 0x7FFF) - 16_383) if exponent < 16_500 else 0.0
            return frames / rate if rate else 0.0
        at += 8 + length + length % 2
    return 0.0
