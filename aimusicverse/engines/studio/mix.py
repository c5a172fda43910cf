"""The mix: all events through their channels and the bus, in blocks, whatever the length of the piece."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from aimusicverse.engines.studio.ahead import ahead
from aimusicverse.engines.studio.bus import Bus
from aimusicverse.engines.studio.desk import BLOCK, Desk
from aimusicverse.engines.studio.finish import Glue, finish_of
from aimusicverse.engines.studio.perform import Event
from aimusicverse.engines.studio.score import Score
from aimusicverse.engines.studio.synth.cache import NoteSource
from aimusicverse.engines.studio.synth.partials import F32


def mix(
    score: Score,
    events: Sequence[Event],
    samples: int,
    threads: int = 1,
    source: NoteSource | None = None,
) -> Iterator[F32]:
    """The piece as (2, N) blocks, `samples` in all, not yet mastered.

    With two `threads` the next notes are played while a block goes through the bus; the samples are the same.
    `source` sounds what it can.
    """
    bus, glue = Bus(score.frame, samples), Glue(finish_of(score.frame))
    for start, dry, send in ahead(_played(score, events, samples, source), threads):
        yield bus.process(dry, send, start, glue.gain(dry))[:, : samples - start]


def _played(
    score: Score, events: Sequence[Event], samples: int, source: NoteSource | None
) -> Iterator[tuple[int, F32, F32]]:
    """Block by block: where it starts, the sum of all channels, what they send to the room."""
    desk = Desk(score, events, source)
    for start in range(0, samples, BLOCK):
        dry, send = np.zeros((2, BLOCK), np.float32), np.zeros(BLOCK, np.float32)
        for channel, to_room in desk.block(start):
            dry += channel
            send += to_room
        yield start, dry, send
