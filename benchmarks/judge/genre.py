"""Genre from sound: the nearest of the centres that other recordings of the genres have.

The centres are learnt from recordings whose genre is known. Distances are those that tell genres apart: the
spread within genres is made equal in all directions first (R. Fisher, "The use of multiple measurements in
taxonomic problems", 1936), with some of the plain spread mixed in, because there are few recordings
(O. Ledoit and M. Wolf, "Honey, I shrunk the sample covariance matrix", 2004).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks.judge.key import tonic
from benchmarks.judge.spectra import FRAMES_A_SECOND, Spectra
from benchmarks.judge.tempo import returns_at

_MIXED_IN = 0.3
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
        """`known`: genre → (recordings, features)."""
        every = np.concatenate(list(known.values()))
        self._middle, self._scale = every.mean(axis=0), every.std(axis=0) + 1e-9
        tables = {name: (table - self._middle) / self._scale for name, table in known.items()}
        rests = np.concatenate([table - table.mean(axis=0) for table in tables.values()])
        spread = rests.T @ rests / (len(rests) - len(tables))
        plain = np.eye(len(spread)) * np.trace(spread) / len(spread)
        values, vectors = np.linalg.eigh((1 - _MIXED_IN) * spread + _MIXED_IN * plain)
        self._turn = vectors / np.sqrt(values)
        self._centres = {name: table.mean(axis=0) @ self._turn for name, table in tables.items()}

    def genre(self, heard: Any) -> str:
        """The genre whose centre is nearest."""
        place = (heard - self._middle) / self._scale @ self._turn
        return min(self._centres, key=lambda name: float(np.linalg.norm(place - self._centres[name])))
