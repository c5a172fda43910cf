"""The speed of a tape or a record, which is never quite even.

Wow goes round with the reel or the record (33 1/3 turns a minute are 0.56 Hz), flutter with the capstan
(IEC 60386: speed fluctuations of cassettes lie between 0.05 and 0.2 %). The whole mix is read from a
delay whose length sways; what goes through several of these adds up as if it went through one.
"""

from __future__ import annotations

import numpy as np

from aimusicverse.engines.studio.synth.partials import F32, RATE

#: Rate (Hz) and share of the depth.
_TURNS = ((0.556, 1.0), (0.93, 0.45), (7.3, 0.3))


class Wow:
    """Blocks in, blocks out, later by a few milliseconds. `depth`: how far the speed sways (0.001 = 0.1
    %)."""

    def __init__(self, depth: float) -> None:
        self._reach = [(rate, depth * share * RATE / (2 * np.pi * rate)) for rate, share in _TURNS]
        self._delay = int(sum(samples for _, samples in self._reach)) + 2
        self._past = np.zeros((2, 2 * self._delay + 2), np.float32)

    def process(self, block: F32, start: int) -> F32:
        """The block at sample `start`, (2, N), at a speed that sways."""
        line = np.concatenate([self._past, block], axis=1)
        keep = self._past.shape[1]
        self._past = line[:, line.shape[1] - keep :].copy()
        away = np.zeros(block.shape[1], np.float32)
        for rate, samples in self._reach:
            away += lfo(rate, start, len(away)) * np.float32(samples)
        return np.stack([read(one, keep - self._delay, away) for one in line])


def lfo(rate: float, start: int, length: int) -> F32:
    """A sine of `rate` Hz from sample `start` on, exact however late that is."""
    turns = np.arange(length, dtype=np.float32) * np.float32(rate / RATE)
    turns += np.float32(start * rate / RATE % 1.0)
    return np.asarray(np.sin(turns * np.float32(2 * np.pi)), np.float32)


def read(line: F32, first: int, away: F32) -> F32:
    """Samples of (N,) at `first` + n + `away`[n], in between on a straight line."""
    whole = np.floor(away)
    at = whole.astype(np.int32)
    at += np.arange(first, first + len(away), dtype=np.int32)
    left = line.take(at)
    at += 1
    right = line.take(at)
    right -= left
    right *= away - whole
    right += left
    return right
