"""Metres, and how patterns that are written for a bar of 4/4 are read in another one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from aimusicverse.engines.studio.genres.vocabulary import bar_of

#: Where the four sixteenths of a beat fall among the six of a dotted one: the off-beat on its third eighth.
_IN_DOTTED = (0, 2, 4, 4)


@dataclass(frozen=True, slots=True)
class Metre:
    """`beats` in a bar as the tempo counts them, `quarters` in a bar, and sixteenths from beat to beat."""

    beats: int
    quarters: int
    pulse: int = 4


METRES = {"4/4": Metre(4, 4), "3/4": Metre(3, 3), "2/4": Metre(2, 2), "6/8": Metre(2, 3, 6)}


@cache
def read(pattern: str, steps: int, compound: bool, bar: int = 0) -> str:
    """The rhythm of the `bar`-th bar, `steps` sixteenths long; a pattern may have several bars.

    A shorter bar takes the beginning. One of two dotted beats takes half a bar, the second half in every
    other `bar`, with its beats stretched to three eighths: what was on the beat stays there, what was between
    two beats falls on the third eighth.
    """
    if not compound:
        return bar_of(pattern, bar, steps)
    text = bar_of(pattern, bar // 2, 16)
    half = text[8:] if bar % 2 and any(char not in ".-" for char in text[8:]) else text[:8]
    result = ["."] * steps
    for step, char in enumerate(half):
        place = step // 4 * 6 + _IN_DOTTED[step % 4]
        if char in ".-":
            continue
        if result[place] == ".":
            result[place] = char
        held = 1
        while step + held < len(half) and half[step + held] == "-":
            held += 1
        stop = step + held
        end = stop // 4 * 6 + (_IN_DOTTED[stop % 4] if stop % 4 else 0)
        if held > 1:
            result[place + 1 : end] = "-" * (end - place - 1)
    return "".join(result)


def rolling(pattern: str, steps: int, speed: int = 1) -> str:
    """An arpeggio for a bar of dotted beats: its tones on every eighth; `speed` characters to a sixteenth."""
    tones = [char for char in pattern if char.isdigit()]
    return "".join(tones[index % len(tones)] + "." * (2 * speed - 1) for index in range(steps // 2))
