"""The studio's figures as Markdown, and the place in a page where they go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import mean
from typing import Any

#: What stands between two marks of a page is written by a command.
GATES, OTHER, GENRES_HEARD = "gates", "other generator", "genres heard"

Line = dict[str, Any]


def _least(values: list[float]) -> float:
    return min(values)


def _most(values: list[float]) -> float:
    return max(values)


def _far(middle: float) -> Callable[[list[float]], float]:
    return lambda values: max(values, key=lambda value: abs(value - middle))


#: Heading, figure, digits, which of several values is the worst.
_COLUMNS: tuple[tuple[str, str, int, Callable[[list[float]], float]], ...] = (
    ("LUFS", "lufs", 2, _far(-14)),
    ("dBTP", "dbtp", 2, _most),
    ("LRA", "lra", 1, _least),
    ("tempo off %", "tempo_percent", 2, _most),
    ("pulse", "pulse", 2, _least),
    ("key fit", "key_fit", 2, _least),
    ("outside key %", "outside_percent", 1, _most),
    ("flatness", "flatness", 3, _most),
    ("repetition", "repetition", 2, _far(0.81)),
    ("borders", "borders", 2, _least),
    ("novelty", "novelty", 2, _least),
    ("side/mid dB", "width_db", 1, _far(-11.5)),
    ("crest dB", "crest_db", 1, _far(13.5)),
    ("seeds: chroma", "chroma_alike", 2, _most),
    ("onsets", "onsets_alike", 2, _most),
)


def as_markdown(
    lines: list[Line], apart: dict[float, dict[str, tuple[float, str, float]]], least: float
) -> str:
    """A table for each duration, and a list of what is missed."""
    parts = []
    for seconds in sorted({line["seconds"] for line in lines}):
        some = [line for line in lines if line["seconds"] == seconds]
        held = sum(not line["missed"] for line in some)
        counted = f"{held} of {len(some)} pieces hold every gate ({date.today():%Y-%m-%d})."
        parts += [f"### {seconds:g} seconds", counted, _table(some, apart.get(seconds, {})), _missed(some)]
        near = [
            f"{genre} ({ratio:.2f})" for genre, (ratio, *_) in apart.get(seconds, {}).items() if ratio < least
        ]
        if near:
            parts.append(f"Less than {least:g} × from the others: {', '.join(near)}.")
    return "\n\n".join(part for part in parts if part)


def write_into(page: Path, text: str, name: str = GATES) -> None:
    """Put the text between the marks of that name.

    Raises:
        ValueError: the page has no such marks.
    """
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    old = page.read_text("utf-8")
    if begin not in old or end not in old:
        raise ValueError(f"{page} has no {begin} and {end}")
    before, rest = old.split(begin, 1)
    page.write_text(f"{before}{begin}\n\n{text}\n\n{end}{rest.split(end, 1)[1]}", "utf-8")


def _table(lines: list[Line], apart: dict[str, tuple[float, str, float]]) -> str:
    headings = ["genre", *(heading for heading, *_ in _COLUMNS), "octave", "from others", "nearest", "missed"]
    rows = ["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    for genre in dict.fromkeys(line["genre"] for line in lines):
        group = [line for line in lines if line["genre"] == genre]
        figures = [_percents(line["figures"]) for line in group]
        cells = [genre]
        for _, name, digits, worst in _COLUMNS:
            values = [float(some[name]) for some in figures if name in some]
            cells.append(f"{_n(mean(values), digits)} ({_n(worst(values), digits)})" if values else "")
        cells.append(
            ", ".join(f"×{octave:g}" for octave in sorted({some["octave"] for some in figures} - {1.0}))
        )
        cells += (
            [f"{apart[genre][0]:.1f} ×", f"{apart[genre][1]} {apart[genre][2]:.1f} ×"] if apart else ["", ""]
        )
        held = sum(not line["missed"] for line in group)
        cells.append("" if held == len(group) else f"{len(group) - held} of {len(group)}")
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def _missed(lines: list[Line]) -> str:
    return "\n".join(
        f"- {line['genre']}, seed {line['seed']}: "
        + ", ".join(f"{gate} by {_n(by, 3)}" for gate, by in line["missed"].items())
        for line in lines
        if line["missed"]
    )


def _percents(figures: dict[str, Any]) -> dict[str, Any]:
    return figures | {
        "tempo_percent": 100 * figures["tempo_off"],
        "outside_percent": 100 * figures["outside"],
    }


def _n(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace("-", "−")
