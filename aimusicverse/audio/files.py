"""Reading and writing sound, block by block: WAV, FLAC and MP3.

Samples are float32 arrays of shape (channels, N), full scale ±1. The same samples always give the same
bytes: no chunk with a time in it is written, and dither comes from a fixed seed.
"""

from __future__ import annotations

import errno
import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from aimusicverse.audio import mpeg
from aimusicverse.audio.endings import refuse_cut
from aimusicverse.audio.errors import AudioError
from aimusicverse.audio.filters import Floats
from aimusicverse.audio.tags import Tags
from aimusicverse.audio.tags import write as write_tags

BLOCK = 1 << 16
FORMATS = ("wav", "flac", "mp3")
_DEPTHS = {16: "PCM_16", 24: "PCM_24"}
_BIT_DEPTHS = {"PCM_U8": 8, "PCM_S8": 8, "PCM_16": 16, "PCM_24": 24, "PCM_32": 32, "FLOAT": 32, "DOUBLE": 64}
_NO_LENGTH = 1 << 60  # libsndfile's for a FLAC that was written to a pipe; it cannot read on from there
_MP3_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)


@dataclass(frozen=True, slots=True)
class AudioInfo:
    """What a file is, before reading it. `bit_depth` is `None` for MP3 and other lossy formats; `subtype` is
    libsndfile's name of the coding (`PCM_24`, `FLOAT`, `MPEG_LAYER_III`, …)."""

    format: str
    sample_rate: int
    channels: int
    frames: int
    bit_depth: int | None
    subtype: str

    @property
    def duration_seconds(self) -> float:
        """Length in seconds."""
        return self.frames / self.sample_rate


def probe(path: Path, most_channels: int = 2) -> AudioInfo:
    """What a file is.

    Raises:
        AudioError: it is no sound, damaged, cut off, not to be opened, or has more than `most_channels`.
    """
    with _open(path, most_channels) as (_, about):
        return about


def blocks(path: Path, size: int = BLOCK, most_channels: int = 2) -> Iterator[NDArray[np.float32]]:
    """The file's samples as (channels, up to `size`) blocks.

    Raises:
        AudioError: as `probe`, and when the file ends before its header says.
    """
    with _open(path, most_channels) as (sound, about):
        left = about.frames
        while left > 0:
            try:
                block = sound.read(min(size, left), dtype="float32", always_2d=True)
            except _library().LibsndfileError as error:
                raise AudioError("unreadable", f"{path.name} is damaged: {error.error_string}") from None
            if not len(block):
                raise AudioError("truncated", f"{path.name} ends {left} samples early")
            left -= len(block)
            yield np.ascontiguousarray(block.T)


def read(path: Path) -> tuple[NDArray[np.float32], int]:
    """The whole file as (2, N) and its sample rate; a mono file has the same samples twice.

    Raises:
        AudioError: as `blocks`.
    """
    about = probe(path)
    parts = list(blocks(path))
    samples = np.concatenate(parts, axis=1) if parts else np.zeros((about.channels, 0), np.float32)
    return (samples if about.channels == 2 else np.repeat(samples, 2, axis=0)), about.sample_rate


class _HonestFile:
    """What libsndfile writes into. The library says nothing of a disk that fills up while it closes a file;
    this remembers.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        """Write all, or remember why not: an exception, or a short count, would be lost in the library."""
        try:
            return self._file.write(data)
        except OSError as error:
            self.error = self.error or error
            return len(data)

    def read(self, size: int = -1) -> bytes:
        """For the library, which reads back what it patches."""
        return self._file.read(size)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Also writes what is buffered, which may fail too."""
        try:
            return self._file.seek(offset, whence)
        except OSError as error:
            self.error = self.error or error
            return 0

    def tell(self) -> int:
        """Where it stands."""
        return self._file.tell()

    def flush(self) -> None:
        """For the library."""

    def close(self) -> None:
        """Write what is buffered, and let go. Idempotent."""
        try:
            self._file.close()
        except OSError as error:
            self.error = self.error or error


