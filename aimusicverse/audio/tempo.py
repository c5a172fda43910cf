"""Tempo from the onsets of a recording.

Source: D. Ellis, "Beat Tracking by Dynamic Programming" (2007): autocorrelation of the onset strength under a
log-normal preference for 120 beats a minute.

A pulse that also has half and double its speed has no single tempo: people tap any of them. The one nearest
to 120 wins, unless it is a bare pulse of twice that speed, like a metronome's. A reading that is half or
double somebody else's is therefore no disagreement.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aimusicverse.audio.frames import F64, Frames

LOWEST_BPM = 40.0
HIGHEST_BPM = 240.0
#: Below this the onsets return no more than chance makes them; in a short recording chance makes more.
_LEAST_CLARITY = 0.15
_CHANCE = 6.0
_LEAST_SECONDS = 4.0
#: Mean rise of the log power of an onset that is one: 0.2 is two decibels in every band.
_LEAST_ONSET = 0.2
_LEAST_ONSETS = 5
#: Where so much of the onsets returns at twice the speed, nothing but that faster pulse is there.
_METRONOME = 0.85
#: An onset between two frames must count as much as one inside a frame.
_SOFTEN = np.hanning(7)[1:-1] / np.hanning(7).sum()


@dataclass(frozen=True, slots=True)
class Tempo:
    """Beats a minute, and how sure that is: the share of the onsets' energy that returns after one, 0–1."""

    bpm: float
    confidence: float


def tempo(frames: Frames) -> Tempo | None:
    """The tempo, or `None` where there is no pulse: silence, noise, a tone, a few seconds, free rhythm."""
    if len(frames.onsets) < _LEAST_SECONDS * frames.rate or _count_onsets(frames.onsets) < _LEAST_ONSETS:
        return None
    bpm, clarity = estimate(frames)
    if clarity < max(_LEAST_CLARITY, _CHANCE / np.sqrt(len(frames.onsets))):
        return None
    return Tempo(bpm, clarity)


def estimate(frames: Frames, lowest: float = LOWEST_BPM, highest: float = HIGHEST_BPM) -> tuple[float, float]:
    """Tempo (bpm) and pulse clarity (0–1): the strongest period of the onsets, and how strong it is."""
    rate = frames.rate
    onsets = np.convolve(frames.onsets, _SOFTEN, "same")[: len(frames.onsets)]
    onsets = onsets - onsets.mean() if len(onsets) else onsets
    size = 1 << max(4, (2 * len(onsets)).bit_length())
    correlation = np.fft.irfft(np.abs(np.fft.rfft(onsets, size)) ** 2)[: len(onsets)]
    if len(onsets) < 8 or correlation[0] <= 1e-12:
        return 0.0, 0.0
    correlation /= correlation[0]
    lags = np.arange(int(rate * 60 / highest), min(len(onsets) // 2, int(rate * 60 / lowest) + 1))
    if len(lags) < 3:
        return 0.0, 0.0
    prior = np.exp(-0.5 * (np.log2(rate * 60 / lags / 120)) ** 2)
    # A period between two lags must not lose to its double; and a beat returns after two and four beats as
    # well, which a cross-rhythm does not.
    wide = np.maximum(correlation, np.maximum(np.roll(correlation, 1), np.roll(correlation, -1)))
    returns = [np.interp(lags * beats, np.arange(len(wide)), wide) for beats in (1, 2, 4)]
    best = int(lags[np.argmax((returns[0] + 0.5 * returns[1] + 0.5 * returns[2]) * prior)])
    half = wide[best // 2 : best // 2 + 2].max()
    if best // 2 > lags[0] and half > max(_METRONOME, 0.9 * wide[best]):
        best //= 2
    best += int(np.argmax(correlation[best - 1 : best + 2])) - 1
    clarity = float(correlation[max(1, best - 1) : best + 2].max())
    return rate * 60 / _refined(correlation, best), max(0.0, min(1.0, clarity))


def _refined(correlation: F64, best: int) -> float:
    """A period measured over several beats is that much finer."""
    period = float(best)
    for beats in (2, 4, 8, 16):
        centre = round(period * beats)
        if centre + beats + 2 >= len(correlation):
            break
        around = np.arange(centre - max(1, beats // 2), centre + max(1, beats // 2) + 1)
        at = int(around[np.argmax(correlation[around])])
        period = (at + _vertex(correlation, at)) / beats
    return period


def _vertex(curve: F64, at: int) -> float:
    """Where the parabola through three points has its top, relative to the middle one."""
    if not 0 < at < len(curve) - 1:
        return 0.0
    left, middle, right = curve[at - 1], curve[at], curve[at + 1]
    bend = left - 2 * middle + right
    return float(np.clip(0.5 * (left - right) / bend, -0.5, 0.5)) if bend < 0 else 0.0


def _count_onsets(onsets: F64) -> int:
    """How often the rise passes what an onset is."""
    above = onsets > max(_LEAST_ONSET, 0.1 * float(onsets.max()))
    return int((above[1:] & ~above[:-1]).sum()) + int(above[0])
