"""Which figures a section has: where there is little energy those with few strokes, the others where there is
much. So a chorus is busier than its verse in all that is played."""

from __future__ import annotations

from collections.abc import Sequence

from aimusicverse.engines.studio.score import Frame, Stretch

#: From which energy a section is dense; suites begin softer and have more steps on the way up.
_DENSE, _DENSE_BY_FORM = 0.74, {"suite": 0.6}
_NO_STROKE = ".- "


def figures_of(frame: Frame, place: Stretch, figures: Sequence[str], *what: object) -> tuple[str, str]:
    """The figure of a section and the one that answers it; another take has another, if there is one."""
    by_strokes = sorted(figures, key=_strokes)
    size = (len(figures) + 1) // 2
    dense = place.energy >= _DENSE_BY_FORM.get(frame.genre.form, _DENSE)
    half = by_strokes[-size:] if dense else by_strokes[:size]
    first = place.choice(size, *what)
    answers = half if size > 1 else by_strokes[::-1] if dense else by_strokes
    return half[first], answers[(first + 1) % len(answers)]


def answered(bar: int, usual: str, answering: str) -> str:
    """A bar's rhythm: the second half of every fourth one answers."""
    half = len(usual) // 2
    return usual[:half] + answering[half:] if bar % 4 == 3 else usual


def _strokes(figure: str) -> float:
    """To a bar."""
    return sum(char not in _NO_STROKE for char in figure) / len(figure.replace(" ", ""))