class Writer:
    """Writes (channels, N) blocks under a temporary name beside `path`, and renames at the end.

    Leaving the `with` block by an exception leaves nothing behind. FLAC and WAV take a `bit_depth` of 16 or
    24; MP3 is variable bit rate, about 200–260 kbit/s. 16 bits are dithered (TPDF, ±1 LSB), more are rounded,
    unless `dither` says otherwise: samples that have no finer steps need none. `tags` say what it is.

    Raises:
        AudioError: a format, bit depth or sample rate that cannot be written, or a folder that is not there.
    """

    def __init__(
        self,
        path: Path,
        *,
        sample_rate: int,
        channels: int = 2,
        format: str,
        bit_depth: int | None = None,
        dither: bool | None = None,
        tags: Tags | None = None,
    ) -> None:
        if format not in FORMATS:
            raise AudioError(
                "unsupported_format", f"cannot write {format!r}: use one of {', '.join(FORMATS)}"
            )
        if format == "mp3" and bit_depth is not None:
            raise AudioError("unsupported_bit_depth", "MP3 has no bit depth")
        if format == "mp3" and sample_rate not in _MP3_RATES:
            raise AudioError("unsupported_format", f"MP3 cannot hold {sample_rate} Hz")
        self._depth = None if format == "mp3" else (bit_depth or 24)
        if self._depth is not None and self._depth not in _DEPTHS:
            raise AudioError("unsupported_bit_depth", f"cannot write {bit_depth} bits: use 16 or 24")
        self._noise = np.random.Generator(np.random.PCG64(16))
        self._dithers = self._depth == 16 if dither is None else dither
        self._target = path
        self._tags = tags
        library = _library()
        try:
            handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent)
        except OSError as error:
            raise AudioError("unwritable", f"cannot write {path.name}: {error.strerror}") from None
        self._temporary = Path(name)
        self._file = _HonestFile(os.fdopen(handle, "w+b"))
        options: dict[str, Any] = {"samplerate": sample_rate, "channels": channels, "format": format.upper()}
        if self._depth is None:
            options |= {"subtype": "MPEG_LAYER_III", "bitrate_mode": "VARIABLE", "compression_level": 0.0}
        else:
            options["subtype"] = _DEPTHS[self._depth]
        try:
            self._sound = library.SoundFile(self._file, "w", **options)
        except library.LibsndfileError as error:
            self._discard()
            raise self._unwritable(error.error_string) from None

    def write(self, block: Floats) -> None:
        """Append a block; what is over full scale is clipped."""
        if self._depth is None:
            data: NDArray[Any] = np.clip(block.T, -1, 1).astype(np.float32, copy=False)
        elif self._depth == 24:
            whole = np.clip(np.rint(self._scaled(block, np.float32(2**23))), -(2**23), 2**23 - 1)
            data = whole.astype(np.int32) << 8
        else:
            whole = np.rint(self._scaled(block, np.float64(2**15)))
            data = np.clip(whole, -(2**15), 2**15 - 1).astype(np.int16)
        try:
            self._sound.write(np.ascontiguousarray(data))
        except _library().LibsndfileError as error:
            raise self._unwritable(error.error_string) from None
        if self._file.error is not None:
            raise self._unwritable(str(self._file.error))

    def _scaled(self, block: Floats, scale: np.floating[Any]) -> Floats:
        """(N, channels), one being a step of the depth; with dither on it, if there is to be any."""
        if not self._dithers:
            return block.T * scale
        noise = self._noise.random((block.shape[1], block.shape[0], 2))
        return block.T.astype(np.float64) * scale + noise[..., 0] - noise[..., 1]

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._close()
            if self._file.error is not None:
                raise self._unwritable(str(self._file.error))
            if kind is None:
                self._appear()
        except AudioError:
            if kind is None:
                raise
            # What broke the block is already on its way.
        finally:
            self._discard()

    def _appear(self) -> None:
        if self._tags is not None:
            write_tags(self._temporary, self._target, self._tags)
            return
        self._temporary.chmod(0o644)
        self._temporary.replace(self._target)

    def _close(self) -> None:
        """Write what is left, and the header."""
        try:
            self._sound.close()
        except _library().LibsndfileError as error:
            raise self._unwritable(error.error_string) from None
        finally:
            self._file.close()

    def _discard(self) -> None:
        self._file.close()
        self._temporary.unlink(missing_ok=True)

    def _unwritable(self, words: str) -> AudioError:
        cause = self._file.error
        if cause is None:
            return AudioError("unwritable", f"cannot write {self._target.name}: {words}")
        code = "disk_full" if cause.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) else "unwritable"
        return AudioError(code, f"cannot write {self._target.name}: {cause.strerror}")


