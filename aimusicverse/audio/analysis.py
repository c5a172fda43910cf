"""What a recording sounds like, in figures: tempo, pulse, key, flatness. Frame by frame, in bounded memory.

Sources: C. Krumhansl, "Cognitive Foundations of Musical Pitch" (1990), key profiles; D. Ellis, "Beat Tracking
by Dynamic Programming" (2007), onset strength and the tempo prior around 120 bpm.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aimusicverse.audio.filters import Floats

F64 = NDArray[np.float64]
_WINDOW = 2048
_BANDS = 40
_MAJOR = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
_MINOR = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])
_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


@dataclass(frozen=True, slots=True)
class Frames:
    """A recording cut into overlapping frames: onsets and bands 100 times a second, chroma 5 times.

    `bands` (F, 40): log power; `onsets` (F,): rise in loudness over all bands; `flatness` (F,): geometric
    over
    arithmetic mean of the power spectrum; `chroma` (C, 12): strength of the pitch classes, C first.
    """

    rate: float
    bands: F64
    onsets: F64
    flatness: F64
    chroma_rate: float
    chroma: F64


def listen(blocks: Iterable[Floats], sample_rate: int) -> Frames:
    """Cut a stream of (channels, N) blocks into frames; channels are summed."""
    hop = round(sample_rate / 100)
    fine, coarse = _Slicer(_WINDOW, hop), _Slicer(8192, 8192)
    filters, classes = _log_bands(sample_rate), _pitch_classes(sample_rate)
    bands, flatness, chroma = [], [], []
    window, long_window = np.hanning(_WINDOW), np.hanning(8192)
    for block in blocks:
        mono = block.mean(axis=0)
        for frames in fine.cut(mono):
            power = np.abs(np.fft.rfft(frames * window)) ** 2 + 1e-12
            bands.append(np.log10(1e-7 + power @ filters))
            body = power[:, 4:-100]
            flatness.append(np.exp(np.log(body).mean(axis=1)) / body.mean(axis=1))
        for frames in coarse.cut(mono):
            spectrum = np.abs(np.fft.rfft(frames * long_window))
            chroma.append(np.sqrt(_peaks(spectrum)) @ classes)
    levels = np.concatenate(bands) if bands else np.zeros((0, _BANDS))
    rises = np.maximum(0, np.diff(levels, axis=0, prepend=levels[:1])).mean(axis=1)
    return Frames(
        rate=sample_rate / hop,
        bands=levels,
        onsets=rises,
        flatness=np.concatenate(flatness) if flatness else np.zeros(0),
        chroma_rate=sample_rate / 8192,
        chroma=np.concatenate(chroma) if chroma else np.zeros((0, 12)),
    )


def tempo(frames: Frames, lowest: float = 40, highest: float = 240) -> tuple[float, float]:
    """Tempo (bpm) and pulse clarity (0–1): the strongest period of the onsets, and how strong it is."""
    onsets = frames.onsets - frames.onsets.mean()
    size = 1 << (2 * len(onsets)).bit_length()
    spectrum = np.fft.rfft(onsets, size)
    correlation = np.fft.irfft(np.abs(spectrum) ** 2)[: len(onsets)]
    correlation /= max(correlation[0], 1e-12)
    lags = np.arange(
        int(frames.rate * 60 / highest), min(len(onsets) // 2, int(frames.rate * 60 / lowest) + 1)
    )
    if len(lags) < 3:
        return 0.0, 0.0
    prior = np.exp(-0.5 * (np.log2(frames.rate * 60 / lags / 120)) ** 2)
    # A period between two lags must not lose to its double; and a beat returns after two and four beats as
    # well, which a cross-rhythm does not.
    wide = np.maximum(correlation, np.maximum(np.roll(correlation, 1), np.roll(correlation, -1)))
    returns = [np.interp(lags * beats, np.arange(len(wide)), wide) for beats in (1, 2, 4)]
    best = int(lags[np.argmax((returns[0] + 0.5 * returns[1] + 0.5 * returns[2]) * prior)])
    best += int(np.argmax(correlation[best - 1 : best + 2])) - 1
    clarity = float(correlation[max(1, best - 1) : best + 2].max())
    # A period measured over several beats is that much finer.
    period = float(best)
    for beats in (2, 4, 8, 16):
        centre = round(period * beats)
        if centre + beats + 2 >= len(correlation):
            break
        around = np.arange(centre - max(1, beats // 2), centre + max(1, beats // 2) + 1)
        at = int(around[np.argmax(correlation[around])])
        period = (at + _vertex(correlation, at)) / beats
    return frames.rate * 60 / period, clarity


def key(frames: Frames) -> tuple[str, float]:
    """The key ("A minor", sharps only), and how its profile correlates (-1…1) with the pitch classes
    heard."""
    heard = frames.chroma.sum(axis=0)
    best = ("C major", -1.0)
    for mode, profile in (("major", _MAJOR), ("minor", _MINOR)):
        for tonic in range(12):
            fit = float(np.corrcoef(np.roll(profile, tonic), heard)[0, 1]) if heard.any() else -1.0
            if fit > best[1]:
                best = (f"{_NAMES[tonic]} {mode}", fit)
    return best


class _Slicer:
    """Cuts a stream into overlapping frames."""

    def __init__(self, size: int, hop: int) -> None:
        self._size, self._hop = size, hop
        self._held = np.zeros(0, np.float32)

    def cut(self, samples: Floats) -> Iterable[Floats]:
        line = np.concatenate([self._held, samples])
        count = max(0, (len(line) - self._size) // self._hop + 1)
        self._held = line[count * self._hop :]
        if count:
            yield np.lib.stride_tricks.sliding_window_view(line, self._size)[:: self._hop][:count]


def _log_bands(sample_rate: int) -> F64:
    """(bins, 40): triangles from 40 Hz to 11 kHz, evenly spaced on a logarithmic scale."""
    frequencies = np.fft.rfftfreq(_WINDOW, 1 / sample_rate)
    edges = np.geomspace(40, 11_000, _BANDS + 2)
    rising = (frequencies[:, None] - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - frequencies[:, None]) / (edges[2:] - edges[1:-1])
    return np.asarray(np.maximum(0, np.minimum(rising, falling)), np.float64)


def _pitch_classes(sample_rate: int) -> F64:
    """(bins, 12): which pitch class a bin belongs to, from 80 Hz to 2 kHz."""
    frequencies = np.fft.rfftfreq(8192, 1 / sample_rate)
    weights = np.zeros((len(frequencies), 12))
    for index, frequency in enumerate(frequencies):
        if 80 <= frequency <= 2000:
            pitch = 69 + 12 * np.log2(frequency / 440)
            weights[index, round(float(pitch)) % 12] = 1 - abs(pitch - np.round(pitch))
    return weights


def _peaks(spectrum: F64) -> F64:
    """Only what stands above both neighbours: tones, not the skirts of drums."""
    higher = np.zeros_like(spectrum)
    inner = spectrum[:, 1:-1]
    higher[:, 1:-1] = np.where((inner > spectrum[:, :-2]) & (inner > spectrum[:, 2:]), inner, 0)
    return higher


def _vertex(curve: F64, at: int) -> float:
    """Where the parabola through three points has its top, relative to the middle one."""
    if not 0 < at < len(curve) - 1:
        return 0.0
    left, middle, right = curve[at - 1], curve[at], curve[at + 1]
    bend = left - 2 * middle + right
    return float(0.5 * (left - right) / bend) if bend < 0 else 0.0
