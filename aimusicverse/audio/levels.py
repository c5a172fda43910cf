"""Sample by sample: the highest, the middle, what is clipped, and where nothing is to be heard."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aimusicverse.audio.filters import Floats

#: Runs of at least so many samples at full scale are clipping; one or two happen in sound that is not.
CLIPPED_SAMPLES = 3
#: Clipped runs of any channel that are nearer to each other than this are told as one stretch.
CLIPPED_TOGETHER_SECONDS = 0.5
#: −60 dBFS. Silence is where no sample of any channel reaches it.
SILENCE = 1e-3
#: Silence within the sound is told when it is longer than this.
SILENCE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one time to another."""

    start_seconds: float
    end_seconds: float


@dataclass(frozen=True, slots=True)
class ClippedStretch:
    """Runs of clipped samples that are near each other; `longest_run_samples` is that of one channel."""

    start_seconds: float
    end_seconds: float
    runs: int
    samples: int
    longest_run_samples: int


@dataclass(frozen=True, slots=True)
class Levels:
    """What the samples say.

    Attributes:
        frames: samples per channel.
        sample_peak: the highest sample, linear.
        dc_offset: the mean of the channel whose mean is furthest from 0, full scale being 1.
        non_finite_samples: NaN and infinite ones of a floating-point file; they are measured as 0.
        leading_silence_seconds: before the first sample that is no silence; all of a silent file.
        trailing_silence_seconds: after the last one; 0 for a silent file.
        silences: longer than half a second, between the first and the last such sample.
    """

    frames: int
    sample_peak: float
    dc_offset: float
    non_finite_samples: int
    clipped: tuple[ClippedStretch, ...]
    leading_silence_seconds: float
    trailing_silence_seconds: float
    silences: tuple[Stretch, ...]


class LevelMeter:
    """Takes a stream of (channels, N) blocks. Memory does not grow with it, but for what is found."""

    def __init__(self, rate: int, channels: int, bit_depth: int | None) -> None:
        # The highest value of 8 bits is 127/128; what is coded finer, or as floats, reaches 32767/32768.
        self._full = np.float32(1 - 0.5 ** (min(bit_depth or 16, 16) - 1))
        self._rate = rate
        self._frames = 0
        self._peak = 0.0
        self._sums = np.zeros(channels)
        self._non_finite = 0
        self._first_loud: int | None = None
        self._last_loud = -1
        self._silences: list[tuple[int, int]] = []
        self._begun: list[int | None] = [None] * channels  # where a run began that is not over
        self._together = CLIPPED_TOGETHER_SECONDS * rate
        self._clipped: list[list[int]] = []  # first sample, end, runs, samples, longest

    def add(self, block: Floats) -> Floats:
        """Take the next block, and give it back with numbers only."""
        if not np.isfinite(block.sum()):
            finite = np.isfinite(block)
            self._non_finite += int(block.size - finite.sum())
            block = np.where(finite, block, np.float32(0))
        self._sums += block.sum(axis=1, dtype=np.float64)
        height = np.abs(block).max(axis=0)
        highest = float(height.max(initial=0))
        self._peak = max(self._peak, highest)
        self._find_silence(height)
        if highest >= self._full or any(begun is not None for begun in self._begun):
            self._find_clipping(block)
        self._frames += block.shape[1]
        return block

    def finish(self) -> Levels:
        """Everything found."""
        if any(begun is not None for begun in self._begun):
            self._find_clipping(np.zeros((len(self._begun), 1), np.float32))
        rate, frames = self._rate, self._frames
        offsets = self._sums / max(1, frames)
        first = frames if self._first_loud is None else self._first_loud
        return Levels(
            frames=frames,
            sample_peak=self._peak,
            dc_offset=float(offsets[np.argmax(np.abs(offsets))]),
            non_finite_samples=self._non_finite,
            clipped=tuple(
                ClippedStretch(start / rate, end / rate, *rest) for start, end, *rest in self._clipped
            ),
            leading_silence_seconds=first / rate,
            trailing_silence_seconds=0.0 if first == frames else (frames - 1 - self._last_loud) / rate,
            silences=tuple(Stretch(start / rate, end / rate) for start, end in self._silences),
        )

    def _find_silence(self, height: NDArray[np.floating]) -> None:
        loud = np.flatnonzero(height >= SILENCE)
        if not len(loud):
            return
        loud += self._frames
        if self._first_loud is None:
            self._first_loud = int(loud[0])
            self._last_loud = int(loud[0])
        before = np.concatenate([[self._last_loud], loud[:-1]])
        for at in np.flatnonzero(loud - before - 1 > SILENCE_SECONDS * self._rate):
            self._silences.append((int(before[at]) + 1, int(loud[at])))
        self._last_loud = int(loud[-1])

    def _find_clipping(self, block: Floats) -> None:
        for channel, line in enumerate(np.abs(block) >= self._full):
            runs = np.flatnonzero(np.diff(line, prepend=False, append=False)).reshape(-1, 2) + self._frames
            begun = self._begun[channel]
            if begun is not None:
                if len(line) and line[0]:
                    runs[0, 0] = begun
                else:
                    runs = np.concatenate([[[begun, self._frames]], runs])
            self._begun[channel] = None
            if len(line) and line[-1]:  # it may go on in the next block
                self._begun[channel] = int(runs[-1, 0])
                runs = runs[:-1]
            self._note(runs[runs[:, 1] - runs[:, 0] >= CLIPPED_SAMPLES])

    def _note(self, runs: NDArray[np.int64]) -> None:
        """Runs (K, 2) of one channel, in order."""
        if not len(runs):
            return
        lengths = runs[:, 1] - runs[:, 0]
        apart = runs[1:, 0] - runs[:-1, 1] > self._together
        firsts = np.concatenate([[0], np.flatnonzero(apart) + 1])
        lasts = np.concatenate([firsts[1:], [len(runs)]]) - 1
        samples, longest = np.add.reduceat(lengths, firsts), np.maximum.reduceat(lengths, firsts)
        table = np.column_stack([runs[firsts, 0], runs[lasts, 1], lasts - firsts + 1, samples, longest])
        self._clipped = self._merged([*self._clipped, *table.tolist()])

    def _merged(self, stretches: list[list[int]]) -> list[list[int]]:
        """In order of time, those that are near each other as one."""
        merged: list[list[int]] = []
        for stretch in sorted(stretches):
            if merged and stretch[0] - merged[-1][1] <= self._together:
                last = merged[-1]
                last[1] = max(last[1], stretch[1])
                last[2] += stretch[2]
                last[3] += stretch[3]
                last[4] = max(last[4], stretch[4])
            else:
                merged.append(stretch)
        return merged
