"""Additive synthesis as one matrix product.

A tone is a sum of partials of constant frequency whose amplitudes move slowly. Cut into frames of M
samples, partial p of frame f is amplitude[f, p] · sin(w_p (f M + n) + phase_p). The angle splits into a part
that depends on the frame and one that depends on the sample, so a whole note is (frames × 4 P) times
(4 P × M), with amplitudes interpolated linearly inside each frame. A BLAS does that at full speed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RATE = 44_100
#: Samples over which a sound begins: noise that is there at once, at full height, is a click.
ONSET = 24

F32 = NDArray[np.float32]


def sum_of_partials(
    frequencies: NDArray[np.float64], phases: NDArray[np.float64], amplitudes: F32, frame: int
) -> F32:
    """The sum, mono.

    Args:
        frequencies: (P,) in Hz, below half the sample rate.
        phases: (P,) in radians.
        amplitudes: (F + 1, P), at the borders of the F frames.
        frame: samples in a frame, M.

    Returns:
        F · M samples.
    """
    frames = len(amplitudes) - 1
    omega = 2 * np.pi * frequencies / RATE
    angle = np.outer(np.arange(frames) * float(frame), omega) + phases
    angle = np.mod(angle, 2 * np.pi).astype(np.float32)
    sine, cosine = np.sin(angle), np.cos(angle)
    now, change = amplitudes[:-1], np.diff(amplitudes, axis=0)
    inside = np.outer(omega, np.arange(frame))
    base_cos, base_sin = np.cos(inside).astype(np.float32), np.sin(inside).astype(np.float32)
    ramp = (np.arange(frame, dtype=np.float32) / frame)[None, :]
    left = np.concatenate([now * sine, now * cosine, change * sine, change * cosine], axis=1)
    right = np.concatenate([base_cos, base_sin, base_cos * ramp, base_sin * ramp], axis=0)
    return np.ascontiguousarray((left @ right).reshape(-1))


def loudest(sound: F32) -> float:
    """RMS of the loudest 50 ms."""
    size = min(len(sound), 2205)
    whole = sound[: len(sound) // size * size].reshape(-1, size)
    return float(np.sqrt(np.einsum("fs,fs->f", whole, whole).max() / size)) + 1e-9


def begin(sound: F32) -> None:
    """Let a sound begin within half a millisecond, and not at once. In place."""
    sound[:ONSET] *= np.linspace(0, 1, ONSET, dtype=np.float32)[: len(sound)]
