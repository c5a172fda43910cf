"""The chunks of a WAV file, as they lie in it: what stores ask of them is more than a decoder needs.

Sources: Multimedia Programming Interface and Data Specifications 1.0 (IBM and Microsoft, 1991); Microsoft's
`WAVEFORMATEXTENSIBLE`; EBU Tech 3306 (RF64) and ITU-R BS.2088 (BW64), whose `ds64` chunk has the sizes that
do not fit into 32 bits.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Literal

from aimusicverse.audio.errors import AudioError

PCM: Final = 0x0001
IEEE_FLOAT: Final = 0x0003
EXTENSIBLE: Final = 0xFFFE
#: Chunks that are looked at. Real files have about ten; a made one could hold millions.
MOST_CHUNKS: Final = 4096
#: Sizes of streams that never learned how long they are: all ones, or nearly, as some round them.
_UNKNOWN_FROM: Final = 0xFFFFFF00
_FORMS: Final = (b"RIFF", b"RIFX", b"RF64", b"BW64")
#: The end of every sub-format's GUID; the format code stands before it.
_SUB_FORMAT_TAIL: Final = bytes.fromhex("000000001000800000aa00389b71")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of the file.

    Args:
        kind: its four letters.
        start: where its content begins, in bytes from the beginning of the file.
        size: of the content, without a byte that makes it even.
    """

    kind: str
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class Riff:
    """A WAV file by its chunks.

    Args:
        form: `RIFF`, `RIFX` (most significant byte first), `RF64` or `BW64`.
        format_code: of the `fmt ` chunk: 1 is PCM, 3 IEEE float, 0xFFFE extensible.
        sub_format: the code within an extensible one; `None` when it is of another kind.
        channels: how many.
        sample_rate: Hz.
        bits: of a sample, as it is stored.
        valid_bits: of these, how many an extensible format says that count.
        chunks: all of them, in order.
        data: the one with the samples.
        bytes_after: behind the last chunk, or behind the end that the file gives for itself.
    """

    form: Literal["RIFF", "RIFX", "RF64", "BW64"]
    format_code: int
    sub_format: int | None
    channels: int
    sample_rate: int
    bits: int
    valid_bits: int | None
    chunks: tuple[Chunk, ...]
    data: Chunk
    bytes_after: int


def read(path: Path) -> Riff | None:
    """The chunks of a WAV file; `None`: it is none, whatever its name says.

    Raises:
        AudioError: `truncated`, the samples run past the end; `unreadable`, it has no format or no samples,
            more chunks than any real file, or cannot be opened.
    """
    try:
        with path.open("rb") as file:
            head = file.read(12)
            if head[:4] not in _FORMS or head[8:] != b"WAVE":
                return None
            return _Reader(file, os.fstat(file.fileno()).st_size, path.name, head).riff()
    except OSError as error:
        raise AudioError("unreadable", f"{path.name} cannot be read: {error.strerror}") from None


class _Reader:
    """Goes from chunk to chunk, and never through their content."""

    def __init__(self, file: BinaryIO, size: int, name: str, head: bytes) -> None:
        self._file, self._size, self._name = file, size, name
        self._form = head[:4].decode()
        self._order = ">" if self._form == "RIFX" else "<"
        self._claimed = 8 + self._number("I", head[4:8])
        self._long: tuple[int, int] | None = None
        self._chunks: list[Chunk] = []

    def riff(self) -> Riff:
        """All of it."""
        end = self._walk()
        data = self._only("data", "has no samples (`data` chunk)")
        fmt = self._only("fmt ", "does not say how it is coded (`fmt ` chunk)")
        content = self._content(fmt, 40)
        if len(content) < 16:
            raise AudioError("unreadable", f"{self._name} has a `fmt ` chunk of {len(content)} bytes, not 16")
        code, channels, rate, _, _, bits = struct.unpack(self._order + "HHIIHH", content[:16])
        valid_bits, sub_format = None, None
        if code == EXTENSIBLE and len(content) >= 40:
            valid_bits = self._number("H", content[18:20])
            if content[26:40] == _SUB_FORMAT_TAIL:
                sub_format = self._number("H", content[24:26])
        return Riff(
            form=self._form,  # type: ignore[arg-type]  # one of the four by which the file was known
            format_code=code,
            sub_format=sub_format,
            channels=channels,
            sample_rate=rate,
            bits=bits,
            valid_bits=valid_bits,
            chunks=tuple(self._chunks),
            data=data,
            bytes_after=self._bytes_after(end),
        )

    def _walk(self) -> int:
        """Note every chunk; gives where the last one ends."""
        end = at = 12
        while at + 8 <= self._size:
            if len(self._chunks) >= MOST_CHUNKS:
                raise AudioError("unreadable", f"{self._name} has more than {MOST_CHUNKS} chunks")
            self._file.seek(at)
            head = self._file.read(8)
            kind, size = head[:4], self._number("I", head[4:])
            if not all(0x20 <= letter < 0x7F for letter in kind):
                break  # no chunk: it belongs to nothing
            at += 8
            if kind == b"data":
                size = self._size_of_data(at, size)
            elif at + size > self._size:
                break
            self._chunks.append(Chunk(kind.decode(), at, size))
            if kind == b"ds64":
                self._note_long_sizes(self._chunks[-1])
            end = at + size
            at = end + size % 2
        # The byte that makes a chunk even is often left out at the end of a file.
        return min(end + end % 2, self._size)

    def _size_of_data(self, at: int, size: int) -> int:
        if size >= _UNKNOWN_FROM and self._long is not None:
            size = self._long[1]
        elif size >= _UNKNOWN_FROM or (size == 0 and self._claimed <= at):
            return self._size - at  # a stream: up to the end
        if at + size > self._size:
            raise AudioError("truncated", f"{self._name} ends {at + size - self._size} bytes early")
        return size

    def _note_long_sizes(self, chunk: Chunk) -> None:
        content = self._content(chunk, 16)
        if len(content) == 16:
            riff, data = struct.unpack(self._order + "QQ", content)
            self._long = (8 + riff, data)

    def _bytes_after(self, end: int) -> int:
        claimed = self._claimed
        if claimed - 8 >= _UNKNOWN_FROM and self._long is not None:
            claimed = self._long[0]
        behind_samples = max(chunk.start + chunk.size for chunk in self._chunks if chunk.kind == "data")
        if behind_samples <= claimed < end:  # it ends before chunks that then do not belong to it
            end = claimed + claimed % 2
        return max(0, self._size - end)

    def _only(self, kind: str, lack: str) -> Chunk:
        found = next((chunk for chunk in self._chunks if chunk.kind == kind), None)
        if found is None:
            raise AudioError("unreadable", f"{self._name} is a damaged WAV file: it {lack}")
        return found

    def _content(self, chunk: Chunk, most: int) -> bytes:
        self._file.seek(chunk.start)
        return self._file.read(min(chunk.size, most))

    def _number(self, kind: str, content: bytes) -> int:
        return int(struct.unpack(self._order + kind, content)[0])
