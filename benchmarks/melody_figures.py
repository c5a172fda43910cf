"""What can be counted in a melody: the same figures for people's melodies and for the studio's.

A melody is a list of notes (start and length in quarters from the first bar line, MIDI pitch), one at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from math import log2
from statistics import mean, median

#: Start, length, pitch.
Line = Sequence[tuple[float, float, int]]

WINDOW = 16
_LEAST_BARS, _LEAST_NOTES, _LEAST_FULL = 8, 16, 0.7
LAGS = (1, 2, 4, 8)


def windows(line: Line, beats_per_bar: float) -> list[list[tuple[float, float, int]]]:
    """Stretches of 16 bars (the last may have 8 or more) in which most bars have notes, each from bar 0."""
    if not line:
        return []
    first = int(line[0][0] // beats_per_bar)
    last = int(line[-1][0] // beats_per_bar) + 1
    found = []
    for bar in range(first, last, WINDOW):
        size = min(WINDOW, last - bar)
        low, high = bar * beats_per_bar, (bar + size) * beats_per_bar
        inside = [(start - low, beats, pitch) for start, beats, pitch in line if low <= start < high]
        full = len({int(start // beats_per_bar) for start, _, _ in inside}) / size
        if size >= _LEAST_BARS and len(inside) >= _LEAST_NOTES and full >= _LEAST_FULL:
            found.append(inside)
    return found


def figures(line: Line, beats_per_bar: float) -> dict[str, float]:
    """All figures of a window; one that cannot be told (no bar eight bars later) is left out."""
    pitches = [pitch for _, _, pitch in line]
    moves = [after - before for before, after in pairwise(pitches)]
    sizes = [abs(move) for move in moves]
    told = {
        "repeated notes": _share(sizes, 0, 0),
        "steps": _share(sizes, 1, 2),
        "thirds": _share(sizes, 3, 4),
        "leaps": _share(sizes, 5, 99),
        "mean interval": mean(sizes),
        "range": float(max(pitches) - min(pitches)),
        "pitch-class entropy": _entropy(_weights(line)),
        "rhythm entropy": _entropy(Counter(_gaps(line))),
        "notes per quarter": len(line) / (beats_per_bar * (int(line[-1][0] // beats_per_bar) + 1)),
        "phrase length": _phrase(line),
    }
    turned = [after * before < 0 for before, after in pairwise(moves) if abs(before) >= 5]
    if turned:
        told["leaps turned back"] = mean(turned)
    for lag in LAGS:
        rhythm, notes = _repetition(line, beats_per_bar, lag)
        if rhythm:
            told[f"rhythm again after {lag}"] = mean(rhythm)
            told[f"notes again after {lag}"] = mean(notes)
    return told


def _share(sizes: Sequence[int], low: int, high: int) -> float:
    return sum(low <= size <= high for size in sizes) / len(sizes)


def _weights(line: Line) -> Counter[int]:
    weights: Counter[int] = Counter()
    for _, beats, pitch in line:
        weights[pitch % 12] += round(beats * 48)
    return weights


def _gaps(line: Line) -> list[float]:
    """From onset to onset, in twelfths of a quarter."""
    return [round((after[0] - before[0]) * 12) for before, after in pairwise(line)]


def _entropy(weights: Counter[int] | Counter[float]) -> float:
    total = sum(weights.values())
    return -sum(count / total * log2(count / total) for count in weights.values() if count)


def _phrase(line: Line) -> float:
    """Mean length of a phrase in quarters: one ends with a note after which twice the usual time passes."""
    gaps = [gap / 12 for gap in _gaps(line)]
    usual = median(gaps)
    lengths, begin, notes = [], line[0][0], 0
    for (start, _, _), gap in zip(line, gaps, strict=False):
        notes += 1
        if gap >= 2 * usual and notes >= 3:
            lengths.append(start + gap - begin)
            begin, notes = start + gap, 0
    lengths.append(line[-1][0] + line[-1][1] - begin)
    return mean(lengths)


def _repetition(line: Line, beats_per_bar: float, lag: int) -> tuple[list[float], list[float]]:
    """How alike bars are that lie `lag` bars apart: common onsets, common notes, of all in either (0–1)."""
    bars: dict[int, set[tuple[int, int]]] = {}
    for start, _, pitch in line:
        bar = int(start // beats_per_bar)
        bars.setdefault(bar, set()).add((round((start - bar * beats_per_bar) * 12), pitch))
    rhythm, notes = [], []
    for bar, here in bars.items():
        there = bars.get(bar + lag)
        if there:
            one, two = {at for at, _ in here}, {at for at, _ in there}
            rhythm.append(len(one & two) / len(one | two))
            notes.append(len(here & there) / len(here | there))
    return rhythm, notes
