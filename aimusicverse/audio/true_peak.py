"""True peak: the height of the curve between the samples.

Source: ITU-R BS.1770-4, Annex 2 (four times oversampling). The interpolator here is a Kaiser-windowed sinc
with 32 taps per phase, longer than the Annex's 12, so that it reads right up to 20 kHz.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aimusicverse.audio.filters import Floats

#: Samples that share one reading.
CHUNK = 32
_PHASES = 4
_HALF = 16


def _interpolator() -> NDArray[np.float32]:
    """Columns give, for every sample of a chunk, the three values before the next sample."""
    rows = CHUNK + 2 * _HALF - 1
    matrix = np.zeros((rows, CHUNK * (_PHASES - 1)))
    for phase in range(1, _PHASES):
        at = np.arange(-_HALF + 1, _HALF + 1) - phase / _PHASES
        taps = np.sinc(at) * np.i0(8.0 * np.sqrt(np.maximum(0.0, 1 - (at / _HALF) ** 2))) / np.i0(8.0)
        taps /= taps.sum()
        for sample in range(CHUNK):
            matrix[sample : sample + 2 * _HALF, sample * (_PHASES - 1) + phase - 1] = taps
    return matrix.astype(np.float32)


_MATRIX = _interpolator()


class PeakTrack:
    """True peaks of a stream of (channels, N) blocks, one reading for every 32 samples.

    Reading k covers the samples from 32 k up to the one before 32 (k + 1), and the curve after each.
    """

    def __init__(self, channels: int) -> None:
        self._held: Floats = np.zeros((channels, _HALF - 1), np.float32)
        self.highest: float = 0.0

    def add(self, block: Floats) -> NDArray[np.float32]:
        """Readings (linear) that this block completes; the last few wait for the next block."""
        data = np.concatenate([self._held, block.astype(np.float32, copy=False)], axis=1)
        count = max(0, (data.shape[1] - (2 * _HALF - 1)) // CHUNK)
        self._held = data[:, count * CHUNK :]
        return self._read(data, count)

    def finish(self) -> NDArray[np.float32]:
        """The remaining readings, silence following."""
        left = self._held.shape[1] - (_HALF - 1)
        count = -(-left // CHUNK)
        room = count * CHUNK + 2 * _HALF - 1 - self._held.shape[1]
        data = np.pad(self._held, ((0, 0), (0, max(0, room))))
        return self._read(data, count)

    def _read(self, data: Floats, count: int) -> NDArray[np.float32]:
        if count <= 0:
            return np.zeros(0, np.float32)
        peaks = np.zeros(count, np.float32)
        for channel in data:
            windows = np.lib.stride_tricks.sliding_window_view(channel, CHUNK + 2 * _HALF - 1)[::CHUNK][
                :count
            ]
            between = np.abs(np.ascontiguousarray(windows) @ _MATRIX).max(axis=1)
            at = np.abs(windows[:, _HALF - 1 : _HALF - 1 + CHUNK]).max(axis=1)
            np.maximum(peaks, np.maximum(between, at), out=peaks)
        self.highest = max(self.highest, float(peaks.max()))
        return peaks


def decibels(linear: float) -> float:
    """A linear height as dB full scale; silence is -inf."""
    return 20 * float(np.log10(linear)) if linear > 0 else float("-inf")


#: No curve rises higher over its samples than the sum of what its taps may add; more, for rounding.
_MOST_RISE = float(np.abs(_MATRIX).sum(axis=0).max()) * 1.0001
#: Windows that are drawn at once, and before the others.
_FIRST = 32


class HighestPeak:
    """The highest true peak of a stream of (channels, N) blocks: `PeakTrack.highest`, for less than half of
    its cost. Only where the samples are high enough for a new highest one is the curve between them drawn.
    """

    def __init__(self, channels: int) -> None:
        self._held: Floats = np.zeros((channels, _HALF - 1), np.float32)
        self.highest: float = 0.0

    def add(self, block: Floats) -> None:
        """Take the next block."""
        data = np.concatenate([self._held, block.astype(np.float32, copy=False)], axis=1)
        count = max(0, (data.shape[1] - (2 * _HALF - 1)) // CHUNK)
        self._held = data[:, count * CHUNK :]
        self._read(data, count)

    def finish(self) -> float:
        """The highest one of all (linear), silence following."""
        left = self._held.shape[1] - (_HALF - 1)
        count = -(-left // CHUNK)
        room = count * CHUNK + 2 * _HALF - 1 - self._held.shape[1]
        self._read(np.pad(self._held, ((0, 0), (0, max(0, room)))), count)
        return self.highest

    def _read(self, data: Floats, count: int) -> None:
        if count <= 0:
            return
        for channel in data:
            # A window of a chunk reaches into the next one, and no further.
            whole = np.abs(channel[: count * CHUNK]).reshape(count, CHUNK).max(axis=1)
            after = np.abs(channel[count * CHUNK : count * CHUNK + 2 * _HALF - 1]).max()
            tops = np.maximum(whole, np.append(whole[1:], after))
            self.highest = max(self.highest, float(np.abs(channel[_HALF - 1 :][: count * CHUNK]).max()))
            windows = np.lib.stride_tricks.sliding_window_view(channel, CHUNK + 2 * _HALF - 1)[::CHUNK]
            order = np.flatnonzero(tops * _MOST_RISE > self.highest)
            if len(order) > 2 * _FIRST:
                # The highest first: it leaves few of the others to be drawn.
                first = order[np.argpartition(tops[order], -_FIRST)[-_FIRST:]]
                self._draw(windows[first])
                order = order[tops[order] * _MOST_RISE > self.highest]
            if len(order):
                self._draw(windows[order])

    def _draw(self, windows: Floats) -> None:
        # In small products: of large ones OpenBLAS makes threads, which wait for each other by turning round,
        # and on a machine that has other work cost several times what they save.
        whole = len(windows) // _FIRST * _FIRST
        for part in (windows[:whole].reshape(-1, _FIRST, windows.shape[1]), windows[whole:]):
            if len(part):
                self.highest = max(self.highest, float(np.abs(part @ _MATRIX).max()))
