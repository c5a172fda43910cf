"""The mix: all events through their channels and the bus, in blocks, whatever the length of the piece."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from aimusicverse.engines.studio.bus import Bus
from aimusicverse.engines.studio.desk import BLOCK, Desk
from aimusicverse.engines.studio.finish import Glue, finish_of
from aimusicverse.engines.studio.perform import Event
from aimusicverse.engines.studio.score import Score
from aimusicverse.engines.studio.synth.partials import F32


def mix(score: Score, events: Sequence[Event], samples: int, heard: Callable[[float], None]) -> Iterator[F32]:
    """The piece as (2, N) blocks, `samples` in all, not yet mastered.

    `heard` is told the share of events that have sounded, often.
    """
    desk, bus = Desk(score, events, heard), Bus(score.frame, samples)
    glue = Glue(finish_of(score.frame))
    for start in range(0, samples, BLOCK):
        dry, send = np.zeros((2, BLOCK), np.float32), np.zeros(BLOCK, np.float32)
        for channel, to_room in desk.block(start):
            dry += channel
            send += to_room
        yield bus.process(dry, send, start, glue.gain(dry))[:, : samples - start]
        heard(desk.share)
