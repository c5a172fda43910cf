"""Where letters stand: as large as fits, broken at words, never beyond the margins; by the boxes of real ink.

All sizes are shares of the picture's side. A cover is looked at 300 pixels wide, where letters of 0.034
are 10 pixels high; a text that does not fit at that size in `MOST_LINES` lines ends in an ellipsis.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PIL import ImageFont

from aimusicverse.release.artwork.errors import LetteringError
from aimusicverse.release.artwork.fonts import Face, face_for
from aimusicverse.release.artwork.writing import letters, pieces, runs_left, tidy

MARGIN: Final = 0.07
#: Of a title, the largest and the least; of an artist's name.
TITLE: Final = (0.13, 0.034)
ARTIST: Final = (0.05, 0.03)
MOST_LINES: Final = 10
MOST_LINES_OF_ARTIST: Final = 4
#: Of the picture's height, for all letters together.
MOST_HEIGHT: Final = 0.5
_LEADING: Final = 1.08
_REFERENCE: Final = 200
#: One line is better than several of letters up to so many times as large.
_ONE_LINE: Final = 1.6


@dataclass(frozen=True, slots=True)
class Line:
    """A line of letters; `box` is its ink (left, top, right, bottom) in pixels; (x, y) where it begins."""

    text: str
    font: ImageFont.FreeTypeFont
    x: int
    y: int
    box: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Layout:
    """All lines, and the box around their ink."""

    lines: tuple[Line, ...]
    box: tuple[int, int, int, int]
    cut: bool
    """Whether something is left out for an ellipsis."""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one size, not yet in a place; `boxes` are their ink from their origins (on the base line)."""

    lines: tuple[str, ...]
    font: ImageFont.FreeTypeFont
    boxes: tuple[tuple[int, int, int, int], ...]
    cut: bool

    @property
    def size(self) -> float:
        """In pixels."""
        return float(self.font.size)


def blocks(title: str, artist: str | None, side: int) -> list[Block]:
    """Title and artist as lines that fit into a picture of so many pixels, wherever they stand.

    Raises:
        LetteringError: a text that cannot be set; or the picture is too small for letters.
    """
    wide, high = round(side * (1 - 2 * MARGIN)), side * MOST_HEIGHT
    said = tidy(title, "title")
    if not said:
        raise LetteringError("the title is empty, so there is nothing to write", "title")
    name = tidy(artist, "artist") if artist else ""
    below = (
        _fit(name, "artist", side, ARTIST, MOST_LINES_OF_ARTIST, wide, high / 3, bold=False) if name else None
    )
    rest = high - (_height([below]) + 0.06 * side if below else 0)
    above = _fit(said, "title", side, TITLE, MOST_LINES, wide, rest, bold=True)
    if below is None:
        return [above]
    if below.size > 0.8 * above.size:  # a name is never larger than the title
        largest = max(ARTIST[1], 0.8 * above.size / side)
        below = _fit(
            name, "artist", side, (largest, ARTIST[1]), MOST_LINES_OF_ARTIST, wide, high / 3, bold=False
        )
    return [above, below]


def placed(found: list[Block], place: str, side: int) -> Layout:
    """The blocks at `top` or `bottom`, `left` or `centre`; what runs from right to left is at the right."""
    margin = round(side * MARGIN)
    height = round(_height(found))
    top = margin if place.startswith("top") else side - margin - height
    lines: list[Line] = []
    for block, starts in zip(found, _tops(found), strict=True):
        for text, box, start in zip(block.lines, block.boxes, starts, strict=True):
            left, up, right, down = box
            if place.endswith("centre"):
                x = (side - (right - left)) // 2 - left
            else:
                x = side - margin - right if runs_left(found[0].lines[0]) else margin - left
            y = round(top + start) - up
            lines.append(Line(text, block.font, x, y, (x + left, y + up, x + right, y + down)))
    lefts, tops, rights, bottoms = zip(*(line.box for line in lines), strict=True)
    whole = (min(lefts), min(tops), max(rights), max(bottoms))
    return Layout(tuple(lines), whole, any(block.cut for block in found))


def _tops(found: list[Block]) -> list[list[float]]:
    """Where the ink of each line begins, from that of the first."""
    starts: list[list[float]] = []
    base = bottom = 0.0
    for number, block in enumerate(found):
        starts.append([])
        for place, (_, up, _, down) in enumerate(block.boxes):
            if number == 0 and place == 0:
                top = 0.0
            elif place == 0:
                top = max(base + 0.36 * found[0].size, bottom + 0.35 * block.size)
            else:  # even lines, unless marks would touch those of the line above
                top = max(base + _LEADING * block.size + up, bottom + 0.02 * block.size)
            base, bottom = top - up, top - up + down
            starts[-1].append(top)
    return starts


