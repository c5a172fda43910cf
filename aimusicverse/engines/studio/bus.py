"""The bus behind the channels: the room, the genre's colour, the width of the stage, the tape, the last fade.

All of it is linear, so the sum of what two buses give is what one bus gives for the sum. What depends on
how loud the whole is comes as a curve from `finish.Glue`, the same for every bus.
"""

from __future__ import annotations

import numpy as np

from aimusicverse.audio.filters import Cascade, high_shelf, highpass, lowpass
from aimusicverse.engines.studio.desk import BLOCK
from aimusicverse.engines.studio.finish import finish_of
from aimusicverse.engines.studio.room import Room
from aimusicverse.engines.studio.score import Frame
from aimusicverse.engines.studio.synth.partials import F32, RATE
from aimusicverse.engines.studio.tape import Wow
from aimusicverse.engines.studio.words.music import SOUNDS

#: However many sounds are asked for, treble, room and width stay within these.
_LEAST_TILT_DB, _MOST_ROOM_DB = 0.0, 6.0
_NARROWEST = 0.7


class Bus:
    """Blocks of channels in, blocks of the mix out; tails carry over. `samples`: the length of the piece."""

    def __init__(self, frame: Frame, samples: int) -> None:
        sounds = [SOUNDS[name] for name in frame.plan.sounds]
        tilt = max(_LEAST_TILT_DB, frame.genre.tilt_db + sum(sound.tilt_db for sound in sounds))
        top = min([frame.genre.top_hz, *(sound.top_hz for sound in sounds)])
        wet_db = max(-_MOST_ROOM_DB, min(_MOST_ROOM_DB, sum(sound.room_db for sound in sounds)))
        self._polish = Cascade((highpass(24, RATE), high_shelf(1100, RATE, tilt), lowpass(top, RATE)), 2)
        self._room, self._wet = Room(frame.genre.space, BLOCK), np.float32(10 ** (wet_db / 20))
        wow = finish_of(frame).wow
        self._tape = Wow(wow) if wow else None
        self._width = _width(frame)
        self._samples = samples

    def process(self, dry: F32, send: F32, start: int, gain: F32 | None = None) -> F32:
        """The block at sample `start`: (2, BLOCK) of channels and (BLOCK,) for the room → (2, BLOCK).

        `gain`: what `Glue` wants, (BLOCK,). Blocks come in their order.
        """
        out = dry + self._room.process(send * self._wet)
        if gain is not None:
            out *= gain
        out = np.asarray(self._polish.process(out), np.float32)
        if self._width != 1:
            side = (out[0] - out[1]) * np.float32((self._width - 1) / 2)
            out += np.stack((side, -side))
        if self._tape:
            out = self._tape.process(out, start)
        _fade(out, start, self._samples)
        return out


def _width(frame: Frame) -> float:
    """What the difference of the sides is multiplied by; a genre whose room is wide already gets no wider."""
    factor = 1.0
    for name in frame.plan.sounds:
        factor *= SOUNDS[name].width
    open_room = max(0.0, min(1.0, (frame.genre.space.level_db + 14) / 4))
    return max(_NARROWEST, min(1.2 - 0.2 * open_room, factor))


def _fade(block: F32, start: int, samples: int) -> None:
    """The last second falls away, so that what still rings ends in silence and not in a cut."""
    length = min(RATE, samples // 6)
    first = samples - length
    if start + block.shape[1] <= first:
        return
    left = samples - (start + np.arange(block.shape[1]))
    shape = np.clip(left / length, 0, 1)
    block *= np.asarray(np.sin(shape * np.pi / 2) ** 2, np.float32)
