"""What a piece goes on from.

A piece that goes on keeps the notes of its beginning. They were written for another form: the last bar that
is kept may have been a cadence, or the middle of a section. So a plan remembers that form, and each part of
the piece is composed in the form that it was composed in first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aimusicverse.engines.base import PlanRefused
from aimusicverse.engines.studio.bars import timed
from aimusicverse.engines.studio.score import Part, Score
from aimusicverse.engines.studio.theory import Chord
from aimusicverse.types import Plan, PlanBefore, PlanEdit


def earlier_forms(edit: PlanEdit, bar: float) -> list[PlanBefore]:
    """What an edited plan goes on from.

    Raises:
        PlanRefused: `continues_unfit`: more is kept than there is, or not more each time.
    """
    forms, kept = [], 0
    bars = sum(section.bars for section in edit.sections)
    for index, before in enumerate(edit.continues):
        there = sum(section.bars for section in before.sections)
        if not kept < before.bars <= min(there, bars) or there * bar > before.duration_seconds + 1e-6:
            raise PlanRefused(
                "continues_unfit",
                f"of {there} bars, {before.bars} cannot be kept: each time it must be more than the {kept} "
                f"before, at most the {bars} of the plan, and all last at most {before.duration_seconds:g} s",
                field=f"plan.continues[{index}].bars",
            )
        kept = before.bars
        parts = [(part.name, part.bars, part.energy, part.take) for part in before.sections]
        length = before.duration_seconds
        forms.append(PlanBefore(sections=timed(parts, bar, length), bars=kept, duration_seconds=length))
    return forms


def forms_up_to(plan: Plan, bars: int) -> list[PlanBefore]:
    """What the first `bars` bars of a piece were composed in."""
    forms: list[PlanBefore] = []
    last = PlanBefore(sections=plan.sections, bars=bars, duration_seconds=plan.duration_seconds)
    for form in (*plan.continues, last):
        forms.append(form.model_copy(update={"bars": min(form.bars, bars)}))
        if form.bars >= bars:
            break
    return forms


def form_before(plan: Plan, before: PlanBefore) -> Plan:
    """The plan of the piece as it was before it went on."""
    return plan.model_copy(
        update={
            "sections": before.sections,
            "duration_seconds": before.duration_seconds,
            "continues": [],
        }
    )


def joined(earlier: Sequence[tuple[Score, int]], last: Score) -> Score:
    """Of each earlier score what begins in its bars that are kept, then what is new in the last one."""
    per_bar = last.frame.beats_per_bar
    score = last
    for before, bars in reversed(earlier):
        score = _cut(before, score, float(bars * per_bar))
    return score


def _cut(before: Score, after: Score, beat: float) -> Score:
    edge = beat - 1e-6
    chords = [_ended(chord, beat) for chord in before.chords if chord.start < edge]
    chords += [chord for chord in after.chords if chord.start >= edge]
    parts = tuple(
        Part(
            new.instrument,
            new.role,
            [note for note in old.notes if note.start < edge] + [n for n in new.notes if n.start >= edge],
        )
        for old, new in zip(before.parts, after.parts, strict=True)
    )
    earlier = ((beat, before.frame), *after.earlier)
    return replace(after, chords=tuple(chords), parts=parts, earlier=earlier)


def _ended(chord: Chord, beat: float) -> Chord:
    return replace(chord, beats=min(chord.beats, beat - chord.start))
