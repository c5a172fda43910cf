"""Hands and breath that are never still: vibrato, flutter, and players who come a little late.

Each player of a section has a rate, a depth and a phase of his own; the sum then beats as irregularly as a
section does (J. Pätynen, S. Tervo and T. Lokki, "Simulation of the violin section sound based on the
analysis of orchestra performance", WASPAA 2011; R. Rasch, "Synchronization in performed ensemble music",
Acustica 43, 1979).
"""

from __future__ import annotations

import numpy as np

from aimusicverse.engines.studio.synth.partials import F32, RATE

_FLUTTER_HZ, _FLUTTER_CENTS = 11.0, 1.2


def swayed(sound: F32, vibrato: tuple[float, float, float], late: float, random: np.random.Generator) -> F32:
    """The same sound on a time axis that sways.

    Args:
        sound: mono.
        vibrato: rate (Hz), depth (cents), seconds after which it begins; each varied by some percent.
        late: seconds by which it may come late, at most.
        random: whose hand it is.
    """
    rate, cents, after = vibrato
    rate *= 1 + 0.12 * (random.random() - 0.5)
    cents *= 1 + 0.4 * (random.random() - 0.5)
    time = np.arange(len(sound), dtype=np.float32) * np.float32(1 / RATE)
    away = np.sin(np.float32(2 * np.pi * rate) * time + np.float32(6.28 * random.random()))
    away *= np.clip((time - np.float32(after)) * np.float32(2.5), 0, 1)
    away *= np.float32(_samples(rate, cents))
    knots = random.standard_normal(int(len(sound) / RATE * _FLUTTER_HZ) + 2) * _samples(
        _FLUTTER_HZ, _FLUTTER_CENTS
    )
    away += np.interp(time * np.float32(_FLUTTER_HZ), np.arange(len(knots)), knots).astype(np.float32)
    away -= np.float32(late * random.random() * RATE)
    whole = np.floor(away)
    at = np.arange(len(sound)) + whole.astype(np.int64)
    before = at < 0
    np.clip(at, 0, len(sound) - 2, out=at)
    left = sound[at]
    out = left + (away - whole) * (sound[at + 1] - left)
    out[before] = 0
    return np.asarray(out, np.float32)


def _samples(rate: float, cents: float) -> float:
    """How far a sine of that rate (Hz) moves the time axis, so that the pitch moves by `cents`."""
    return float((2 ** (cents / 1200) - 1) / (2 * np.pi * rate) * RATE)