def convert(
    source: Path, target: Path, format: str, bit_depth: int | None = None, tags: Tags | None = None
) -> None:
    """Write `source` again as `target`, block by block; `target` appears whole or not at all.

    It says what `tags` say, and nothing that `source` says of itself.

    Raises:
        AudioError: `source` cannot be read, or `target` not be written in that form.
    """
    about = probe(source)
    with Writer(
        target,
        sample_rate=about.sample_rate,
        channels=about.channels,
        format=format,
        bit_depth=bit_depth,
        tags=tags,
    ) as writer:
        for block in blocks(source):
            writer.write(block)


def _library() -> Any:
    try:
        import soundfile
    except ImportError:
        raise ImportError("reading and writing sound needs: pip install 'aimusicverse[release]'") from None
    return soundfile


@contextmanager
def _open(path: Path, most_channels: int) -> Iterator[tuple[Any, AudioInfo]]:
    """A file as libsndfile opens it, and what it is."""
    _library()
    with ExitStack() as stack:
        try:
            if not path.is_file():
                raise AudioError("unreadable", f"{path.name} is {_what_else(path)}")
            refuse_cut(path)
            sound = stack.enter_context(_sound_file(str(path), path.name))
            about = _about(sound)
            if about.format == "mp3" and (stream := mpeg.count(path)) is not None:
                stream.require_whole(path.name)
                if not stream.is_read_right:
                    sound, length = stack.enter_context(_recounted(path, stream, sound))
                    about = replace(about, frames=length)
        except OSError as error:
            raise AudioError("unreadable", f"{path.name} cannot be read: {error.strerror}") from None
        if about.frames >= _NO_LENGTH:
            raise _no_length(path)
        if not 0 < sound.channels <= most_channels:
            count = sound.channels
            limit = "one or two" if most_channels == 2 else f"at most {most_channels}"
            raise AudioError("unsupported_channels", f"{path.name} has {count} channels, not {limit}")
        yield sound, about


def _sound_file(source: Any, name: str) -> Any:
    library = _library()
    try:
        return library.SoundFile(source)
    except library.LibsndfileError as error:
        why = error.error_string or "its header says nothing that fits"
        raise AudioError("unreadable", f"{name} is no sound file: {why}") from None


@contextmanager
def _recounted(path: Path, stream: mpeg.Stream, sound: Any) -> Iterator[tuple[Any, int]]:
    """An MPEG file that is read to the last of the frames that were counted, and its length."""
    if stream.layer != 3:
        if sound.frames < stream.samples:
            raise _no_length(path)
        yield sound, stream.samples
        return
    with (
        path.open("rb") as file,
        io.BufferedReader(mpeg.Counted(file, stream), BLOCK) as counted,
        _sound_file(counted, path.name) as right,
    ):
        yield right, right.frames


def _no_length(path: Path) -> AudioError:
    hint = f"Write it anew: ffmpeg -i in{path.suffix} out.flac"
    return AudioError("unreadable", f"{path.name} does not say how long it is, as if from a pipe. {hint}")


def _what_else(path: Path) -> str:
    """What a path is that is no file."""
    if path.is_dir():
        return "a folder"
    return "not a file" if path.exists() else "not there"


def _about(sound: Any) -> AudioInfo:
    name = "mp3" if sound.format in ("MP3", "MPEG") else sound.format.lower().removesuffix("ex")
    depth = _BIT_DEPTHS.get(sound.subtype)
    return AudioInfo(name, sound.samplerate, sound.channels, sound.frames, depth, sound.subtype)
