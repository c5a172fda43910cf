"""A file that somebody sent, judged by reading all of it: what it is, how loud, and its master."""

from __future__ import annotations

import errno
import struct
from dataclasses import dataclass
from pathlib import Path

from aimusicverse.audio import files, loudness
from aimusicverse.audio.errors import AudioError
from aimusicverse.server.problems import Refusal
from aimusicverse.server.store.blobs.files import sha256_of

LONGEST_SECONDS = 3 * 3600
_RATES = (8_000, 192_000)
_FORMATS = ("wav", "flac", "mp3", "aiff", "ogg")
_MOST_WAV_BYTES = 2**32 - 4096
#: What silence reads: the gate of BS.1770-4, and less than a 16 bit file can hold.
_SILENCE_LUFS, _SILENCE_DBTP = -70.0, -120.0
_CODES = {
    "truncated": "audio_truncated",
    "unreadable": "audio_unreadable",
    "too_long": "audio_too_long",
    "disk_full": "storage_full",
}


@dataclass(frozen=True, slots=True)
class Recording:
    """A master, a WAV file of 16 or 24 bits, and what was measured on it."""

    path: Path
    sha256: str
    size: int
    format: str
    duration_seconds: float
    sample_rate: int
    channels: int
    bit_depth: int
    lufs: float
    true_peak_dbtp: float


def judge(sent: Path, sha256: str) -> Recording:
    """Read a file that was sent. A plain WAV file is its own master; of others one is made beside it, of 24
    bits: nothing of FLAC and of up to 24 bits is lost. Blocks, for as long as reading it takes.

    Raises:
        Refusal: `audio_unreadable`, `audio_truncated`, `audio_unsupported`, `audio_too_long`, `storage_full`.
    """
    try:
        about = files.probe(sent)
        _check(about)
        path, depth = sent, about.bit_depth or 24
        if not _is_plain_wav(sent, about):
            if about.frames * about.channels * 3 > _MOST_WAV_BYTES:
                raise Refusal("audio_too_long", "As a WAV file of 24 bits it would be larger than 4 GiB.")
            path, depth = sent.with_name("master.wav"), 24
            files.convert(sent, path, "wav", depth)
            sha256 = sha256_of(path)
        heard = loudness.measure(path)  # all of it is read: what ends early is found
    except AudioError as error:
        detail = error.message.replace(sent.name, "The file")
        code = _CODES.get(error.code, "audio_unsupported")
        raise Refusal(code, f"{detail.removesuffix('.')}.") from None
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise Refusal("storage_full") from None
    return Recording(
        path=path,
        sha256=sha256,
        size=path.stat().st_size,
        format=about.format,
        duration_seconds=round(about.duration_seconds, 3),
        sample_rate=about.sample_rate,
        channels=about.channels,
        bit_depth=depth,
        lufs=max(round(heard.integrated_lufs, 2), _SILENCE_LUFS),
        true_peak_dbtp=max(round(heard.true_peak_dbtp, 2), _SILENCE_DBTP),
    )


def _check(about: files.AudioInfo) -> None:
    if about.format not in _FORMATS:
        raise Refusal("audio_unsupported", f"It is a file of the kind {about.format}.")
    if not _RATES[0] <= about.sample_rate <= _RATES[1]:
        raise Refusal("audio_unsupported", f"It has {about.sample_rate} samples a second.")
    if about.frames <= 0:
        raise Refusal("audio_unreadable", "There is no sound in the file.")
    if about.duration_seconds > LONGEST_SECONDS:
        hours = about.duration_seconds / 3600
        raise Refusal("audio_too_long", f"It lasts {hours:.1f} hours; three are the most.")


def _is_plain_wav(path: Path, about: files.AudioInfo) -> bool:
    """Whether the file can be served as it is: 16 or 24 bits, and the length in its header is right."""
    if about.format != "wav" or about.bit_depth not in (16, 24):
        return False
    with path.open("rb") as file:
        name, length = struct.unpack("<4sI", file.read(8))
    said: int = length + 8
    return bool(name == b"RIFF") and abs(said - path.stat().st_size) <= 1
