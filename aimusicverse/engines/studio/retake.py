"""A section composed anew, while all others stay as they are."""

from __future__ import annotations

from collections.abc import Sequence

from aimusicverse.engines.base import Derived
from aimusicverse.engines.studio.bars import bar_seconds
from aimusicverse.types import Plan, PlanSection
from aimusicverse.types.generation_request import MOST_TAKES


def retake(plan: Plan, section: int, take: int | None = None) -> Derived:
    """The plan with another take of a section (counted from 0): the one of that number, or the next.

    Kept is the recording before the section's first bar and after its last one; the last section goes on to
    the end of the piece.
    """
    now = plan.sections[section]
    bar = bar_seconds(plan.tempo_bpm, plan.time_signature)
    first = sum(part.bars for part in plan.sections[:section])
    number = (now.take + 1) % (MOST_TAKES + 1) if take is None else take
    # Where the piece had gone on, the section is composed in the form that it had before.
    earlier = [
        form.model_copy(update={"sections": _with_take(form.sections, section, number)})
        if first < form.bars
        else form
        for form in plan.continues
    ]
    new = plan.model_copy(
        update={"sections": _with_take(plan.sections, section, number), "continues": earlier}
    )
    kept = []
    if first:
        kept.append((0.0, first * bar))
    if section < len(plan.sections) - 1:
        kept.append(((first + now.bars) * bar, plan.duration_seconds))
    return Derived(new, tuple(kept), f"section {section} ({now.name}) played anew, take {number}")


def _with_take(sections: Sequence[PlanSection], index: int, take: int) -> list[PlanSection]:
    return [
        part.model_copy(update={"take": take}) if place == index else part
        for place, part in enumerate(sections)
    ]
