"""The form of a piece: which sections, how long, how full; scaled to the bars there are."""

from __future__ import annotations

from dataclasses import dataclass

from aimusicverse.engines.studio.chance import Chance
from aimusicverse.engines.studio.words.music import CLOSINGS, OPENINGS, SECTIONS

#: What a plan may have: sections, bars in one, and sections that a prompt may name.
_MOST_SECTIONS, _MOST_BARS, _MOST_ASKED = 64, 256, 16
#: From so many bars on a piece is long: its form repeats, in phrases of sixteen bars.
_LONG = 640
#: Names, lengths in units, energies.
_Shape = tuple[tuple[str, int, float], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of the form in bars."""

    name: str
    bars: int
    energy: float


def _shape(text: str) -> _Shape:
    """From "intro 1 .3 | verse 2 .55": names, units, energies."""
    parts = (part.split() for part in text.split("|"))
    return tuple((" ".join(words[:-2]), int(words[-2]), float(words[-1])) for words in parts)


# From short to long; the longest that fits is taken, and its middle repeats when even that is too short.
_FORMS: dict[str, tuple[_Shape, ...]] = {
    "song": (
        _shape("theme 1 .7"),
        _shape("theme 2 .7 | outro 1 .4"),
        _shape("intro 1 .3 | theme 2 .75 | outro 1 .4"),
        _shape("intro 1 .3 | verse 2 .55 | chorus 2 .85 | outro 1 .35"),
        _shape("intro 1 .3 | verse 2 .55 | chorus 2 .85 | bridge 1 .4 | chorus 2 .9 | outro 1 .35"),
        _shape("intro 1 .3 | verse 2 .55 | chorus 2 .85 | verse 2 .6 | chorus 2 .9 | outro 1 .35"),
        _shape(
            "intro 1 .3 | verse 2 .55 | chorus 2 .85 | verse 2 .6"
            " | bridge 1 .4 | chorus 2 .95 | outro 1 .35"
        ),
        _shape("intro 1 .3 | verse 2 .55 | chorus 2 .8 | verse 2 .6 | chorus 2 .85"
        " | bridge 2 .4 | chorus 2 .95"
               " | outro 1 .35"),
    ),
    "anthem": (
        _shape("chorus 1 .9"),
        _shape("chorus 2 .9 | outro 1 .4"),
        _shape("intro 1 .3 | chorus 2 .9 | outro 1 .4"),
        _shape("intro 1 .3 | verse 2 .42 | chorus 2 .95 | outro 1 .35"),
        _shape("intro 1 .3 | verse 2 .42 | chorus 2 .9 | bridge 1 .36 | chorus 2 1 | outro 1 .35"),
        _shape("intro 1 .3 | verse 2 .42 | chorus 2 .9 | verse 2 .44 | chorus 2 1 | outro 1 .35"),
        _shape(
            "intro 1 .3 | verse 2 .42 | chorus 2 .9 | verse 2 .44"
            " | bridge 1 .36 | chorus 2 1 | outro 1 .35"
        ),
        _shape("intro 1 .3 | verse 2 .42 | chorus 2 .9 | verse 2 .44 | chorus 2 .9"
        " | bridge 2 .36 | chorus 2 1"
               " | outro 1 .35"),
    ),
    "club": (
        _shape("drop 1 .85"),
        _shape("build 1 .5 | drop 2 .85"),
        _shape("intro 1 .35 | drop 2 .85 | outro 1 .4"),
        _shape("intro 1 .35 | build 1 .55 | drop 2 .9 | outro 1 .4"),
        _shape("intro 1 .35 | build 1 .55 | drop 2 .85 | breakdown 1 .3 | drop 2 .95 | outro 1 .4"),
        _shape(
            "intro 2 .35 | build 1 .6 | drop 2 .85 | breakdown 2 .3"
            " | build 1 .6 | drop 2 .95 | outro 1 .4"
        ),
        _shape("intro 2 .35 | groove 2 .6 | build 1 .65 | drop 2 .85 | breakdown 2 .3"
        " | build 1 .6 | drop 2 .95"
               " | outro 2 .4"),
    ),
    "drift": (
        _shape("drift 1 .5"),
        _shape("rise 1 .35 | drift 1 .65"),
        _shape("rise 1 .3 | drift 1 .7 | fall 1 .3"),
        _shape("rise 1 .3 | drift 2 .6 | glow 2 .85 | fall 1 .3"),
        _shape("rise 1 .3 | drift 2 .55 | glow 2 .85 | still 1 .3 | glow 2 .75 | fall 1 .25"),
        _shape(
            "rise 1 .3 | drift 2 .55 | glow 2 .8 | still 2 .3"
            " | drift 2 .6 | glow 2 .9 | fall 2 .25"
        ),
    ),
    "suite": (
        _shape("theme 1 .7"),
        _shape("opening 1 .25 | theme 2 .75"),
        _shape("opening 1 .25 | theme 2 .65 | climax 1 .95"),
        _shape("opening 1 .2 | theme 2 .5 | climax 2 .95 | coda 1 .2"),
        _shape("opening 1 .2 | theme 2 .45 | development 2 .65 | climax 2 1 | coda 1 .2"),
        _shape(
            "opening 1 .2 | theme 2 .45 | development 2 .65 | stillness 1 .15"
            " | climax 2 1 | coda 1 .2"
        ),
        _shape("opening 1 .2 | theme 2 .45 | development 2 .65 | theme 2 .5 | stillness 1 .15 | climax 2 1"
               " | coda 1 .2"),
    ),
    "head": (
        _shape("head 1 .7"),
        _shape("head 2 .7 | outro 1 .38"),
        _shape("intro 1 .35 | head 2 .7 | outro 1 .38"),
        _shape("intro 1 .35 | head 2 .6 | solo 2 .88 | outro 1 .38"),
        _shape("intro 1 .35 | head 2 .65 | solo 2 .85 | head 2 .7 | outro 1 .38"),
        _shape(
            "intro 1 .35 | head 2 .65 | solo 2 .8 | bass solo 1 .45"
            " | solo 2 .9 | head 2 .7 | outro 1 .38"
        ),
    ),
}  # fmt: skip


def form(kind: str, bars: int, chance: Chance) -> list[Section]:
    """Sections whose bars add up to `bars` (1 or more), in phrases as long as the piece allows."""
    if kind == "twelve" and bars >= 14:
        return _choruses(bars)
    unit = 16 if bars >= _LONG else 8 if bars >= 160 else 4 if bars >= 40 else 2 if bars >= 10 else 1
    shapes = _FORMS["head" if kind == "twelve" else kind]
    units = bars // unit
    fitting = [shape for shape in shapes if _units(shape) <= units]
    shape = fitting[-1] if fitting else shapes[0]
    if len(fitting) > 4 and chance.happens(0.4) and bars < _LONG:
        shape = fitting[-2]
    middle = shape[1:-1]
    if middle and middle[0][0] == middle[-1][0]:  # what it ends with is not said twice
        middle = middle[1:]
    while len(shape) > 5 and _units(shape) + _units(middle) <= units:
        shape = (*shape[:-1], *middle, shape[-1])
    sizes = [size for _, size, _ in shape]
    # Units that are left lengthen the fullest sections in turn, and odd bars the last section.
    fullest = sorted(chance.shuffled(range(len(shape))), key=lambda index: -round(shape[index][2]))
    for turn in range(units - sum(sizes)):
        sizes[fullest[turn % max(1, len(fullest) - 1)]] += 1
    lengths = [size * unit for size in sizes]
    lengths[-1] += bars - sum(lengths)
    return [Section(name, length, energy) for (name, _, energy), length in zip(shape, lengths, strict=True)]


def form_as_asked(asked: list[tuple[str, int]], kind: str, bars: int, chance: Chance) -> list[Section]:
    """The sections that were asked for (names and bars), in their order, filled up to `bars` in all.

    Where bars are left, what lies between opening and ending returns as a whole as often as it fits; an
    ending takes what is then left. Where only an opening or an ending was asked for, the rest has the genre's
    form. What no bars are left for is cut.
    """
    parts: list[Section] = []
    for name, length in asked[:_MOST_ASKED]:
        if length := min(length, bars - sum(part.bars for part in parts)):
            parts.append(Section(name, length, SECTIONS[name][1]))
    left = bars - sum(part.bars for part in parts)
    first = next((index for index, part in enumerate(parts) if part.name not in OPENINGS), len(parts))
    last = next(
        (index for index, part in enumerate(parts) if index >= first and part.name in CLOSINGS), len(parts)
    )
    middle = parts[first:last]
    if not middle and left:
        others = form(kind, left, chance)
        if first and len(others) > 1 and others[0].energy < 0.5:  # one opening is enough: its bars go on
            others[1:2] = [Section(others[1].name, others[0].bars + others[1].bars, others[1].energy)]
            del others[0]
        return [*parts[:first], *others, *parts[first:]]
    # So many turns that the rest, in pieces that are not too long, still has its place.
    spare = _MOST_SECTIONS - (len(parts) - len(middle)) - (-(-left // _MOST_BARS))
    turns = min(left // sum(part.bars for part in middle), spare // len(middle) - 1) if left else 0
    left -= turns * sum(part.bars for part in middle)
    name = "outro" if last == len(parts) else "interlude"
    rest = [Section(name, min(_MOST_BARS, left - at), 0.35) for at in range(0, left, _MOST_BARS)]
    return [*parts[:first], *middle * (turns + 1), *rest, *parts[last:]]


def _units(shape: _Shape) -> int:
    return sum(size for _, size, _ in shape)


_CHORUSES = (("verse", 0.58), ("solo", 0.88), ("verse", 0.6), ("interlude", 0.42), ("solo", 0.95))


def _choruses(bars: int) -> list[Section]:
    """As many choruses of twelve bars as there is room for, with an opening and a close."""
    count = (bars - 2) // 12
    left = bars - 12 * count
    first = 0 if left < 4 else 2 if left < 8 else 4
    picked = [_CHORUSES[turn % len(_CHORUSES)] for turn in range(count - 1)] + [("shout", 0.9)]
    if picked[-2:-1] and picked[-2][0] == "solo":  # two full choruses in a row would be one
        picked[-2] = _CHORUSES[2] if picked[-3] == _CHORUSES[3] else _CHORUSES[3]
    if count == 1:
        picked = [("verse", 0.75)]
    middle = [Section(name, 12, energy) for name, energy in picked]
    intro = [Section("intro", first, 0.35)] if first else []
    return [*intro, *middle, Section("outro", left - first, 0.38)]
