"""One instrument's channel of the mixing desk."""

from __future__ import annotations

import numpy as np

from aimusicverse.audio.filters import Cascade, highpass
from aimusicverse.engines.studio.chorus import Chorus
from aimusicverse.engines.studio.synth.partials import F32, RATE

#: Delay (samples), gain left, gain right.
Tap = tuple[int, float, float]


class Track:
    """Collects notes, and gives them back block by block: filtered, placed, widened, echoed.

    Pitched parts are mono until the end: width is a delayed copy of opposite sign in each ear, which vanishes
    in mono, or a chorus, which does not; echoes are further copies. Drums are stereo from the start.
    """

    def __init__(
        self,
        block: int,
        channels: int,
        gain: float,
        room: float,
        low_cut: float,
        taps: list[Tap],
        chorus: float = 0.0,
    ) -> None:
        self._block = block
        self._open = np.zeros((channels, block * 2), np.float32)
        self._gain = np.float32(gain)
        self.room: np.float32 = np.float32(room)
        self._cut = Cascade((highpass(low_cut, RATE),), channels)
        self._taps = taps
        self._reach = max((delay for delay, _, _ in taps), default=0)
        self._past = np.zeros(self._reach, np.float32)
        self._chorus = Chorus(chorus) if chorus else None

    def add(self, sound: F32, at: int, gains: tuple[float, ...]) -> None:
        """Sound a note `at` samples into the current block, with a gain for each channel."""
        end = at + len(sound)
        if end > self._open.shape[1]:
            self._open = np.pad(self._open, ((0, 0), (0, end + self._block - self._open.shape[1])))
        for channel, gain in zip(self._open, gains, strict=True):
            channel[at:end] += sound * np.float32(gain)

    def take(self, duck: F32 | None) -> tuple[F32, F32]:
        """The current block as (2, block) and its mono sum for the room; then the next block is current."""
        size = self._block
        block = self._cut.process(self._open[:, :size] * self._gain).astype(np.float32, copy=False)
        self._open[:, :-size] = self._open[:, size:]
        self._open[:, -size:] = 0
        if duck is not None:
            block *= duck
        if len(block) == 2:
            return np.tanh(block), block.mean(axis=0)
        line = np.concatenate([self._past, block[0]])
        self._past = line[len(line) - self._reach :]
        out = np.zeros((2, size), np.float32)
        for delay, left, right in self._taps:
            piece = line[self._reach - delay : self._reach - delay + size]
            out[0] += piece * np.float32(left)
            out[1] += piece * np.float32(right)
        if self._chorus:
            out += self._chorus.process(block[0])
        return out, block[0]
