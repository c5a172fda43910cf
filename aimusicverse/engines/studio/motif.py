"""Motifs: a rhythm and the moves between its notes, and the old ways to make another of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aimusicverse.engines.studio.chance import Chance
from aimusicverse.engines.studio.metre import read
from aimusicverse.engines.studio.score import Frame

_SHAPES = ((2, 1, 1, -1, -1, -2), (-1, -1, 1, -1, -2, 1), (1, -1, 2, 1, -1, -1), (1, 1, 2, -1, -1, -1),
           (3, -1, -1, -1, 1, -2), (-2, 1, 1, 2, -1, -1), (1, 1, 1, 1, -2, -2), (0, 1, 2, 0, -1, -1),
           (4, -1, -1, -1, -1, 1), (2, 2, -1, -1, -1, -1), (-1, 2, -1, 2, -1, -2),
           (1, 1, -3, 1, 1, -1))  # fmt: skip


#: Seeds that are so far from each other may have the same cells.
_TURNS = 3
#: How often a motif moves one of its notes.
_DISPLACED = 0.7


@dataclass(frozen=True, slots=True)
class Motif:
    """A rhythm (onset and length in sixteenths) and the moves between its notes, in scale steps."""

    rhythm: tuple[tuple[int, int], ...]
    moves: tuple[int, ...]


def rhythm_of(cell: str, steps: int) -> tuple[tuple[int, int], ...]:
    """Onsets and lengths (sixteenths) of a cell like "x--x..", cut to `steps`."""
    bar = cell.replace(" ", "")[:steps]
    onsets = [index for index, char in enumerate(bar) if char in "xX"]
    result = []
    for onset in onsets:
        length = 1
        while onset + length < len(bar) and bar[onset + length] == "-":
            length += 1
        result.append((onset, length))
    return tuple(result)


def crossed(cells: Sequence[str], turn: int) -> list[str]:
    """Cells made of the first half bar of one and the second half of another, some of them by `turn`.

    Turns that follow each other have none in common. What is made has no fewer notes than the cells have on
    average, but where all of it has.
    """
    plain = [cell.replace(" ", "") for cell in cells]
    half, usual = len(plain[0]) // 2, sum(cell.count("x") for cell in plain) / len(plain)
    firsts = dict.fromkeys(cell[:half] for cell in plain)
    seconds = dict.fromkeys(cell[half:] for cell in plain)
    made = [
        first + second
        for at, first in enumerate(firsts)
        for other, second in enumerate(seconds)
        if (at + other) % _TURNS == turn % _TURNS
    ]
    return [cell for cell in made if cell.count("x") >= usual] or made


def motif_from(cell: str, frame: Frame, chance: Chance) -> Motif:
    """A motif in the rhythm of a cell; the mood thins it, the genre's `leaps` widen it."""
    rhythm = rhythm_of(read(cell, frame.steps, frame.compound), frame.steps)
    strong = 6 if frame.compound else 8
    thinned = tuple(hit for hit in rhythm if hit[0] % strong == 0 or chance.happens(frame.mood.density))
    thinned = thinned or rhythm[:1]
    if chance.happens(_DISPLACED):
        thinned = _displaced(thinned, frame, chance)
    shape = list(chance.pick(_SHAPES))
    turn = chance.below(len(shape))
    shape = shape[turn:] + shape[:turn]
    if chance.happens(0.5):
        shape = [-move for move in shape]
    moves = tuple(
        _widened(shape[index % len(shape)], chance)
        if chance.happens(frame.genre.leaps)
        else shape[index % len(shape)]
        for index in range(max(1, len(thinned)))
    )
    return Motif(thinned, moves)


def _displaced(
    rhythm: tuple[tuple[int, int], ...], frame: Frame, chance: Chance
) -> tuple[tuple[int, int], ...]:
    """One of the later notes sooner or later, where there is room: the accent is the seed's own.

    By an eighth, or by a sixteenth where these are even.
    """
    if len(rhythm) < 2:
        return rhythm
    even = not frame.compound and frame.genre.swing_unit > 2
    index, move = 1 + chance.below(len(rhythm) - 1), chance.pick((-2, 2, -1, 1) if even else (-2, 2))
    onset, length = rhythm[index]
    (first, held), at = rhythm[index - 1], onset + move
    after = rhythm[index + 1][0] if index + 1 < len(rhythm) else frame.steps
    if not first + 1 < at < after - 1:
        return rhythm
    moved = (first, min(held, at - first)), (at, min(length, after - at))
    return (*rhythm[: index - 1], *moved, *rhythm[index + 1 :])


def _widened(move: int, chance: Chance) -> int:
    """The move made larger, or turned the other way."""
    return move + (1 if move >= 0 else -1) * chance.pick((-2, 1, 2, 2))


def develop(motif: Motif, way: str, frame: Frame, chance: Chance) -> Motif:
    """The motif developed: `invert`, `augment`, `fragment`, `ornament`; in sequence it stays what it is."""
    if way == "invert":
        return Motif(motif.rhythm, tuple(-move for move in motif.moves))
    if way == "augment":
        return _augmented(motif, frame)
    if way == "fragment":
        return _fragment(motif, frame)
    if way == "ornament":
        return ornamented(motif, chance, frame.compound)
    return motif


def ornamented(motif: Motif, chance: Chance, in_eighths: bool) -> Motif:
    """One long note split by its neighbour, or the last moves turned round."""
    rhythm = list(motif.rhythm)
    long = [index for index, (_, length) in enumerate(rhythm) if length >= 4]
    if long and chance.happens(0.6):
        index = chance.pick(long)
        onset, length = rhythm[index]
        first = length // 2 + length // 2 % 2 if in_eighths else length // 2
        rhythm[index : index + 1] = [(onset, first), (onset + first, length - first)]
        moves = (*motif.moves[: index + 1], chance.pick((-1, 1)), *motif.moves[index + 1 :])
    else:
        moves = (*motif.moves[:-2], *(-move for move in motif.moves[-2:]))
    return Motif(tuple(rhythm), moves)


def joined(first: Motif, second: Motif, frame: Frame) -> Motif:
    """The first half bar of one motif, the second half of another."""
    half = frame.steps // 2
    head = [(onset, min(length, half - onset)) for onset, length in first.rhythm if onset < half]
    tail = [hit for hit in second.rhythm if hit[0] >= half]
    if not head or not tail:
        return first
    return Motif((*head, *tail), (*first.moves[: len(head)], *second.moves[-len(tail) :]))


def _augmented(motif: Motif, frame: Frame) -> Motif:
    """The first half of the bar in doubled values."""
    rhythm = tuple(
        (2 * onset, min(2 * length, frame.steps - 2 * onset))
        for onset, length in motif.rhythm
        if 2 * onset < frame.steps
    )
    return Motif(rhythm, motif.moves) if rhythm else motif


def _fragment(motif: Motif, frame: Frame) -> Motif:
    """What the first half bar says, twice, the second time a step lower."""
    half = frame.steps // 2
    head = tuple((onset, min(length, half - onset)) for onset, length in motif.rhythm if onset < half)
    if not head:
        return motif
    moves = motif.moves[: len(head)]
    back = -sum(moves[1:]) - 1
    return Motif(
        (*head, *((onset + half, length) for onset, length in head)),
        (*moves, max(-4, min(4, back)), *moves[1:]),
    )
