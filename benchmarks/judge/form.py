"""Form: how bars return, and where something new begins.

Source: J. Foote, "Automatic audio segmentation using a measure of audio novelty" (2000): a checkerboard along
the diagonal of the table of likenesses.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.judge.spectra import FRAMES_A_SECOND, Spectra

WITHIN_SECONDS = 2.0
#: So many more places than asked borders may be named: with enough guesses every border is found.
_SPARE = 2
_ROWS_A_SECOND = 2
_REACH = 8
_APART = 3.0
_LEAST_NEPERS = 0.2


def repetition(spectra: Spectra, bar_seconds: float) -> float:
    """How like its most similar other bar a bar is, mean: cosine of pitch classes by quarter, 0–1."""
    quarter = bar_seconds * spectra.chroma_rate / 4
    count = int(len(spectra.chroma) / quarter)
    if count < 8:
        return 0.0
    sums = np.concatenate([np.zeros((1, 12)), np.cumsum(spectra.chroma, axis=0)])
    edges = np.arange(count + 1) * quarter
    at = np.stack([np.interp(edges, np.arange(len(sums)), column) for column in sums.T], axis=1)
    quarters = np.diff(at, axis=0)
    bars = quarters[: count // 4 * 4].reshape(-1, 48)
    bars = bars[np.linalg.norm(bars, axis=1) > 1e-9]
    bars = bars - bars.mean(axis=1, keepdims=True)
    bars /= np.linalg.norm(bars, axis=1, keepdims=True) + 1e-12
    alike = bars @ bars.T
    np.fill_diagonal(alike, -1)
    return float(alike.max(axis=1).mean())


def borders_found(spectra: Spectra, borders: Sequence[float]) -> tuple[float, float, list[float]]:
    """Share of `borders` (seconds) with a change heard within 2 s; the highest novelty; all changes heard.

    At most two more changes are named than there are borders, the strongest, at least 3 s apart.
    """
    curve = novelty(spectra)
    tops = np.flatnonzero((curve[1:-1] >= curve[:-2]) & (curve[1:-1] > curve[2:])) + 1
    found: list[int] = []
    for at in tops[np.argsort(-curve[tops], kind="stable")]:
        if len(found) >= len(borders) + _SPARE or curve[at] <= 0:
            break
        if all(abs(at - other) >= _APART * _ROWS_A_SECOND for other in found):
            found.append(int(at))
    heard = sorted(at / _ROWS_A_SECOND for at in found)
    hits = [any(abs(place - border) <= WITHIN_SECONDS for place in heard) for border in borders]
    return (sum(hits) / len(hits) if hits else 1.0), float(curve.max(initial=0.0)), heard


def novelty(spectra: Spectra) -> Any:
    """(half seconds,) 0–1: how much what follows differs from what was."""
    rows = _rows(spectra)
    count = len(rows)
    alike = rows @ rows.T
    side = np.arange(-_REACH, _REACH) + 0.5
    kernel = np.outer(np.sign(side), np.sign(side)) * np.exp(
        -0.5 * (np.hypot(*np.meshgrid(side, side)) / 5) ** 2
    )
    kernel /= np.abs(kernel).sum()
    curve = np.zeros(count)
    for at in range(2, count - 1):
        low, high = max(0, at - _REACH), min(count, at + _REACH)
        part = kernel[low - at + _REACH : high - at + _REACH, low - at + _REACH : high - at + _REACH]
        curve[at] = float((alike[low:high, low:high] * part).sum())
    # What lies less than two seconds from an end is the end itself.
    curve[: 2 * _ROWS_A_SECOND] = curve[-2 * _ROWS_A_SECOND :] = 0
    return np.maximum(0, curve)


def _rows(spectra: Spectra) -> Any:
    """Half seconds: level and unrest of the bands, against the mean of the piece.

    Rows that hardly differ from it are short: a steady noise has no form, however one turns it.
    """
    per = FRAMES_A_SECOND // _ROWS_A_SECOND
    count = len(spectra.mel) // per
    bands = spectra.mel[: count * per].reshape(count, per, -1)
    table = np.concatenate([np.log(np.exp(bands).mean(axis=1)), bands.std(axis=1)], axis=1)
    table = table - table.mean(axis=0)
    least = _LEAST_NEPERS * np.sqrt(table.shape[1])
    return table / (np.linalg.norm(table, axis=1, keepdims=True) + least)
