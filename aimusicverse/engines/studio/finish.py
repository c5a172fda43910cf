"""How the mix of each genre is held together: compression of the whole, and tape.

The curve is calculated once, on the sum of all channels, and multiplies every channel alike: so what goes
through buses of its own still adds up to the mix. The threshold follows the music: only what rises above
the average of the last seconds is held back, so a quiet section stays as quiet as it was composed.

Sources: D. Giannoulis, M. Massberg and J. Reiss, "Digital dynamic range compressor design" (JAES 60(6),
2012): feed-forward, soft knee, smoothing after the gain computer; D. Yeh, J. Abel and J. Smith, "Simulation
of the diode limiter in guitar distortion circuits" (DAFx 2007) for tape's bend as a static curve.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from aimusicverse.engines.studio.score import Frame
from aimusicverse.engines.studio.synth.partials import F32, RATE

_STEP = 128  # samples that share one reading
_ABOVE_DB, _KNEE_DB = 3.0, 6.0  # where the threshold lies above the average, and the width of its knee
_ATTACK, _RELEASE, _AVERAGE = 0.012, 0.16, 2.5  # seconds


@dataclass(frozen=True, slots=True)
class Finish:
    """`ratio` of the compression (1: none); `tape`: level of the average below the bend of a tape, as a
    factor (0: none); `wow`: how far the speed sways (0.001 = 0.1 %)."""

    ratio: float = 1.6
    tape: float = 0.0
    wow: float = 0.0


FINISHES: Mapping[str, Finish] = {
    "lofi hip hop": Finish(2.0, 0.30, 0.0016),
    "house": Finish(1.8, 0.15),
    "techno": Finish(1.8, 0.20),
    "drum and bass": Finish(2.0, 0.20),
    "trap": Finish(1.8, 0.20),
    "synthwave": Finish(1.8, 0.20),
    "ambient": Finish(1.0),
    "cinematic": Finish(1.2),
    "classical": Finish(1.0),
    "jazz": Finish(1.3),
    "funk": Finish(2.0, 0.20),
    "rock": Finish(2.2, 0.25),
    "folk": Finish(1.4),
    "chiptune": Finish(1.3),
    "pop": Finish(2.0, 0.15),
    "blues": Finish(1.7, 0.25),
    "reggae": Finish(1.8, 0.25),
    "bossa nova": Finish(1.3),
}

#: What words for the sound of a production add.
_BY_SOUND: Mapping[str, Finish] = {
    "tape": Finish(1.0, 0.30, 0.0012),
    "vinyl": Finish(1.0, 0.10, 0.0010),
    "lo-fi sound": Finish(1.0, 0.30, 0.0016),
    "warm": Finish(1.0, 0.20),
}


def finish_of(frame: Frame) -> Finish:
    """The genre's finish with what the plan's sounds want, the strongest of each."""
    every = [FINISHES.get(frame.genre.name, Finish())]
    every += [_BY_SOUND[name] for name in frame.plan.sounds if name in _BY_SOUND]
    return Finish(*(max(getattr(one, name) for one in every) for name in ("ratio", "tape", "wow")))


class Glue:
    """The gain of every block, from the sum of its channels."""

    def __init__(self, finish: Finish) -> None:
        self._slope = 1 - 1 / finish.ratio
        self._tape = np.float32(finish.tape)
        self._average = 0.0  # power
        self._held = 0.0  # dB by which the music is held back now
        self._last = 1.0

    def gain(self, dry: F32) -> F32 | None:
        """What a block is to be multiplied by: (N,) for (2, N) of all channels; `None` for one.

        N is a multiple of 128; blocks come in their order.
        """
        if not self._slope and not self._tape:
            return None
        power = np.einsum("cfs,cfs->f", *(dry.reshape(2, -1, _STEP),) * 2) / (2 * _STEP)
        gains, averages = self._walk(power.tolist())
        at = np.arange(1, dry.shape[1] + 1, dtype=np.float32) / np.float32(_STEP)
        knots = np.arange(len(gains), dtype=np.float32)
        curve = np.interp(at, knots, gains).astype(np.float32)
        if self._tape:
            loud = np.abs(dry).max(axis=0)
            # The root of the average goes straight, not its inverse: that would let go at once after silence.
            loud /= np.interp(at, knots, np.sqrt(averages) / self._tape).astype(np.float32)
            loud += np.float32(1e-4)
            curve *= np.tanh(loud) / loud
        return curve

    def _walk(self, power: list[float]) -> tuple[list[float], list[float]]:
        """Gain and average power at the border before the first reading and after every one.

        The average is at every border what the louder of its readings makes it, so that the first stroke
        after silence is not blunted.
        """
        rise, fall = (math.exp(-_STEP / RATE / seconds) for seconds in (_ATTACK, _RELEASE))
        keep = math.exp(-_STEP / RATE / _AVERAGE)
        held, average, slope = self._held, self._average, self._slope
        gains, averages = [self._last], [average + 1e-9]
        for now in power:
            average = max(keep * average + (1 - keep) * now, 0.02 * now)
            over = 10 * math.log10((now + 1e-9) / (average + 1e-9)) - _ABOVE_DB
            if over >= _KNEE_DB / 2:
                wanted = slope * over
            elif over > -_KNEE_DB / 2:
                wanted = slope * (over + _KNEE_DB / 2) ** 2 / (2 * _KNEE_DB)
            else:
                wanted = 0.0
            share = rise if wanted > held else fall
            held = share * held + (1 - share) * wanted
            gains.append(10 ** (-held / 20))
            if len(averages) > 1:  # the block before has already used its last border
                averages[-1] = max(averages[-1], 0.02 * now)
            averages.append(average + 1e-9)
        self._held, self._average, self._last = held, average, gains[-1]
        return gains, averages
