"""A structure as a person reads it: sections, and under each its chords, four bars to a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from aimusicverse.cli.durations import clock
from aimusicverse.cli.safe_text import one_line

if TYPE_CHECKING:
    from aimusicverse.types import Structure, StructureSection

_BARS_IN_A_LINE = 4
#: A bar in which the chord before goes on.
_THE_SAME = "%"


def lines(structure: Structure) -> Iterator[str]:
    """What it is, then each section: where it begins, its name, its bars."""
    yield "  ".join(_facts(structure))
    bars = _bars(structure)
    width = max(map(len, bars), default=0)
    if not structure.chords:
        yield ""
    for section in structure.sections:
        if structure.chords:
            yield ""
        yield _heading(section)
        if section.first_bar is not None and section.bars is not None and structure.chords:
            first = section.first_bar - 1
            yield from _staff(bars[first : first + section.bars], width)
    if structure.bars is not None and len(bars) > structure.bars:
        end = structure.downbeats[structure.bars] if len(structure.downbeats) > structure.bars else None
        yield ""
        yield "end" if end is None else f"{clock(end)}  end"
        yield from _staff(bars[structure.bars :], width)


def _facts(structure: Structure) -> Iterable[str]:
    if structure.key:
        yield one_line(structure.key)
    if structure.tempo_bpm:
        # What was heard is not known to the hundredth.
        yield f"{structure.tempo_bpm:.1f} bpm" if structure.estimated else f"{structure.tempo_bpm:g} bpm"
    if structure.time_signature:
        yield one_line(structure.time_signature)
    yield clock(structure.duration_seconds)
    if structure.estimated:
        yield "(estimated from the sound)"


def _heading(section: StructureSection) -> str:
    bars = "" if section.bars is None else f"  {section.bars} bar{'s' * (section.bars != 1)}"
    take = f"  take {section.take}" if section.take else ""
    return f"{clock(section.start_seconds)}  {one_line(section.name)}{bars}{take}"


def _bars(structure: Structure) -> list[str]:
    """What stands in each bar, from the first to the last in which a chord begins."""
    last = max((chord.bar for chord in structure.chords), default=0)
    bars: list[list[str]] = [[] for _ in range(max(last, structure.bars or 0))]
    for chord in structure.chords:
        bars[chord.bar - 1].append(one_line(chord.symbol))
    return [" ".join(bar) or _THE_SAME for bar in bars]


def _staff(bars: list[str], width: int) -> Iterator[str]:
    edges = [*range(0, len(bars), _BARS_IN_A_LINE), len(bars)]
    for first, end in pairwise(edges):
        yield "  | " + " | ".join(bar.ljust(width) for bar in bars[first:end]) + " |"
