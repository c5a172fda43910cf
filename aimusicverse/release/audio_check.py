"""Looks into a sound file that is to be released: all that rules ask of it, in one pass over the samples."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path
from typing import Final

import numpy as np

from aimusicverse.audio import files
from aimusicverse.audio.errors import AudioError
from aimusicverse.audio.filters import Floats
from aimusicverse.audio.levels import LevelMeter
from aimusicverse.audio.loudness import LoudnessMeter, measurable
from aimusicverse.audio.true_peak import HighestPeak, decibels
from aimusicverse.release import iso_media, riff
from aimusicverse.release.bandwidth import BandwidthMeter
from aimusicverse.release.facts import AudioFacts

#: As many channels as the largest recording that people pass around has.
MOST_CHANNELS: Final = 32
#: Hz. What is measured in windows of some time would take memory without end.
_MOST_RATE: Final = 768_000
#: 60 dB over full scale: no mix goes there, whole numbers that were written as floats do, and damage.
_MOST_PEAK: Final = 1000.0
_END_SECONDS: Final = 0.05
_PIECE: Final = 1 << 20
#: Samples that are filtered at once. Of larger products OpenBLAS makes threads, which wait for each other by
#: turning round: on a machine that has other work that costs eight times as much.
_SMALL: Final = 6144
_WRITE_ANEW: Final = "Write it anew: ffmpeg -i {name} -c:a pcm_s24le {stem}.wav"


def look_into(path: Path) -> AudioFacts:
    """What a sound file is and holds. About a third of a second of CPU for a minute of stereo at 44.1 kHz.

    Raises:
        AudioError: it is missing, empty, no sound, damaged or cut off, or an MP4 file (AAC, ALAC), which
            cannot be decoded here. The message begins with its name.
    """
    container = _looked_at(path)
    about = files.probe(path, MOST_CHANNELS)
    if not about.frames:
        raise AudioError("unreadable", f"{path.name} is empty: it has a header, and no sound")
    rate, channels = about.sample_rate, about.channels
    if rate > _MOST_RATE:
        raise AudioError("unreadable", f"{path.name} is damaged: its sample rate would be {rate:,} Hz")
    levels = LevelMeter(rate, channels, about.bit_depth)
    peak, bandwidth = HighestPeak(channels), BandwidthMeter(rate)
    meter = LoudnessMeter(rate, channels, np.float32) if measurable(rate, channels) else None
    both = _Correlation() if channels == 2 else None
    decoded, end = hashlib.sha256(), _End(rate, channels)
    with np.errstate(over="ignore", invalid="ignore"):  # of what is told below
        for block in files.blocks(path, max(1024, 2 * files.BLOCK // channels), MOST_CHANNELS):
            sound = levels.add(block)
            decoded.update(_as_bytes(sound))
            peak.add(sound)
            bandwidth.add(sound)
            end.add(sound)
            if meter:
                for start in range(0, sound.shape[1], _SMALL):
                    meter.add(sound[:, start : start + _SMALL])
            if both:
                both.add(sound)
        found, reach = levels.finish(), bandwidth.finish()
    if found.sample_peak > _MOST_PEAK:
        raise AudioError(
            "unreadable",
            f"{path.name} has samples {found.sample_peak:,.0f} times as high as full scale: "
            "floats are written from -1 to 1",
        )
    md5, sha256 = hashes(path)
    return AudioFacts(
        name=path.name,
        container="rf64" if container and container.form in ("RF64", "BW64") else about.format,
        codec=about.subtype,
        format_code=container.format_code if container else None,
        bytes_after_data=container.bytes_after if container else 0,
        sample_rate=rate,
        channels=channels,
        bit_depth=about.bit_depth,
        duration_seconds=found.frames / rate,
        size_bytes=path.stat().st_size,
        md5=md5,
        sha256=sha256,
        pcm_sha256=decoded.hexdigest(),
        integrated_lufs=_finite(meter.integrated()) if meter else None,
        true_peak_dbtp=_finite(decibels(peak.finish())),
        clipped_runs=sum(stretch.runs for stretch in found.clipped),
        leading_silence_seconds=found.leading_silence_seconds,
        trailing_silence_seconds=found.trailing_silence_seconds,
        dc_offset=found.dc_offset,
        correlation=both.finish() if both else None,
        bandwidth_hz=reach.hz,
        end_dbfs=_finite(end.finish()),
        cliff_db=reach.cliff_db,
    )


def hashes(path: Path) -> tuple[str, str]:
    """MD5 and SHA-256 of a file, hex.

    Raises:
        AudioError: it cannot be read.
    """
    # Stores ask for MD5 to see that a file came whole; nobody relies on it against forgery.
    md5, sha256 = hashlib.md5(usedforsecurity=False), hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                md5.update(piece)
                sha256.update(piece)
    except OSError as error:
        raise AudioError("unreadable", f"{path.name} cannot be read: {error.strerror}") from None
    return md5.hexdigest(), sha256.hexdigest()


def _looked_at(path: Path) -> riff.Riff | None:
    """What a decoder would not tell: what the file is that is no sound for it, and the chunks of a WAV."""
    if not path.is_file():
        return None  # `probe` says what it is
    try:
        if path.stat().st_size == 0:
            raise AudioError("unreadable", f"{path.name} is empty: it has 0 bytes")
        coding = iso_media.coding_of(path)
    except OSError as error:
        raise AudioError("unreadable", f"{path.name} cannot be read: {error.strerror}") from None
    if coding is not None:
        anew = _WRITE_ANEW.format(name=path.name, stem=path.stem)
        raise AudioError(
            "unsupported_format", f"{path.name} is an MP4 file with {coding}, which is not read here. {anew}"
        )
    chunks = riff.read(path)
    if chunks is not None and chunks.form == "BW64":
        anew = _WRITE_ANEW.format(name=path.name, stem=f"{path.stem}-plain")
        raise AudioError("unsupported_format", f"{path.name} is a BW64 file, which is not read here. {anew}")
    return chunks


def _as_bytes(block: Floats) -> bytes:
    """Samples in the order of time, one channel after the other, little-endian; there is one zero only."""
    return (block.T + np.float32(0)).astype("<f4", order="C", copy=False).tobytes()


class _Correlation:
    """Of left and right (Pearson's): 1 is mono, -1 is what a mono player makes silent."""

    def __init__(self) -> None:
        self._count = 0
        self._sums = np.zeros(2)
        self._products = np.zeros((2, 2))

    def add(self, block: Floats) -> None:
        self._count += block.shape[1]
        self._sums += block.sum(axis=1, dtype=np.float64)
        left, right = block
        self._products += [[left @ left, left @ right], [0, right @ right]]

    def finish(self) -> float | None:
        spread = self._products - np.outer(self._sums, self._sums) / max(1, self._count)
        energy = float(spread[0, 0]) * float(spread[1, 1])
        # Of a channel that stands still, rounding is left.
        if energy <= (1e-12 * self._count) ** 2:
            return None
        return max(-1.0, min(1.0, float(spread[0, 1]) / math.sqrt(energy)))


class _End:
    """Keeps the last samples."""

    def __init__(self, rate: int, channels: int) -> None:
        self._size = max(1, round(_END_SECONDS * rate))
        self._kept: Floats = np.zeros((channels, 0), np.float32)

    def add(self, block: Floats) -> None:
        last = block[:, -self._size :]
        room = self._size - last.shape[1]
        kept = self._kept[:, -room:] if room else self._kept[:, :0]
        self._kept = np.concatenate([kept, last], axis=1)

    def finish(self) -> float:
        """Their RMS over all channels, dBFS; -inf for silence."""
        return decibels(float(np.sqrt(np.mean(np.square(self._kept, dtype=np.float64)))))


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
