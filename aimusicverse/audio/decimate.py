"""One quiet channel out of many: what tempo, key and sections are read from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aimusicverse.audio.filters import Floats

#: Samples a second that are wanted; what comes is within a third of it, or less where the file has less.
WANTED = 22_050
_TAPS = 24
_CHUNK = 32


class Decimator:
    """Mixes a stream of (channels, N) blocks to one channel, and keeps every `factor`-th sample, filtered.

    The filter is a Kaiser-windowed sinc: 60 dB down at the new Nyquist frequency, flat to 0.8 of it. Output
    sample k lies where input sample k · factor lay.
    """

    def __init__(self, sample_rate: int) -> None:
        self.factor: int = max(1, round(sample_rate / WANTED))
        self.rate: float = sample_rate / self.factor
        half = _TAPS * self.factor // 2
        at = np.arange(-half, half + 1)
        taps = np.sinc(at * 0.9 / self.factor) * np.kaiser(len(at), 6.0)
        self._taps = (taps / taps.sum()).astype(np.float32)
        # Columns give the samples of a chunk: one product for many, since windows overlap less.
        self._matrix = np.zeros(((_CHUNK - 1) * self.factor + len(at), _CHUNK), np.float32)
        for sample in range(_CHUNK):
            self._matrix[sample * self.factor : sample * self.factor + len(at), sample] = self._taps
        self._held = np.zeros(half, np.float32)
        self._skip = 0

    def process(self, block: Floats) -> NDArray[np.float32]:
        """The samples that this block completes, (M,)."""
        mono = block.mean(axis=0, dtype=np.float32)
        if self.factor == 1:
            return np.asarray(mono, np.float32)
        line = np.concatenate([self._held, mono])[self._skip :]
        count = max(0, (len(line) - len(self._taps)) // self.factor + 1)
        used = count * self.factor
        self._held, self._skip = line[used:], max(0, used - len(line))
        if not count:
            return np.zeros(0, np.float32)
        chunks, rest = divmod(count, _CHUNK)
        step = _CHUNK * self.factor
        parts = []
        if chunks:
            parts.append((_windows(line, len(self._matrix), step)[:chunks] @ self._matrix).ravel())
        if rest:
            parts.append(_windows(line[chunks * step :], len(self._taps), self.factor)[:rest] @ self._taps)
        return np.concatenate(parts).astype(np.float32, copy=False)

    def finish(self) -> NDArray[np.float32]:
        """The last samples, silence following."""
        if self.factor == 1:
            return np.zeros(0, np.float32)
        return self.process(np.zeros((1, len(self._taps) // 2), np.float32))


def _windows(line: NDArray[np.float32], size: int, step: int) -> NDArray[np.float32]:
    return np.lib.stride_tricks.sliding_window_view(line, size)[::step]