def _height(found: list[Block]) -> float:
    last, box = _tops(found)[-1][-1], found[-1].boxes[-1]
    return last + box[3] - box[1]


def _fit(
    text: str,
    field: str,
    side: int,
    sizes: tuple[float, float],
    most_lines: int,
    wide: int,
    high: float,
    *,
    bold: bool,
) -> Block:
    """The largest that fits, but one line if that is large, too; the least with an ellipsis if none does."""
    face = face_for(f"{text}…" if _has_ellipsis(text, field, bold) else text, field, bold=bold)
    reference = face.at(_REFERENCE)
    largest, least = (max(1, round(side * share)) for share in sizes)
    best: Block | None = None
    size = largest
    while size >= least:
        room = (
            wide * _REFERENCE / size * 0.985
        )  # sizes differ a little by hinting: the real ink decides below
        lines = _broken(text, reference.getlength, room, anywhere=size == least)
        if lines is not None and len(lines) <= most_lines:
            block = _block(_balanced(text, reference.getlength, room, lines, size == least), face, size)
            if _fits(block, wide, high):
                if len(lines) == 1 or size * _ONE_LINE < largest:
                    return block
                best = best or block
        elif best and size * _ONE_LINE < largest:
            return best
        size = max(least, min(size - 1, round(size * 0.95))) if size > least else 0
    room = wide * _REFERENCE / least * 0.97
    full = _block(_filled(text, reference.getlength, room), face, least)
    if len(full.lines) <= most_lines and _fits(full, wide, high):
        return full
    lines = _broken(text, reference.getlength, room, anywhere=True) or []
    return _shortened(lines, face, least, most_lines, wide, high, field)


def _has_ellipsis(text: str, field: str, bold: bool) -> bool:
    try:
        face_for(f"{text}…", field, bold=bold)
    except LetteringError:
        return False
    return True


def _shortened(
    lines: list[str], face: Face, size: int, most_lines: int, wide: int, high: float, field: str
) -> Block:
    """As many lines as fit, the last with an ellipsis instead of its end."""
    for count in range(min(most_lines, len(lines)), 0, -1):
        kept = lines[:count]
        last = letters(kept[-1])
        while last:
            block = _block([*kept[:-1], "".join(last).rstrip() + "…"], face, size, cut=True)
            if _fits(block, wide, 1e9):
                break
            last.pop()
        if last and _fits(block, wide, high):
            return block
    raise LetteringError(
        f"{field} does not fit on a cover of this size in letters that can be read; shorten it, ask for "
        f"a larger picture, or draw the cover without lettering",
        field,
    )


def _block(lines: list[str], face: Face, size: int, *, cut: bool = False) -> Block:
    font = face.at(size)
    boxes = []
    for line in lines:
        left, top, right, bottom = font.getbbox(line, anchor="ls")
        boxes.append((int(left) - 1, int(top) - 1, int(right) + 1, int(bottom) + 1))
    return Block(tuple(lines), font, tuple(boxes), cut)


def _fits(block: Block, wide: int, high: float) -> bool:
    return all(right - left <= wide for left, _, right, _ in block.boxes) and _height([block]) <= high


def _broken(text: str, length: Callable[[str], float], room: float, *, anywhere: bool) -> list[str] | None:
    """Lines of at most so much; `None` if a word is longer, unless it may be broken anywhere."""
    lines: list[str] = []
    for piece, before in pieces(text):
        if lines and length(lines[-1] + before + piece) <= room:
            lines[-1] += before + piece
        elif length(piece) <= room:
            lines.append(piece)
        elif not anywhere:
            return None
        else:
            start = lines.pop() + before if lines else ""
            for letter in letters(piece):
                if start and length(start + letter) > room:
                    lines.append(start.rstrip())
                    start = ""
                start += letter
            lines.append(start)
    return lines


def _filled(text: str, length: Callable[[str], float], room: float) -> list[str]:
    """Lines without regard to words: the fewest there can be."""
    lines = [""]
    for letter in letters(text):
        if lines[-1] and length(lines[-1] + letter) > room:
            lines.append("")
        lines[-1] += letter
    return [line.strip() for line in lines if line.strip()]


def _balanced(
    text: str, length: Callable[[str], float], room: float, lines: list[str], anywhere: bool
) -> list[str]:
    """The same number of lines, as even as they can be."""
    low, high = room / len(lines) * 0.8, room
    for _ in range(8):
        middle = (low + high) / 2
        tried = _broken(text, length, middle, anywhere=anywhere)
        if tried is not None and len(tried) <= len(lines):
            lines, high = tried, middle
        else:
            low = middle
    return lines
