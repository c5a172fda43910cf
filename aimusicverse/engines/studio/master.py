"""The master: one gain and a true-peak limiter, so that every piece has the same loudness and no clipped
sample.

Target: -14 LUFS integrated, at most -1 dBTP (ITU-R BS.1770-4). The gain that gets there is found on
readings of the mix (power of tenths of a second, peaks of 32 samples), without touching the samples.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from aimusicverse.audio.loudness import integrated
from aimusicverse.audio.true_peak import CHUNK
from aimusicverse.engines.studio.synth.partials import F32, RATE

BIT_DEPTH = 24
TARGET_LUFS = -14.0
CEILING = 10 ** (-1.15 / 20)
_REACH = 24  # readings to each side over which the limiter's gain moves: 17 ms
_HOP = RATE // 10
ALL = slice(None)


def limiter_gain(peaks: F32, gain: float) -> F32:
    """The limiter's gain for every 32 samples.

    Each reading's need is held as long as the smoothing window reaches, so the smoothed gain never lets a
    peak through.
    """
    need = np.minimum(1.0, CEILING / np.maximum(peaks * np.float32(gain), 1e-9)).astype(np.float32)
    held = np.pad(need, _REACH + 1, mode="edge")
    width, have = 2 * (_REACH + 1) + 1, 1
    while have < width:  # running minimum by doubling
        step = min(have, width - have)
        held = np.minimum(held[: len(held) - step], held[step:])
        have += step
    window = np.hanning(2 * _REACH + 3)[1:-1].astype(np.float32)
    smooth = np.convolve(np.pad(held, _REACH, mode="edge"), window / window.sum(), "valid")
    return np.minimum(smooth, 1).astype(np.float32)


def find_gain(
    energies: NDArray[np.float64],
    peaks: F32,
    target: float = TARGET_LUFS,
    heard: NDArray[np.bool_] | slice = ALL,
) -> float:
    """The gain (linear) after which the limited piece measures `target` LUFS; 1 for silence.

    Measured are only those tenths of a second that are `heard`.
    """
    now = integrated(energies[heard])
    if not np.isfinite(now):
        return 1.0
    gain_db = target - now
    for _ in range(12):
        gain = 10 ** (gain_db / 20)
        error = target - integrated(limited(energies, limiter_gain(peaks, gain), peaks)[heard] * gain**2)
        if abs(error) < 0.005:
            break
        gain_db += error * 1.2
    return float(10 ** (gain_db / 20))


def limited(energies: NDArray[np.float64], curve: F32, peaks: F32) -> NDArray[np.float64]:
    """The powers of tenths of a second after the limiter.

    Inside a tenth, the power lies where the peaks are, and there the limiter is at work.
    """
    weights = peaks.astype(np.float64) ** 2 + 1e-12
    before = _tenths(weights, len(energies))
    after = _tenths(weights * curve.astype(np.float64) ** 2, len(energies))
    return np.asarray(energies * (after / before), np.float64)


def _tenths(readings: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Sums of readings of 32 samples over tenths of a second."""
    total = np.concatenate([[0.0], np.cumsum(readings)])
    borders = np.arange(count + 1) * _HOP / CHUNK
    return np.diff(np.interp(borders, np.arange(len(total)), total))


def apply_gain(block: F32, start: int, curve: F32, gain: float) -> F32:
    """A block that begins at sample `start`, after gain and limiter."""
    first, last = start // CHUNK - 1, (start + block.shape[1]) // CHUNK + 2
    known = curve[max(0, first) : last]
    centres = (np.arange(max(0, first), max(0, first) + len(known)) + 0.5) * CHUNK
    at = np.arange(start, start + block.shape[1])
    return np.asarray(block * (np.interp(at, centres, known) * gain).astype(np.float32), np.float32)


def next_aim(tried: Sequence[tuple[float, float]]) -> float:
    """The loudness to predict next, from those tried so far and what was then missing (LU).

    Lone strokes lose to the limiter most of what they are given: how much, the last step has shown. Between
    one that was too quiet and one that was too loud it lies.
    """
    quiet = max((one for one in tried if one[1] > 0), default=None)
    loud = min((one for one in tried if one[1] < 0), default=None)
    if quiet and loud:
        share = quiet[1] / (quiet[1] - loud[1])
        return quiet[0] + (loud[0] - quiet[0]) * max(0.2, min(0.8, share))
    (before, missed), (last, missing) = tried[-2] if len(tried) > 1 else (0.0, 0.0), tried[-1]
    share = (missed - missing) / (last - before) if len(tried) > 1 else 1.0
    return last + missing / max(0.25, min(1.0, share))
