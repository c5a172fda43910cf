"""The stems: each part of a piece alone, through channel and bus as in the mix.

The bus is linear, and the gain that holds the mix together is the same for all parts: what they give one by
one adds up to the mix before mastering. They are not mastered: a limiter acts on the sum, and no part has a
share of its own in that.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import numpy as np

from aimusicverse.audio.files import Writer
from aimusicverse.audio.tags import Tags
from aimusicverse.audio.true_peak import decibels
from aimusicverse.engines.base import Order, Stem, StemsRendering
from aimusicverse.engines.studio import rough
from aimusicverse.engines.studio.arrange import write_score
from aimusicverse.engines.studio.bus import Bus
from aimusicverse.engines.studio.course import Course
from aimusicverse.engines.studio.desk import BLOCK, Desk
from aimusicverse.engines.studio.effort import of_composing, of_parts, of_writing_a_part
from aimusicverse.engines.studio.finish import Glue, finish_of
from aimusicverse.engines.studio.master import BIT_DEPTH
from aimusicverse.engines.studio.perform import Event, perform
from aimusicverse.engines.studio.render import Report
from aimusicverse.engines.studio.score import Part, Score
from aimusicverse.engines.studio.soundfont.source import source_of
from aimusicverse.engines.studio.synth.cache import NoteSource
from aimusicverse.engines.studio.synth.partials import F32, RATE

#: The highest sample of the loudest stem, or of the sum of all.
CEILING_DBFS = -1.0


def render_stems(
    order: Order, workspace: Path, report: Report, course: Course | None = None
) -> StemsRendering:
    """Write the parts of a plan as `workspace`/01-drums.wav and so on: 44.1 kHz, stereo, 24 bits.

    Parts that never play have no file. Each file is as long as the recording, and has the order's tags,
    its instrument in the title. The same plan and tags give the same bytes. What is not levelled yet waits in
    files, so memory does not grow with the length of the piece. `course` knows since when somebody waits.
    """
    course = Course() if course is None else course
    report("compose", 0.0)
    plan = order.plan
    score = write_score(plan)
    events = perform(score)
    samples = round(plan.duration_seconds * RATE)
    composed, blocks = of_composing(len(events)), of_parts(score, events, samples)
    parts, each = len({event.part for event in events}), of_writing_a_part(samples)
    whole = composed + blocks[-1] + each * parts
    report("arrange", course.share(composed, whole - composed))

    def heard(block: int) -> None:
        done = composed + blocks[block]
        report("render", course.share(done, whole - done))

    with source_of(order, score) as source:
        takes, highest = record(score, events, samples, workspace, heard, source)
    gain_db = _gain_db(max([highest, *(take.peak for take in takes)]))
    stems = []
    for left, take in zip(range(len(takes), 0, -1), takes, strict=True):
        report("write", course.share(whole - each * left, each * left))
        stems.append(_write(take, workspace, gain_db, _said(order, take.part)))
    report("write", 1.0)
    return StemsRendering(tuple(stems), gain_db, samples / RATE, RATE, 2, BIT_DEPTH)


class Take:
    """One part as it sounds in the mix, in a rough file: (2, N) as interleaved float32."""

    def __init__(self, number: int, part: Part, file: Path, bus: Bus) -> None:
        """Nothing is played yet; `number` counts from 1."""
        self.name = f"{number:02d}-{part.instrument.replace(' ', '-')}"
        self.part = part
        self.peak = 0.0
        self._path = file
        self._bus = bus

    def play(self, dry: F32, send: F32, start: int, gain: F32 | None, samples: int, file: BinaryIO) -> F32:
        """The channel's block at sample `start`, as it is heard under the `gain` that holds the mix
        together; it is written to `file`, too."""
        block = self._bus.process(dry, send, start, gain)[:, : samples - start]
        self.peak = max(self.peak, _highest(block))
        rough.append(file, block)
        return block

    def open(self) -> BinaryIO:
        """Its rough file, to be written."""
        return self._path.open("wb")

    def blocks(self) -> Iterator[F32]:
        """What was played, as (2, N) blocks."""
        return rough.blocks(self._path, BLOCK)

    def discard(self) -> None:
        """Remove its rough file."""
        self._path.unlink()


def record(
    score: Score,
    events: Sequence[Event],
    samples: int,
    workspace: Path,
    heard: Callable[[int], None],
    source: NoteSource | None = None,
) -> tuple[list[Take], float]:
    """All parts that are heard, in one pass over the piece; and the highest sample of their sum.

    `heard` is told the number of each block that is recorded.
    """
    desk = Desk(score, events, source)
    playing = {event.part for event in events}
    takes = {
        index: Take(number, score.parts[index], workspace / f"{number:02d}.f32", Bus(score.frame, samples))
        for number, index in enumerate(sorted(playing), 1)
    }
    glue, highest = Glue(finish_of(score.frame)), 0.0
    with ExitStack() as stack:
        files = {index: stack.enter_context(take.open()) for index, take in takes.items()}
        for number, start in enumerate(range(0, samples, BLOCK)):
            together = np.zeros((2, min(BLOCK, samples - start)), np.float32)
            channels = desk.block(start)
            gain = glue.gain(np.sum([dry for dry, _ in channels], axis=0))
            for index, (dry, send) in enumerate(channels):
                if index in takes:
                    together += takes[index].play(dry, send, start, gain, samples, files[index])
            highest = max(highest, _highest(together))
            heard(number)
    return [take for take in takes.values() if take.peak], highest


def _gain_db(highest: float) -> float:
    """What brings the highest sample to the ceiling, rounded down to a hundredth; nothing for silence."""
    if not highest:
        return 0.0
    return math.floor((CEILING_DBFS - decibels(highest)) * 100) / 100


def _said(order: Order, part: Part) -> Tags | None:
    if not order.tags:
        return None
    tags = Tags.of(order.tags)
    return replace(tags, title=tags.title and f"{tags.title} ({part.instrument})")


def _write(take: Take, workspace: Path, gain_db: float, said: Tags | None) -> Stem:
    path, gain = workspace / f"{take.name}.wav", 10 ** (gain_db / 20)
    with Writer(path, sample_rate=RATE, format="wav", bit_depth=BIT_DEPTH, tags=said) as writer:
        for block in take.blocks():
            writer.write(block * np.float32(gain))
    take.discard()
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Stem(
        name=take.name,
        instrument=take.part.instrument,
        role=take.part.role,
        path=path,
        sha256=digest,
        size_bytes=path.stat().st_size,
        peak_dbfs=round(decibels(take.peak * gain), 2),
    )


def _highest(block: F32) -> float:
    return float(np.abs(block).max())
