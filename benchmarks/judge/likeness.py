"""How alike two recordings are, and how far genres lie apart."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks.judge.key import tonic
from benchmarks.judge.spectra import FRAMES_A_SECOND, Spectra

_SIXTEENTHS = 16


def correlation(one: Any, other: Any) -> float:
    """Of two series (F,) or tables (F, 12) from their beginnings, as long as the shorter one."""
    size = min(len(one), len(other))
    flat = [(np.asarray(t[:size], np.float64) - np.mean(t[:size], axis=0)).ravel() for t in (one, other)]
    if min(line.std() for line in flat) < 1e-9:
        return 0.0
    return float(np.corrcoef(*flat)[0, 1])


def signature(spectra: Spectra, bar_seconds: float, key_name: str) -> Any:
    """(54,): cepstra (mean, deviation), onsets by sixteenth of the bar, pitch classes from the tonic up."""
    cepstra = spectra.cepstra
    shape = _onset_shape(spectra, bar_seconds)
    classes = np.roll(spectra.chroma.sum(axis=0), -tonic(key_name))
    return np.concatenate(
        [cepstra.mean(axis=0), cepstra.std(axis=0), shape, classes / (classes.sum() + 1e-9)]
    )


#: Where MFCC, onsets and pitch classes lie in a signature; each counts as much as the others.
GROUPS = (slice(0, 26), slice(26, 42), slice(42, 54))


def on_one_scale(signatures: Any) -> Any:
    """(n, 54) so that each dimension has the same spread, and each group the same weight."""
    table = np.asarray(signatures, np.float64)
    table = (table - table.mean(axis=0)) / (table.std(axis=0) + 1e-9)
    for group in GROUPS:
        table[:, group] /= np.sqrt(group.stop - group.start)
    return table


def separation(by_genre: dict[str, Any]) -> dict[str, tuple[float, str, float]]:
    """For each genre: how far the others are from it, the nearest one, and how far that is.

    Distances are those between the centres of two genres, over the mean distance of a recording from the
    centre of its own. `by_genre`: (seeds, 54) each.
    """
    names = list(by_genre)
    scaled = on_one_scale(np.concatenate([by_genre[name] for name in names]))
    edges = np.cumsum([0, *(len(by_genre[name]) for name in names)])
    groups = [scaled[low:high] for low, high in pairwise(edges)]
    centres = np.array([group.mean(axis=0) for group in groups])
    apart = np.linalg.norm(centres[:, None] - centres[None], axis=2)
    within = np.mean(
        [np.linalg.norm(group - centre, axis=1).mean() for group, centre in zip(groups, centres, strict=True)]
    )
    found = {}
    for index, name in enumerate(names):
        others = [other for other in range(len(names)) if other != index]
        near = min(others, key=lambda other: apart[index, other])
        found[name] = (
            float(apart[index, others].mean() / within),
            names[near],
            float(apart[index, near] / within),
        )
    return found


def _onset_shape(spectra: Spectra, bar_seconds: float) -> Any:
    """Mean strength of the onsets at each sixteenth of a bar, the strongest 1."""
    sixteenth = bar_seconds * FRAMES_A_SECOND / _SIXTEENTHS
    place = np.round(np.arange(len(spectra.onsets)) / sixteenth).astype(int) % _SIXTEENTHS
    sums = np.bincount(place, spectra.onsets, _SIXTEENTHS) / np.maximum(
        1, np.bincount(place, minlength=_SIXTEENTHS)
    )
    return sums / (sums.max() + 1e-9)
