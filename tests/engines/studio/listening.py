"""A listener that shares no line with the engine: what is wrong with a recording, in words.

It reads the WAV file by itself, weighs loudness in the frequency domain (ITU-R BS.1770-4 with the filters
that it prints for 48 kHz), finds true peaks by a fourfold Fourier interpolation, and clicks by what neither
side of a sample explains.
"""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

RATE = 44_100
#: ITU-R BS.1770-4, tables 1 and 2.
_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1, -1.69065929318241, 0.73248077421585))
_HIGH_PASS = ((1.0, -2.0, 1.0), (1, -1.99004745483398, 0.99007225036621))
#: How far a click stands out of both of its sides; see `test_listening.py` for what that finds.
CLICK = 25.0
_SIDE, _GUARD = 441, 6
_QUIET = 10 ** (-60 / 20)


@dataclass(frozen=True)
class Heard:
    """Figures of a recording: `samples` (2, N) in -1…1."""

    samples: np.ndarray
    lufs: float
    peak_dbtp: float
    silent: float
    gap: float
    offset: float
    click: float
    flat: int
    last: float

    def faults(self, duration: float, lufs: float | None = -14.0, rests: float | None = None) -> list[str]:
        """What is wrong with it.

        `lufs` is None where the piece is too sparse to reach a loudness; `rests`: seconds for which who plays
        alone may be silent at a time.
        """
        wrong = []
        if self.samples.shape[1] != round(duration * RATE):
            wrong.append(f"{self.samples.shape[1]} samples for {duration} s")
        if not np.isfinite(self.samples).all():
            wrong.append("not a number")
        if lufs is not None and not abs(self.lufs - lufs) <= 0.3:
            wrong.append(f"{self.lufs:.2f} LUFS")
        if not self.peak_dbtp <= -1:
            wrong.append(f"{self.peak_dbtp:.2f} dBTP")
        if self.silent > 0.02 if rests is None else self.gap > rests:
            wrong.append(f"silent for {self.silent:.1%}, {self.gap} s at a time")
        if self.offset > 1e-3:
            wrong.append(f"an offset of {self.offset:.5f}")
        if self.click > CLICK:
            wrong.append(f"a click of {self.click:.0f}")
        if self.flat > 3:
            wrong.append(f"{self.flat} samples in a row at the top")
        if self.last > 1e-3:
            wrong.append(f"cut off at {self.last:.4f}")
        return wrong


def listen(path: Path) -> Heard:
    """Listen to a WAV file of 24 bits in stereo, 44.1 kHz."""
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 3, RATE)
        raw = np.frombuffer(file.readframes(file.getnframes()), np.uint8).reshape(-1, 2, 3).astype(np.int32)
    whole = raw[..., 0] | raw[..., 1] << 8 | (raw[..., 2] ^ 0x80) - 0x80 << 16
    return hear(whole.T / 2.0**23)


def hear(samples: np.ndarray) -> Heard:
    """The figures of (2, N) samples."""
    windows = samples[:, : samples.shape[1] // 2205 * 2205].reshape(2, -1, 2205)
    # The last half second rings out, and may.
    level = np.sqrt((windows**2).mean(axis=(0, 2)))[:-10]
    return Heard(
        samples=samples,
        lufs=_loudness(samples),
        peak_dbtp=20 * np.log10(_true_peak(samples) + 1e-12),
        silent=float((level < _QUIET).mean()),
        gap=_longest_run(level < _QUIET) / 20,
        offset=float(np.abs(samples.mean(axis=1)).max()),
        click=max(_click(channel) for channel in samples),
        flat=max(_flat_top(channel) for channel in samples),
        last=float(np.abs(samples[:, -20:]).max()),
    )


def _weighted(samples: np.ndarray) -> np.ndarray:
    """The K-weighted power at each sample, by pieces that begin a second early: the filters settle in it."""
    size = 1 << 18
    step = size - 2 * RATE
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(size, 1 / RATE) / 48_000)
    weight = np.ones(len(z), complex)
    for above, below in (_SHELF, _HIGH_PASS):
        weight *= np.polyval(above[::-1], z) / np.polyval(below[::-1], z)
    early = np.pad(samples, ((0, 0), (RATE, 0)))
    pieces = []
    for start in range(0, samples.shape[1], step):
        heard = np.fft.irfft(np.fft.rfft(early[:, start : start + RATE + step], size) * weight, size)
        pieces.append((heard[:, RATE : RATE + step] ** 2).sum(axis=0))
    return np.concatenate(pieces)[: samples.shape[1]]


def _loudness(samples: np.ndarray) -> float:
    total = np.concatenate([[0.0], np.cumsum(_weighted(samples))])
    starts = np.arange(0, samples.shape[1] - 17640 + 1, 4410)
    power = (total[starts + 17640] - total[starts]) / 17640 + 1e-15
    loud = power[-0.691 + 10 * np.log10(power) > -70]
    if not len(loud):
        return float("-inf")
    gate = -0.691 + 10 * np.log10(loud.mean()) - 10
    return float(-0.691 + 10 * np.log10(loud[-0.691 + 10 * np.log10(loud) > gate].mean()))


def _true_peak(samples: np.ndarray) -> float:
    size, margin = 1 << 16, 512
    padded = np.pad(samples, ((0, 0), (margin, size)))
    highest = 0.0
    for start in range(0, samples.shape[1], size - 2 * margin):
        spectrum = np.zeros((2, size * 2 + 1), complex)
        spectrum[:, : size // 2 + 1] = np.fft.rfft(padded[:, start : start + size]) * 4
        inside = np.fft.irfft(spectrum, size * 4)[:, margin * 4 : -margin * 4]
        highest = max(highest, float(np.abs(inside).max()))
    return highest


def _click(channel: np.ndarray) -> float:
    """How far the third difference at one sample stands out of those of the 10 ms before and after.

    A stroke is loud before or after its beginning, a wave form has its corners again a period later; a cut
    stands alone between two sides that are smooth. Corners below a thousandth of full scale do not count.
    """
    rough = np.abs(np.diff(channel, 3))
    total = np.concatenate([[0.0], np.cumsum(rough**2)])
    at = np.arange(_SIDE + _GUARD, len(rough) - _SIDE - _GUARD)
    before = total[at - _GUARD] - total[at - _GUARD - _SIDE]
    after = total[at + _GUARD + _SIDE + 1] - total[at + _GUARD + 1]
    around = np.sqrt(np.maximum(before, after) / _SIDE)
    return float((rough[at] / (around + 1e-4)).max())


def _flat_top(channel: np.ndarray) -> int:
    """The longest run of samples that are all as high as the highest."""
    return _longest_run(np.abs(channel) >= np.abs(channel).max() - 2**-22)


def _longest_run(here: np.ndarray) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], here.astype(np.int8), [0]])))
    return int((edges[1::2] - edges[::2]).max(initial=0))
