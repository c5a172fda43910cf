"""Genre: that of the nearest pieces whose genre is known, by whatever is counted in them.

Distances are those that tell genres apart: the spread within genres is made equal in all directions first (R.
Fisher, "The use of multiple measurements in taxonomic problems", 1936), with some of the plain spread mixed
in, because there are few pieces (O. Ledoit and M. Wolf, "Honey, I shrunk the sample covariance matrix",
2004). Then the few nearest of each genre count, because a genre has several kinds of bands (T. Cover and P.
Hart, "Nearest neighbor pattern classification", 1967).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks.judge.key import tonic
from benchmarks.judge.spectra import FRAMES_A_SECOND, Spectra
from benchmarks.judge.tempo import returns_at

_MIXED_IN = 0.5
_NEAREST = 3
_SCALARS = ("pulse", "key_fit", "flatness", "width_db", "crest_db", "lra")


def features(figures: Mapping[str, Any], spectra: Spectra) -> Any:
    """(80,) what is heard, without knowing what was asked: timbre, rhythm, pitch classes, tempo, levels."""
    cepstra, bpm = spectra.cepstra, max(float(figures["bpm"]), 40.0)
    line = spectra.onsets - spectra.onsets.mean()
    returns = np.fft.irfft(np.abs(np.fft.rfft(line, 1 << (2 * len(line)).bit_length())) ** 2)[: len(line)]
    # How the onsets return after each quarter of a beat, up to four: wherever the bar begins.
    rhythm = returns_at(returns / max(returns[0], 1e-12), 15 * FRAMES_A_SECOND / bpm * np.arange(1, 17))
    classes = np.roll(spectra.chroma.sum(axis=0), -tonic(figures["key"]))
    unrest = np.abs(np.diff(cepstra, axis=0)).mean(axis=0)
    return np.concatenate(
        [
            cepstra.mean(axis=0),
            cepstra.std(axis=0),
            unrest,
            rhythm,
            classes / (classes.sum() + 1e-9),
            [np.log2(bpm), *(float(figures[name]) for name in _SCALARS)],
        ]
    )


class Listener:
    """Knows the genres it has heard."""

    def __init__(self, known: Mapping[str, Any]) -> None:
        """`known`: genre → (pieces, features)."""
        every = np.concatenate(list(known.values()))
        spread = every.std(axis=0)
        # What is the same in all of them tells nothing, and its first exception should not tell everything.
        self._middle, self._scale = every.mean(axis=0), np.where(spread > 1e-6, spread, 1.0)
        tables = {name: (table - self._middle) / self._scale for name, table in known.items()}
        rests = np.concatenate([table - table.mean(axis=0) for table in tables.values()])
        within = rests.T @ rests / (len(rests) - len(tables))
        plain = np.eye(len(within)) * np.trace(within) / len(within)
        values, vectors = np.linalg.eigh((1 - _MIXED_IN) * within + _MIXED_IN * plain)
        turn = vectors / np.sqrt(values)
        centres = np.array([table.mean(axis=0) for table in tables.values()]) @ turn
        # Only the directions in which the centres differ: one fewer than there are genres.
        axes = np.linalg.svd(centres - centres.mean(axis=0), full_matrices=False)[2][: len(tables) - 1]
        self._turn = turn @ axes.T
        self._places = {name: table @ self._turn for name, table in tables.items()}

    def far(self, heard: Any) -> dict[str, float]:
        """Genre → mean squared distance to its nearest pieces, in spreads within genres."""
        place = (heard - self._middle) / self._scale @ self._turn
        return {
            name: float(np.sort(((places - place) ** 2).sum(axis=1))[:_NEAREST].mean())
            for name, places in self._places.items()
        }


def nearest(*distances: tuple[float, Mapping[str, float]]) -> str:
    """The genre that is nearest in all, each with its weight."""
    names = distances[0][1]
    return min(names, key=lambda name: sum(weight * far[name] for weight, far in distances))
