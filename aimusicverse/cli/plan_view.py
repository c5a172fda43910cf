"""A plan as a person sees it: what was understood, where from, and the form as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aimusicverse.cli.durations import clock
from aimusicverse.cli.safe_text import one_line

if TYPE_CHECKING:
    from aimusicverse.types import Plan

_PICTURE_WIDTH = 24


def lines(plan: Plan) -> list[str]:
    """Two blocks: the decisions with their sources, and the sections with their energy."""
    decisions = [
        ("genre", plan.genre, "genre"),
        ("mood", plan.mood, "mood"),
        ("tempo", f"{plan.tempo_bpm:g} bpm", "tempo_bpm"),
        ("key", plan.key, "key"),
        ("time", plan.time_signature, "time_signature"),
        ("duration", clock(plan.duration_seconds), "duration_seconds"),
        ("instruments", ", ".join(plan.instruments), "instruments"),
        ("sounds", ", ".join(plan.sounds), "sounds"),
        ("seed", str(plan.seed), "seed"),
        ("engine", plan.engine, "engine"),
    ]
    shown = [(label, one_line(value), source) for label, value, source in decisions if value]
    label_width = max(len(label) for label, _, _ in shown)
    value_width = min(max(len(value) for _, value, _ in shown), 40)
    told = []
    for label, value, source in shown:
        why = plan.understood.get(source)
        line = f"{label.ljust(label_width)}  {value.ljust(value_width)}"
        told.append((f"{line}  ({one_line(why)})" if why else line).rstrip())
    return [*told, *_left(plan), "", *_sections(plan)]


def _left(plan: Plan) -> list[str]:
    """What was done otherwise than asked, and what nobody could make sense of."""
    lines = [f"warning: {one_line(warning.message)}" for warning in plan.warnings]
    if plan.not_understood:
        lines.append(f"not understood: {', '.join(map(one_line, plan.not_understood))}")
    return ["", *lines] if lines else []


def _sections(plan: Plan) -> list[str]:
    width = max((len(one_line(section.name)) for section in plan.sections), default=0)
    return [
        f"{clock(section.start_seconds):>6}  {one_line(section.name).ljust(width)}  "
        f"{section.bars:>3} {_unit(section.bars)}  {'█' * round(section.energy * _PICTURE_WIDTH)}".rstrip()
        for section in plan.sections
    ]


def _unit(bars: int) -> str:
    return "bar " if bars == 1 else "bars"
