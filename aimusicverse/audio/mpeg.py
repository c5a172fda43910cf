"""How long an MPEG stream (MP3) really is: its frames are counted.

Nothing in the format says so. Most encoders put a frame with a count before the sound (Xing, Info, VBRI).
Without one libsndfile guesses from the first bit rate, so a file with a variable one is read short, and of
another it promises more than there is; and a count that is too low it believes. Frames are laid out as in
ISO 11172-3, section 2.4.2.3, and 13818-3; the Xing frame as LAME writes it.
"""

from __future__ import annotations

import io
import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from aimusicverse.audio.errors import AudioError

#: More than a day of sound at any rate, and as many as may be counted without stopping others for long.
MOST_FRAMES: Final = 5_000_000
#: How far libmpg123 looks for the next frame when something else lies between two.
_RESYNC: Final = 1024
#: How far we look whether the stream goes on after all.
_GAP: Final = 1 << 17
_KBITS: Final = {  # by version (MPEG-1 or the lower rates of MPEG-2 and 2.5) and layer
    (1, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES: Final = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


@dataclass(frozen=True, slots=True)
class Stream:
    """What was counted.

    Attributes:
        layer: 1, 2 or 3.
        first: where the first frame with sound begins, in bytes.
        frames: how many whole ones there are from there on.
        frame_samples: what each holds, per channel.
        rate: samples a second.
        claimed: how many the file says there are, if it does.
        believed: whether libsndfile understands that claim.
        missing: bytes that the last frame lacks.
        header: the four bytes with which the first frame begins.
    """

    layer: int
    first: int
    frames: int
    frame_samples: int
    rate: int
    claimed: int | None
    believed: bool
    missing: int
    header: bytes

    @property
    def samples(self) -> int:
        """Length, per channel."""
        return self.frames * self.frame_samples

    def require_whole(self, name: str) -> None:
        """Refuse what ends before its sound does.

        Raises:
            AudioError: `truncated`.
        """
        # Some encoders count the frame that holds the count.
        if self.claimed is not None and self.claimed > self.frames + 1:
            seconds = (self.claimed - self.frames) * self.frame_samples / self.rate
            raise AudioError("truncated", f"{name} ends {seconds:.2f} seconds early")
        if self.missing and (self.claimed is None or self.claimed > self.frames):
            raise AudioError("truncated", f"{name} ends {self.missing} bytes early")

    @property
    def is_read_right(self) -> bool:
        """Whether libsndfile, left alone, reads all of it and expects no more."""
        return self.believed and self.claimed == self.frames


def count(path: Path) -> Stream | None:
    """Walk the frames of a file; `None` when it is no MPEG stream, or one of free format, which is rare.

    Raises:
        AudioError: `too_long`, more than `MOST_FRAMES`.
        OSError: it cannot be read.
    """
    with path.open("rb", buffering=1 << 20) as file:
        start = _after_tags(file)
        sizes: _Sizes | None = None
        for start in range(start, start + _RESYNC):  # noqa: B020 - it begins where the tags end
            file.seek(start)
            header = file.read(4)
            if len(header) < 4:
                return None
            sizes = _Sizes.of(header)
            if sizes is not None and _follows(file, start, sizes):
                break
        else:
            return None
        assert sizes is not None  # noqa: S101 - for mypy
        file.seek(start)
        first = file.read(sizes.size(header))
        claimed, believed = _claim(first, sizes)
        if claimed is not None or believed:
            start += len(first)
        frames, missing = _walk(file, start, sizes, path.name)
        return Stream(
            layer=sizes.layer,
            first=start,
            frames=frames,
            frame_samples=sizes.frame_samples,
            rate=sizes.rate,
            claimed=claimed,
            believed=believed,
            missing=missing,
            header=header,
        )


class Counted(io.RawIOBase):
    """A layer III file as libsndfile reads it right: a frame with the true count, then its frames."""

    def __init__(self, file: BinaryIO, stream: Stream) -> None:
        self._file = file
        self._first = stream.first
        self._head = _count_frame(stream)
        self._size = len(self._head) + os.fstat(file.fileno()).st_size - stream.first
        self._at = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go somewhere; also behind the end."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Up to the end of the frame that was put before, or of the file."""
        wanted = memoryview(buffer)
        if self._at < len(self._head):
            piece = self._head[self._at : self._at + len(wanted)]
        else:
            self._file.seek(self._first + self._at - len(self._head))
            piece = self._file.read(len(wanted))
        wanted[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


class _Sizes:
    """How long the frames of one stream are: version, layer and rate stay what they are in its first."""

    def __init__(self, version: int, layer: int, rate_index: int, second: int) -> None:
        self.layer = layer
        self.rate = _RATES[version][rate_index]
        self.is_first_version = version == 3
        self.frame_samples = 384 if layer == 1 else 576 if layer == 3 and version != 3 else 1152
        self._second = second | 1  # the last bit says whether there is a checksum, which may change
        self._by_third = [0] * 256
        for index, kbits in enumerate(_KBITS[1 if version == 3 else 2, layer], start=1):
            for padded in (0, 1):
                slots = self.frame_samples // 8 * kbits * 1000 // self.rate
                size = slots + padded
                if layer == 1:
                    size = (12 * kbits * 1000 // self.rate + padded) * 4
                third = index << 4 | rate_index << 2 | padded << 1
                self._by_third[third] = self._by_third[third | 1] = size

    @classmethod
    def of(cls, header: bytes) -> _Sizes | None:
        """Those of a stream that begins with this header; `None` if it is none."""
        _, second, third, _ = header
        version, layer, rate_index = second >> 3 & 3, 4 - (second >> 1 & 3), third >> 2 & 3
        if header[0] != 0xFF or second < 0xE0 or version == 1 or layer == 4 or rate_index == 3:
            return None
        sizes = cls(version, layer, rate_index, second)
        return sizes if sizes.size(header) else None

    def size(self, header: bytes) -> int:
        """Bytes of the frame that begins with these; 0 if no frame of this stream does."""
        if len(header) < 4 or header[0] != 0xFF or header[1] | 1 != self._second:
            return 0
        return self._by_third[header[2]]


def _walk(file: BinaryIO, start: int, sizes: _Sizes, name: str) -> tuple[int, int]:
    """Whole frames from `start` on, and how many bytes the last one lacks."""
    end = os.fstat(file.fileno()).st_size
    frames, at = 0, start
    while True:
        file.seek(at)
        size = sizes.size(file.read(4))
        if not size:
            found = _behind_tag(file, at) or _next(file, at, sizes)
            if found is None:
                _refuse_gap(file, at, sizes, name)
                return frames, 0
            at = found
            continue
        if at + size > end:
            return frames, at + size - end
        frames, at = frames + 1, at + size
        if frames > MOST_FRAMES:
            hours = frames * sizes.frame_samples / sizes.rate / 3600
            raise AudioError("too_long", f"{name} lasts more than {hours:.0f} hours")


def _next(file: BinaryIO, at: int, sizes: _Sizes, within: int = _RESYNC) -> int | None:
    """Where the stream goes on after something else; two frames in a row are no accident."""
    file.seek(at)
    between = file.read(within + 4)
    found = between.find(0xFF, 1)
    while 0 < found < within:
        if sizes.size(between[found : found + 4]) and _follows(file, at + found, sizes):
            return at + found
        found = between.find(0xFF, found + 1)
    return None


def _refuse_gap(file: BinaryIO, at: int, sizes: _Sizes, name: str) -> None:
    """Where libmpg123 gives up although the stream goes on, what follows must not be lost silently."""
    if _next(file, at, sizes, _GAP) is not None:
        raise AudioError("unreadable", f"{name} is damaged: there is something else within its sound")


def _follows(file: BinaryIO, at: int, sizes: _Sizes) -> bool:
    """Whether the frame at a place has another one behind it, or ends the file."""
    file.seek(at)
    size = sizes.size(file.read(4))
    if not size:
        return False
    file.seek(at + size)
    header = file.read(4)
    return len(header) < 4 or bool(sizes.size(header)) or header[:3] == b"TAG"


def _after_tags(file: BinaryIO) -> int:
    """Where the tags end that a file begins with."""
    at = 0
    while (end := _behind_tag(file, at)) is not None:
        at = end
    return at


def _behind_tag(file: BinaryIO, at: int) -> int | None:
    """Where the tag ends that begins at a place, if one does: ID3v1, or ID3v2 (id3.org, v2.4.0, 3.1)."""
    file.seek(at)
    head = file.read(10)
    if head[:3] == b"TAG":
        return at + 128
    if len(head) < 10 or head[:3] != b"ID3":
        return None
    size = 0
    for byte in head[6:]:
        size = size << 7 | byte & 0x7F
    return at + 10 + size + (10 if head[5] & 0x10 else 0)


def _claim(frame: bytes, sizes: _Sizes) -> tuple[int | None, bool]:
    """How many frames the first one says there are, and whether libsndfile listens to it."""
    if sizes.layer != 3:
        return None, False
    at = 4 + _side_length(frame, sizes)
    if frame[at : at + 4] in (b"Xing", b"Info"):
        flags, frames = struct.unpack_from(">II", frame.ljust(at + 12, b"\0"), at + 4)
        return (frames if flags & 1 else None), True
    if frame[36:40] == b"VBRI" and len(frame) >= 54:
        return struct.unpack_from(">I", frame, 50)[0], False
    return None, False


def _side_length(header: bytes, sizes: _Sizes) -> int:
    mono = header[3] >> 6 == 3
    if sizes.is_first_version:
        return 17 if mono else 32
    return 9 if mono else 17


def _count_frame(stream: Stream) -> bytes:
    """A Xing frame of 64 kbit/s, which has room for it at any rate."""
    index = 5 if stream.header[1] >> 3 & 3 == 3 else 8
    header = bytes(
        [0xFF, stream.header[1] | 1, index << 4 | stream.header[2] & 0x0C, stream.header[3] & 0xC0]
    )
    sizes = _Sizes.of(header)
    assert sizes is not None  # noqa: S101 - for mypy
    content = header + bytes(_side_length(header, sizes)) + b"Xing" + struct.pack(">II", 1, stream.frames)
    return content.ljust(sizes.size(header), b"\0")
