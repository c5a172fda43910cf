"""Key from the pitch classes of a recording.

Source: C. Krumhansl, "Cognitive Foundations of Musical Pitch" (1990): the profiles of Krumhansl and Kessler
(1982), correlated with how strong each pitch class is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aimusicverse.audio.frames import F64, Frames

_MAJOR = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
_MINOR = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])
_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_LEAST_FIT = 0.5
#: One chord, or one tone with its overtones, is no key.
_LEAST_CLASSES = 4
#: Standard deviation over mean of the pitch classes; a sweep has them all alike.
_LEAST_CONTRAST = 0.3
#: Share of tones in the energy; that of noise is below 0.02, that of music with loud drums above 0.3.
_LEAST_TONES = 0.05


@dataclass(frozen=True, slots=True)
class Key:
    """`"A minor"` (sharps only), and how well its profile fits what was heard: a correlation, 0–1."""

    name: str
    confidence: float


def key(frames: Frames) -> Key | None:
    """The key of the whole recording, or `None` where there is none to hear: silence, noise, one chord."""
    heard = frames.chroma.sum(axis=0)
    tones = frames.chroma.sum(axis=1)
    if not heard.any() or tones[tones > 0].mean() < _LEAST_TONES:
        return None
    if (heard > 0.1 * heard.max()).sum() < _LEAST_CLASSES or heard.std() < _LEAST_CONTRAST * heard.mean():
        return None
    name, fit = estimate(heard)
    return Key(name, fit) if fit >= _LEAST_FIT else None


def estimate(heard: F64) -> tuple[str, float]:
    """The key that fits 12 pitch classes (C first) best, and the correlation (−1…1) of its profile."""
    best = ("C major", -1.0)
    if heard.std() <= 0:
        return best
    for mode, profile in (("major", _MAJOR), ("minor", _MINOR)):
        for tonic in range(12):
            fit = float(np.corrcoef(np.roll(profile, tonic), heard)[0, 1])
            if fit > best[1]:
                best = (f"{_NAMES[tonic]} {mode}", fit)
    return best
