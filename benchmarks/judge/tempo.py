"""Tempo and clarity of the pulse.

Source: G. Peeters, "Template-based estimation of time-varying tempo" (2007): the spectrum of the onsets has
peaks at the beat and its multiples, their autocorrelation at the beat and its fractions; the product of both
has them at the beat.
"""

from __future__ import annotations

from typing import Any

import numpy as np

_LOWEST, _HIGHEST, _STEP = 40.0, 240.0, 0.1
_USUAL, _OCTAVES = 110.0, 1.0


def tempo(onsets: Any, rate: float) -> tuple[float, float]:
    """Beats a minute, and clarity: the share of the onsets' energy that returns after one beat, 0–1.

    Args:
        onsets: (F,) strength, `rate` a second.
    """
    line = np.asarray(onsets, np.float64) - _trend(np.asarray(onsets, np.float64), round(2 * rate))
    if len(line) < 4 * rate or line.std() < 1e-6:
        return 0.0, 0.0
    size = 1 << (8 * len(line)).bit_length()
    spectrum = np.abs(np.fft.rfft(line, size))
    returns = np.fft.irfft(np.abs(np.fft.rfft(line, 1 << (2 * len(line)).bit_length())) ** 2)[: len(line)]
    # An onset between two frames is in both: neighbouring lags are one.
    returns = np.convolve(returns, (0.5, 1, 0.5), "same") / (returns[0] + returns[1])
    bpm = np.arange(_LOWEST, _HIGHEST, _STEP)
    beat = returns_at(returns, 60 * rate / bpm)
    # The beat itself counts more: half of it, after which little returns, has two and four of its own too.
    bars = 0.5 * beat + 0.25 * sum(returns_at(returns, 60 * rate / bpm * beats) for beats in (2, 4))
    lines = sum(_height(spectrum, bpm / 60 * times, rate, size) for times in (1, 2, 4))
    taste = np.exp(-0.5 * (np.log2(bpm / _USUAL) / _OCTAVES) ** 2)
    best = int(np.argmax(np.maximum(0, bars) * lines * taste))
    found = _finer(spectrum, float(bpm[best]), rate, size)
    near = np.abs(bpm / found - 1) < 0.01
    return found, float(np.clip(beat[near].max(initial=0.0), 0, 1))


def returns_at(returns: Any, lags: Any) -> Any:
    """The autocorrelation between its lags."""
    return np.interp(lags, np.arange(len(returns)), returns, right=0.0)


def _height(spectrum: Any, hertz: Any, rate: float, size: int) -> Any:
    return np.interp(hertz * size / rate, np.arange(len(spectrum)), spectrum)


def _finer(spectrum: Any, bpm: float, rate: float, size: int) -> float:
    """Where the beat and its multiples are highest together."""
    around = bpm * np.linspace(0.985, 1.015, 301)
    heights = sum(_height(spectrum, around / 60 * times, rate, size) for times in (1, 2, 3, 4, 8))
    return float(around[np.argmax(heights)])


def _trend(line: Any, size: int) -> Any:
    """The mean around each place: a loud passage is no pulse."""
    window = np.ones(size)
    return np.convolve(line, window, "same") / np.convolve(np.ones(len(line)), window, "same")
