"""Up to where a recording has energy, and whether it stops there as lossy codings let it: like a cliff.

MP3 and AAC leave out what lies above some frequency (16 kHz at 128 kbit/s), and a WAV file that is made of
one keeps the hole. Dull music has nothing there either, but fades into it. So the height of the fall is told
beside its place: 20 dB and more within 600 Hz is no instrument's and no equaliser's doing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aimusicverse.audio.filters import Floats

_WINDOW_SECONDS: Final = 0.093
#: Bins that are taken together, some 90 Hz.
_BINS: Final = 8
_WINDOWS_A_SECOND: Final = 2
#: Rows that are kept; of a longer recording fewer windows are looked at.
_MOST_ROWS: Final = 2048
#: Of all windows, at one in ten there is more at a frequency: a click does not count, a cymbal does.
_SHARE: Final = 90
#: Below lies what a recording has; over it, within this width, nothing is left.
_BELOW_HZ, _EDGE_HZ = 800.0, 600.0
#: Where codings cut: below, an instrument may well end.
_CLIFFS_FROM_HZ: Final = 10_000.0
_LEAST_CLIFF_DB: Final = 20.0
#: What is no more than this above the dither of 16 bits is no energy.
_OVER_DITHER_DB: Final = 6.0


@dataclass(frozen=True, slots=True)
class Bandwidth:
    """What was found.

    Args:
        hz: up to where there is energy.
        cliff_db: how much it falls there within 600 Hz, if that is 20 dB or more; else 0.
    """

    hz: float
    cliff_db: float


class BandwidthMeter:
    """Takes a stream of (channels, N) blocks. Memory does not grow with it."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._size = 1 << max(6, round(np.log2(rate * _WINDOW_SECONDS)))
        # Squared, so that what a loud tone spreads falls by 30 dB an octave, and not by 18.
        self._window = np.square(np.hanning(self._size)).astype(np.float32)
        self._gain = 1 / (float(np.square(self._window).sum()) * self._size)
        self._hop = max(self._size, rate // _WINDOWS_A_SECOND)
        self._rows: list[NDArray[np.float32]] = []
        self._stride, self._seen = 1, 0
        self._short: Floats | None = None

    def add(self, block: Floats) -> None:
        """Take the next block; windows that reach into the one after it are left out."""
        sound = block[:2]
        if sound.shape[1] < self._size:
            if not self._rows and self._short is None:
                self._short = sound.copy()
            return
        for start in range(0, sound.shape[1] - self._size + 1, self._hop):
            self._seen += 1
            if self._seen % self._stride == 0:
                self._look(sound[:, start : start + self._size])

    def finish(self) -> Bandwidth:
        """What it comes to."""
        if not self._rows and self._short is not None:  # all of it is shorter than a window
            self._look(np.pad(self._short, ((0, 0), (0, self._size - self._short.shape[1]))))
        if not self._rows:
            return Bandwidth(0.0, 0.0)
        power = np.percentile(np.stack(self._rows), _SHARE, axis=0)
        return self._judge(10 * np.log10(power + 1e-20))

    def _look(self, sound: Floats) -> None:
        spectra = np.square(np.abs(np.fft.rfft(sound * self._window)))[:, : self._size // 2]
        power = spectra.mean(axis=0).reshape(-1, _BINS).sum(axis=1) * self._gain
        self._rows.append(power.astype(np.float32))
        if len(self._rows) > _MOST_ROWS:
            self._rows = self._rows[1::2]
            self._stride *= 2

    def _judge(self, level: NDArray[np.float64]) -> Bandwidth:
        """`level`: dB of every band."""
        width = self._rate / self._size * _BINS
        below, edge = max(1, round(_BELOW_HZ / width)), max(1, round(_EDGE_HZ / width))
        dither = 10 * np.log10(0.25 * 2.0**-30 * _BINS / self._size)
        least = dither + _OVER_DITHER_DB
        heard = np.flatnonzero(level > least)
        if not len(heard):
            return Bandwidth(0.0, 0.0)
        # What is left from a band on, to the end.
        left = np.maximum.accumulate(level[::-1])[::-1]
        first = max(below, int(_CLIFFS_FROM_HZ / width))
        places = np.arange(first, len(level) - edge)
        if len(places):
            before = np.median(np.lib.stride_tricks.sliding_window_view(level, below), axis=1)
            # Beside a loud tone its own skirt is no energy, however far it falls.
            above = before[places - below]
            falls = np.where(above > least, above - left[places + edge], 0)
            if falls.max() >= _LEAST_CLIFF_DB:
                deepest = places[np.flatnonzero(falls >= falls.max() - 3)[0]]
                # The middle of the fall.
                middle = before[deepest - below] - falls[deepest - first] / 2
                at = deepest + int(np.argmax(level[deepest : deepest + edge + 1] < middle))
                return Bandwidth(float(at * width), float(falls[deepest - first]))
        return Bandwidth(float(min(self._rate / 2, (heard[-1] + 1) * width)), 0.0)
