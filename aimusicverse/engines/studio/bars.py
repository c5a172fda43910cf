"""Bars against seconds.

Bars fill the piece up to its last moments, and the final chord rings from there to the end. So the last
section is as long as its bars and that ring together, and all sections add up to the duration.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from aimusicverse.engines.base import PlanRefused
from aimusicverse.engines.studio.metre import METRES
from aimusicverse.types import PlanSection

#: Beats in a bar, as the tempo counts them; those of 6/8 are dotted.
TIME_SIGNATURES = {name: metre.beats for name, metre in METRES.items()}
LEAST_RING, _MOST_RING, _SHORTER = 1.0, 12.0, 0.7
_SHORTEST, LONGEST = 5.0, 600.0

#: Name, bars, energy, take.
SectionParts = tuple[str, int, float, int]


def bar_seconds(tempo_bpm: float, time_signature: str) -> float:
    """How long a bar lasts."""
    return TIME_SIGNATURES[time_signature] * 60 / tempo_bpm


def signature_for(wanted: str, tempo: float, duration: float) -> str:
    """The metre that was asked for; a shorter one where the piece is too short for it."""
    order = (wanted, *(name for name in ("3/4", "2/4") if TIME_SIGNATURES[name] < TIME_SIGNATURES[wanted]))
    return next((name for name in order if bar_seconds(tempo, name) + LEAST_RING <= duration), "2/4")


def bars_within(duration: float, bar: float, ring: float) -> int:
    """Whole bars in a piece of `duration` seconds; 0 where not even one fits.

    Kept for the final chord is most of the genre's own `ring` (seconds), less in a short piece: another bar
    is better than a chord that has died away before the end.
    """
    ring = max(LEAST_RING, min(_SHORTER * ring, duration / 5, duration - bar))
    return int((duration - ring) / bar + 1e-9)


def length_of(bars: int, bar: float, ring: float) -> float:
    """The seconds that so many bars and their final chord take, in hundredths.

    Raises:
        PlanRefused: `sections_too_long`: they last longer than any piece may.
    """
    played = bars * bar
    if played + LEAST_RING > LONGEST:
        raise PlanRefused(
            "sections_too_long",
            f"{bars} bars of {bar:.2f} s last {played:.0f} s: a piece has at most {LONGEST:g} s",
            field="sections",
        )
    exact = max(_SHORTEST, played + max(LEAST_RING, min(_SHORTER * ring, played / 4)))
    return min(LONGEST, math.ceil(exact * 100 - 1e-6) / 100)


def check_length(bars: int, tempo: float, signature: str, duration: float, *, field: str) -> None:
    """See that so many bars fill a piece.

    Raises:
        PlanRefused: `sections_too_long` or `sections_too_short`, about `field`.
    """
    bar = bar_seconds(tempo, signature)
    ring = duration - bars * bar
    at = f"{bars} bars at {tempo:g} bpm last {bars * bar:.2f} s"
    if ring < LEAST_RING - 1e-6:
        raise PlanRefused(
            "sections_too_long",
            f"{at}, and the end needs {LEAST_RING:g} s more: duration_seconds is {duration:g}. "
            f"{_what_would_do(bars, bar, duration)}",
            field=field,
        )
    if ring > max(_MOST_RING, bar + LEAST_RING) + 1e-6:
        raise PlanRefused(
            "sections_too_short",
            f"{at}, duration_seconds is {duration:g}: add about {int((ring - 2) / bar)} bars",
            field=field,
        )


def _what_would_do(bars: int, bar: float, duration: float) -> str:
    longer = math.ceil(bars * bar + LEAST_RING - 1e-6)
    too_many = bars - int((duration - LEAST_RING) / bar + 1e-6)
    less = f"take out {too_many} bar{'s' * (too_many > 1)}"
    if too_many >= bars:
        less = "raise the tempo"
    return f"Give it {longer} s, or {less}" if longer <= LONGEST else less.capitalize()


def timed(parts: Sequence[SectionParts], bar: float, duration: float) -> list[PlanSection]:
    """Sections with their places; the last one ends with the piece."""
    sections, at = [], 0
    for index, (name, bars, energy, take) in enumerate(parts):
        start = round(at * bar, 6)
        at += bars
        end = duration if index == len(parts) - 1 else round(at * bar, 6)
        sections.append(
            PlanSection(
                name=name,
                bars=bars,
                energy=energy,
                start_seconds=start,
                duration_seconds=round(end - start, 6),
                take=take,
            )
        )
    return sections
