"""How much work a piece is, counted before it is done, so that progress (`course`) tells shares of the time.

Milliseconds of the machine where they were measured; only what they are to each other matters. With two
threads the notes of one block are played while another goes through the bus: a block takes as long as the
longer of both.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from aimusicverse.engines.studio.ahead import WAITING
from aimusicverse.engines.studio.desk import BLOCK, STRUCK
from aimusicverse.engines.studio.finish import finish_of
from aimusicverse.engines.studio.note_effort import Playing
from aimusicverse.engines.studio.perform import Event
from aimusicverse.engines.studio.score import Score
from aimusicverse.engines.studio.synth.partials import RATE
from aimusicverse.engines.studio.synth.voices import VOICES

_PIECE, _EVENT = 6.0, 0.011  # composing and performing
_DESK, _STRUCK, _PITCHED, _CHORUS = 0.15, 0.65, 0.35, 0.31  # for a block: all, each channel
_ROOM, _BUS, _GLUE = 24.0, 3.1, 0.55  # once; for a block
_MASTER, _MILLION, _PART = 8.0, 31.0, 25.0  # once; for a million samples, of the master and of a part
#: One thread alone is so much quicker than each of two side by side.
_ALONE = 0.75
#: A block may be played when so many before it are not through: one in the bus, those that wait, and itself.
_AHEAD = WAITING + 2


def of_composing(events: int) -> float:
    """What comes before the first sample."""
    return _PIECE + _EVENT * events


def of_notes(score: Score, events: Sequence[Event]) -> list[float]:
    """What each event costs."""
    playing = Playing()
    return [
        playing.cost(score.parts[event.part].instrument, event, turn) for turn, event in enumerate(events)
    ]


def of_rendering(score: Score, events: Sequence[Event], samples: int, threads: int) -> list[float]:
    """What has been done when each block is through channels and bus."""
    played = _of_desk(score, events, samples)
    bus = _of_bus(score)
    if threads < 2:
        return _one_by_one(played, bus, _ROOM)
    return side_by_side(played, bus)


def side_by_side(played: Sequence[float], bus: float) -> list[float]:
    """When each block is through the bus, if one thread plays them and another has the bus, as in `ahead`."""
    through: list[float] = []
    heard = 0.0
    for number, notes in enumerate(played):
        free = through[number - _AHEAD] if number >= _AHEAD else _ROOM
        heard = max(heard, free) + notes
        through.append(max(through[-1] if through else 0.0, heard) + bus)
    return through


def of_parts(score: Score, events: Sequence[Event], samples: int) -> list[float]:
    """The same if each part goes through a bus and a room of its own, one after the other."""
    parts = len({event.part for event in events})
    return _one_by_one(_of_desk(score, events, samples), parts * _of_bus(score), parts * _ROOM)


def _one_by_one(played: Sequence[float], bus: float, room: float) -> list[float]:
    return list(accumulate((_ALONE * (notes + bus) for notes in played), initial=_ALONE * room))[1:]


def of_mastering(samples: int) -> float:
    """What mastering and writing cost."""
    return _MASTER + _MILLION * samples / 1e6


def of_writing_a_part(samples: int) -> float:
    """What writing the file of one part costs."""
    return _ALONE * _PART * samples / 1e6


def _of_desk(score: Score, events: Sequence[Event], samples: int) -> list[float]:
    """What each block costs before the bus: notes where they begin, and channels."""
    struck = sum(part.role in STRUCK for part in score.parts)
    chorus = sum(bool(VOICES[part.instrument].chorus) for part in score.parts if part.instrument in VOICES)
    channels = _DESK + _STRUCK * struck + _PITCHED * (len(score.parts) - struck) + _CHORUS * chorus
    blocks = [channels] * -(-samples // BLOCK)
    for event, cost in zip(events, of_notes(score, events), strict=True):
        blocks[min(len(blocks) - 1, max(0, int(event.start * RATE) // BLOCK))] += cost
    return blocks


def _of_bus(score: Score) -> float:
    finish = finish_of(score.frame)
    return _BUS + _GLUE * (finish.ratio > 1 or finish.tape > 0)
