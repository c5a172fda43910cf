"""Key from pitch classes.

Source: C. Krumhansl, "Cognitive Foundations of Musical Pitch" (1990), chapter 4: the key whose profile
(Krumhansl and Kessler 1982) correlates best with how long or strong each pitch class is.
"""

from __future__ import annotations

from typing import Any

import numpy as np

_PROFILES = {
    "major": (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
    "minor": (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
}
_SCALES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}
_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_FLATS = {
    "Db": "C#",
    "Eb": "D#",
    "Gb": "F#",
    "Ab": "G#",
    "Bb": "A#",
    "Cb": "B",
    "Fb": "E",
    "E#": "F",
    "B#": "C",
}


def key(strengths: Any) -> tuple[str, float]:
    """The name ("A minor", with sharps) and the correlation of its profile, -1…1.

    Args:
        strengths: (12,) how strong each pitch class is, C first.
    """
    table = np.asarray(strengths, np.float64)
    if table.std() <= 1e-12:
        return "C major", 0.0
    fits = {
        f"{name} {mode}": float(np.corrcoef(np.roll(profile, tonic), table)[0, 1])
        for mode, profile in _PROFILES.items()
        for tonic, name in enumerate(_NAMES)
    }
    best = max(fits, key=lambda name: fits[name])
    return best, fits[best]


def tonic(name: str) -> int:
    """0–11 of "A minor", "Bb major", "F# minor"."""
    note = name.split()[0]
    return _NAMES.index(_FLATS.get(note, note))


def scale(name: str) -> frozenset[int]:
    """The seven pitch classes of a key; minor is natural minor."""
    return frozenset((tonic(name) + step) % 12 for step in _SCALES[name.split()[1]])


def related(heard: str, asked: str) -> bool:
    """The same seven notes, or those a fifth above or below."""
    return scale(heard) in [frozenset((c + move) % 12 for c in scale(asked)) for move in (0, 5, 7)]
