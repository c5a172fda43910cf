"""Integrated loudness and loudness range.

Sources: ITU-R BS.1770-4, Annex 1 (K-weighting, 400 ms blocks, gates at -70 LUFS and -10 LU); EBU Tech 3342
(loudness range: 3 s windows, gates at -70 LUFS and -20 LU, 10th to 95th percentile). The two filters are
those of the standard's tables for 48 kHz. Their response at a frequency is applied to the spectrum, so that a
recording at another rate needs no other coefficients.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.judge.sound import Sound

_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
_TABLE_RATE = 48_000
_PIECE_SECONDS, _LEAD_SECONDS = 20, 1
_STEPS_A_SECOND = 10


def loudness(sound: Sound) -> tuple[float, float]:
    """Integrated loudness (LUFS; -inf for silence) and loudness range (LU)."""
    steps = _step_powers(sound)
    blocks = _windows(steps, 4)
    loud = blocks[_lufs(blocks) > -70]
    if not len(loud):
        return float("-inf"), 0.0
    gated = loud[_lufs(loud) > _lufs(loud.mean()) - 10]
    return float(_lufs(gated.mean())), _range(_windows(steps, 30))


def _range(blocks: Any) -> float:
    loud = blocks[_lufs(blocks) > -70]
    if not len(loud):
        return 0.0
    levels = np.sort(_lufs(loud[_lufs(loud) > _lufs(loud.mean()) - 20]))
    low, high = (levels[round((len(levels) - 1) * share)] for share in (0.10, 0.95))
    return float(high - low)


def _lufs(power: Any) -> Any:
    return -0.691 + 10 * np.log10(np.maximum(power, 1e-20))


def _windows(steps: Any, count: int) -> Any:
    """Mean over each `count` steps in a row."""
    if len(steps) < count:
        return np.zeros(0)
    return np.lib.stride_tricks.sliding_window_view(steps, count).mean(axis=1)


def _step_powers(sound: Sound) -> Any:
    """Power of the weighted channels, summed, over each tenth of a second."""
    rate, total = sound.rate, sound.samples.shape[1]
    step, lead = rate / _STEPS_A_SECOND, _LEAD_SECONDS * rate
    edges = np.round(np.arange(int(total / step) + 1) * step).astype(int)
    powers = np.zeros(len(edges) - 1)
    for first in range(0, total, _PIECE_SECONDS * rate):
        last = min(total, first + _PIECE_SECONDS * rate)
        begin = max(0, first - lead)  # the filters ring for less than the second that leads in
        size = 1 << int(last - begin + lead - 1).bit_length()
        response = _response(np.fft.rfftfreq(size, 1 / rate))
        spectra = np.fft.rfft(sound.samples[:, begin:last].astype(np.float64), size) * response
        square = (np.fft.irfft(spectra, size)[:, first - begin : last - begin] ** 2).sum(axis=0)
        inside = np.flatnonzero((edges[:-1] >= first) & (edges[1:] <= last))
        summed = np.concatenate([[0.0], np.cumsum(square)])
        low, high = edges[inside] - first, edges[inside + 1] - first
        powers[inside] = (summed[high] - summed[low]) / (high - low)
    return powers


def _response(frequencies: Any) -> Any:
    turn = np.exp(-2j * np.pi * np.minimum(frequencies, _TABLE_RATE / 2) / _TABLE_RATE)
    response = np.ones_like(turn)
    for upper, lower in (_SHELF, _HIGH_PASS):
        response *= np.polyval(upper[::-1], turn) / np.polyval(lower[::-1], turn)
    return response
