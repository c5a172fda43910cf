"""A piece that goes on: as it was up to a bar line, then further in its key, tempo and instruments."""

from __future__ import annotations

import math

from aimusicverse.engines.base import Derived, PlanRefused
from aimusicverse.engines.studio.bars import (
    LEAST_RING,
    LONGEST,
    TIME_SIGNATURES,
    SectionParts,
    bar_seconds,
    bars_within,
    check_length,
    length_of,
    timed,
)
from aimusicverse.engines.studio.before import forms_up_to
from aimusicverse.engines.studio.chance import Chance
from aimusicverse.engines.studio.form import Section, form, form_as_asked
from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.engines.studio.moods import MOODS, NEUTRAL
from aimusicverse.engines.studio.perform import earliest
from aimusicverse.engines.studio.plan import bars_of, energy_of, shifted
from aimusicverse.engines.studio.prompt import Understanding, understand
from aimusicverse.types import GenerationCreate, GenerationWarning, Plan
from aimusicverse.types.generation_request import MOST_EXTENSIONS, MOST_SECTIONS

#: How much longer a piece gets when nobody says how long it is to be, seconds.
_USUAL_ADDITION = 60
#: A bar line that is asked for in hundredths of a second is still that bar line.
_NEAR = 0.01


def extend(plan: Plan, request: GenerationCreate, seed: int) -> Derived:
    """The plan of the piece that goes on from `request.extend_from_seconds`, or after the last bar.

    The piece keeps its seed, so that sections of one name share their themes; `seed` chooses the form of what
    is new.

    Raises:
        PlanRefused: there is nothing to go on from, or no room to go on in.
    """
    bar = bar_seconds(plan.tempo_bpm, plan.time_signature)
    kept = _kept_bars(plan, request, bar)
    if len(forms := forms_up_to(plan, kept)) > MOST_EXTENSIONS:
        raise PlanRefused(
            "extended_too_often",
            f"it went on {MOST_EXTENSIONS} times already; go on from a track that was before",
            field="extend_track_id",
        )
    texts = [("prompt", request.prompt), ("style", request.style or ""), ("tags", ", ".join(request.tags))]
    found = understand(texts, request.negative_tags, TIME_SIGNATURES)
    duration = _duration(plan, request, kept, bar)
    new = _new_sections(plan, request, found, _new_bars(plan, request, kept, bar, duration), seed)
    parts = [*_kept_sections(plan, kept), *new]
    if len(parts) > MOST_SECTIONS:
        raise PlanRefused(
            "too_many_sections", f"a piece has at most {MOST_SECTIONS} sections", field="sections"
        )
    going_on = plan.model_copy(
        update={
            "duration_seconds": duration,
            "sections": timed(parts, bar, duration),
            "continues": forms,
            "understood": dict.fromkeys(
                ("genre", "tempo_bpm", "key", "time_signature", "instruments"), "track"
            ),
            "not_understood": found.not_understood,
            "warnings": _kept_as_it_was(plan, request, found),
        }
    )
    end = kept * bar - _early(plan, kept)
    return Derived(going_on, ((0.0, end),), f"went on from {kept * bar:.3f} s")


def _early(plan: Plan, kept: int) -> float:
    """Seconds before a bar line in which hands may be at its first notes, which are to be the new ones.

    Where a section begins, or the final chord, hands never are."""
    borders = {0}
    for section in plan.sections:
        borders.add(max(borders) + section.bars)
    return 0.0 if kept in borders else earliest(GENRES[plan.genre])


def _kept_bars(plan: Plan, request: GenerationCreate, bar: float) -> int:
    bars = sum(section.bars for section in plan.sections)
    second = request.extend_from_seconds
    if second is None:
        return bars
    if second >= plan.duration_seconds:
        raise PlanRefused(
            "extend_past_end",
            f"the track ends after {plan.duration_seconds:g} s: nothing is there at {second:g} s",
            field="extend_from_seconds",
        )
    kept = min(bars, int((second + _NEAR) / bar))
    if not kept:
        raise PlanRefused(
            "extend_too_early",
            f"the first bar ends after {bar:.2f} s: at {second:g} s there is nothing to keep",
            field="extend_from_seconds",
        )
    return kept


