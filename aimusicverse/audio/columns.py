"""What the columns of a picture of sound show, collected block by block."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aimusicverse.audio.filters import Floats

_LOWEST_HZ = 30.0

F32 = NDArray[np.float32]


class Wave:
    """Lowest, highest and root mean square of every column."""

    def __init__(self, frames: int, columns: int) -> None:
        self.columns = max(1, min(columns, frames))
        self._frames, self._at = max(1, frames), 0
        self.low, self.high = np.zeros(self.columns), np.zeros(self.columns)
        self._power, self._count = np.zeros(self.columns), np.zeros(self.columns)

    def add(self, block: Floats) -> None:
        """Take (channels, N)."""
        places = (self._at + np.arange(block.shape[1])) * self.columns // self._frames
        places = np.minimum(places, self.columns - 1)
        starts = np.concatenate([[0], np.flatnonzero(np.diff(places)) + 1])
        if not block.shape[1]:
            return
        at = places[starts]
        low, high = block.min(axis=0), block.max(axis=0)
        self.low[at] = np.minimum(self.low[at], np.minimum.reduceat(low, starts))
        self.high[at] = np.maximum(self.high[at], np.maximum.reduceat(high, starts))
        self._power[at] += np.add.reduceat((block**2).mean(axis=0, dtype=np.float64), starts)
        self._count[at] += np.diff([*starts, block.shape[1]])
        self._at += block.shape[1]

    def rms(self) -> NDArray[np.float64]:
        """Of every column."""
        return np.asarray(np.sqrt(self._power / np.maximum(1, self._count)), np.float64)


class Spectrum:
    """Two spectra a column, on rows of logarithmic frequency, in dB below a full-scale sine."""

    def __init__(self, frames: int, size: int, rate: int, *, columns: int, rows: int) -> None:
        self.highest_hz = min(20_000.0, rate / 2)
        self.lowest_hz = min(_LOWEST_HZ, self.highest_hz / 10)
        self._size, self._count = size, 2 * max(1, min(columns, frames))
        centres = (np.arange(self._count) + 0.5) * frames / self._count
        self._starts = np.round(centres).astype(np.int64)  # in a line that begins with size / 2 zeros
        self._window = (np.hanning(size) / (size / 4)).astype(np.float32)
        self._held = np.zeros(size // 2, np.float32)
        self._at = self._done = 0
        self._rows: list[F32] = []
        self._edges = np.geomspace(self.lowest_hz, self.highest_hz, rows + 1) * size / rate

    def add(self, mono: F32) -> None:
        """Take (N,)."""
        self._held = np.concatenate([self._held, mono])
        ready = int(np.searchsorted(self._starts, self._at + len(self._held) - self._size, side="right"))
        for first in range(self._done, ready, 64):
            starts = self._starts[first : min(first + 64, ready)] - self._at
            frames = self._held[starts[:, None] + np.arange(self._size)]
            self._rows.append(self._on_rows(np.abs(np.fft.rfft(frames * self._window)).astype(np.float32)))
        self._done = max(self._done, ready)
        following = self._starts[self._done] if self._done < self._count else self._at + len(self._held)
        used = max(0, min(len(self._held), int(following) - self._at))
        self._held, self._at = self._held[used:], self._at + used

    def decibels(self) -> F32:
        """(rows, columns), the lowest frequency first."""
        self.add(np.zeros(self._size, np.float32))
        table = np.concatenate(self._rows)[: self._count]
        return np.asarray(
            20 * np.log10(table.reshape(-1, 2, len(self._edges) - 1).max(axis=1) + 1e-9).T, np.float32
        )

    def _on_rows(self, spectra: F32) -> F32:
        """The highest bin of a row; between two bins, where a row is narrower than one, a straight line."""
        low, high = self._edges[:-1], self._edges[1:]
        first, last = np.ceil(low).astype(int), np.floor(high).astype(int)
        middle = (low + high) / 2
        below = np.minimum(np.floor(middle).astype(int), spectra.shape[1] - 2)
        share = (middle - below).astype(np.float32)
        out = spectra[:, below] * (1 - share) + spectra[:, below + 1] * share
        wide = np.flatnonzero(last > first)
        if len(wide):
            tops = np.maximum.reduceat(spectra[:, : last[wide[-1]] + 1], first[wide], axis=1)
            out[:, wide] = tops
        return np.asarray(out, np.float32)
