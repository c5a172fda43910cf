"""Rows of the table: a figure, its bar, and the floor it stands on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One measured figure.

    Attributes:
        what: what was measured, with the unit of its figure.
        figure: the measured value.
        bar: what it must reach; None is shown for orientation and cannot fail.
        floor: name and value of what was measured beside it, in the same unit.
        at_least: the bar is a lower bound.
        note: whatever else is worth a look.
    """

    what: str
    figure: float
    bar: float | None = None
    floor: tuple[str, float] | None = None
    at_least: bool = False
    note: str = ""

    @property
    def passed(self) -> bool:
        """Whether the bar is reached."""
        if self.bar is None:
            return True
        return self.figure >= self.bar if self.at_least else self.figure <= self.bar

    def cells(self) -> list[str]:
        """As the table shows it."""
        bar = "" if self.bar is None else f"{'≥' if self.at_least else '≤'} {_number(self.bar)}"
        ratio = floor = ""
        if self.floor is not None:
            name, value = self.floor
            floor = f"{name}: {_number(value)}"
            ratio = f"{self.figure / value:.2f}" if value else ""
        verdict = "" if self.bar is None else ("pass" if self.passed else "**FAIL**")
        return [self.what, _number(self.figure), bar, floor, ratio, verdict, self.note]


HEADINGS = ["what", "figure", "bar", "floor or peer", "ratio", "", "note"]


def as_table(rows: list[Row]) -> str:
    """Markdown that can also be read as it is."""
    cells = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADINGS))]

    def line(texts: list[str]) -> str:
        padded = (text.ljust(width) for text, width in zip(texts, widths, strict=True))
        return f"| {' | '.join(padded)} |"

    return "\n".join([line(cells[0]), line(["-" * width for width in widths]), *map(line, cells[1:])])


def _number(value: float) -> str:
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"
