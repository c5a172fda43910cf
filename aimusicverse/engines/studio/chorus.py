"""The chorus of string machines and electric pianos: two copies whose delays sway against each other.

The left ear hears one, the right ear the other, so that the sound is wide and still whole in mono. Rate and
delays are about those of the string machines and synthesisers of the late seventies: half a turn a second,
1.7 to 5.4 ms.

Source: U. Zölzer (editor), "DAFX: Digital Audio Effects", 2nd edition, 2011, chapter 2.
"""

from __future__ import annotations

import numpy as np

from aimusicverse.engines.studio.synth.partials import F32, RATE
from aimusicverse.engines.studio.tape import lfo, read

_RATE_HZ = 0.513
_MIDDLE, _SWAY = 0.0035 * RATE, 0.00185 * RATE
_REACH = int(_MIDDLE + _SWAY) + 4


class Chorus:
    """Mono blocks in, what is to be added to both ears out; the line carries over."""

    def __init__(self, level: float) -> None:
        self._level = np.float32(level)
        self._past = np.zeros(_REACH, np.float32)
        self._at = 0

    def process(self, block: F32) -> F32:
        """(N,) → (2, N)."""
        line = np.concatenate([self._past, block])
        self._past = line[len(line) - _REACH :].copy()
        away = lfo(_RATE_HZ, self._at, len(block)) * np.float32(_SWAY)
        self._at += len(block)
        ears = [read(line, _REACH - int(_MIDDLE), turn) for turn in (away, -away)]
        return np.stack(ears) * self._level