def _duration(plan: Plan, request: GenerationCreate, kept: int, bar: float) -> float:
    if "duration_seconds" in request.model_fields_set:
        return float(request.duration_seconds)
    if request.sections:
        ring = GENRES[plan.genre].ring_seconds
        return length_of(kept + bars_of(request.sections), bar, ring)
    return min(LONGEST, float(math.ceil(kept * bar) + _USUAL_ADDITION))


def _new_bars(plan: Plan, request: GenerationCreate, kept: int, bar: float, duration: float) -> int:
    """How many bars are added; at least one."""
    if request.sections:
        bars = bars_of(request.sections)
        check_length(kept + bars, plan.tempo_bpm, plan.time_signature, duration, field="sections")
        return bars
    least = (kept + 1) * bar + LEAST_RING
    if least > LONGEST:
        raise PlanRefused(
            "extend_too_long",
            f"{kept * bar:.2f} s are kept, and no piece is longer than {LONGEST:g} s: go on from earlier",
            field="extend_from_seconds",
        )
    if least > duration + 1e-6:
        raise PlanRefused(
            "extend_too_short",
            f"{kept * bar:.2f} s are kept; one more bar and the end take until "
            f"{math.ceil(least * 100) / 100:g} s: duration_seconds is {duration:g}",
            field="duration_seconds",
        )
    return max(1, bars_within(duration, bar, GENRES[plan.genre].ring_seconds) - kept)


def _kept_sections(plan: Plan, bars: int) -> list[SectionParts]:
    parts: list[SectionParts] = []
    for section in plan.sections:
        if left := min(section.bars, bars - sum(part[1] for part in parts)):
            parts.append((section.name, left, section.energy, section.take))
    return parts


def _new_sections(
    plan: Plan, request: GenerationCreate, found: Understanding, bars: int, seed: int
) -> list[SectionParts]:
    mood = MOODS.get(found.mood or plan.mood or "", NEUTRAL)
    if request.sections:
        return [(part.name, part.bars, energy_of(part, mood), part.take) for part in request.sections]
    kind, chance = GENRES[plan.genre].form, Chance("extension", plan.seed, seed)
    if found.sections:
        parts = form_as_asked(found.sections, kind, bars, chance)
    else:
        parts = _without_opening(form(kind, bars, chance), chance)
    return [(part.name, part.bars, shifted(part.energy, mood), 0) for part in parts]


def _without_opening(parts: list[Section], chance: Chance) -> list[Section]:
    """The genre's form without its quiet beginning, its middle beginning anywhere."""
    if len(parts) > 1 and parts[0].energy < 0.5:
        opening, first, *rest = parts
        parts = [Section(first.name, opening.bars + first.bars, first.energy), *rest]
    middle, end = parts[:-1], parts[-1:]
    turn = chance.below(len(middle)) if middle else 0
    return [*middle[turn:], *middle[:turn], *end]


def _kept_as_it_was(plan: Plan, request: GenerationCreate, found: Understanding) -> list[GenerationWarning]:
    """What was asked for and cannot be: the piece stays one piece."""
    tempo, key = request.tempo_bpm or found.tempo_bpm, request.key or found.key
    others = {name for name in found.instruments if name not in found.loose} - set(plan.instruments)
    kept = [
        what
        for what, differs in (
            (f"genre ({plan.genre})", found.genre not in (None, plan.genre)),
            (f"tempo ({plan.tempo_bpm:g} bpm)", tempo not in (None, plan.tempo_bpm)),
            (f"key ({plan.key})", key not in (None, plan.key)),
            (f"metre ({plan.time_signature})", found.time_signature not in (None, plan.time_signature)),
            ("instruments", bool(others or set(found.without) & set(plan.instruments))),
        )
        if differs
    ]
    if not kept:
        return []
    return [
        GenerationWarning(
            code="extension_keeps", message=f"A track goes on in its own {', '.join(kept)}: that was kept."
        )
    ]
