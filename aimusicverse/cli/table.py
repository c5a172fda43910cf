"""Rows that fit a terminal: one column gives way, and what still has no room is left out from the right."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

_GAP = "  "
_LEAST = 12


def fitted(rows: Sequence[Sequence[str]], *, width: int, gives_way: int | None) -> list[str]:
    """Lines of at most `width` cells. Only the column `gives_way` is ever cut: half an id is no id.

    Args:
        rows: all of the same length; the headings among them.
        width: cells of the terminal.
        gives_way: number of the column with titles or prompts.
    """
    natural = [max(cell_len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for shown in range(len(natural), 0, -1):
        widths = natural[:shown]
        excess = sum(widths) + len(_GAP) * (shown - 1) - width
        if gives_way is not None and gives_way < shown and excess > 0:
            kept = max(min(_LEAST, widths[gives_way]), widths[gives_way] - excess)
            excess -= widths[gives_way] - kept
            widths[gives_way] = kept
        if excess <= 0 or shown == 1:
            break
    return [_GAP.join(map(_cell, row, widths)).rstrip() for row in rows]


def _cell(text: str, width: int) -> str:
    if cell_len(text) > width:
        return set_cell_size(text, width - 1) + "…"
    return set_cell_size(text, width)
