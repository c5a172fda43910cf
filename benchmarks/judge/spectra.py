"""A recording cut into frames, once, for all that listens to spectra.

Sources: S. Davis and P. Mermelstein, "Comparison of parametric representations…" (1980), mel cepstra;
S. Dixon, "Onset detection revisited" (2006), flux of the logarithmic spectrum; M. Müller, "Fundamentals of
Music Processing" (2015), chapter 3, pitch classes from the bins of a long window.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.judge.sound import Sound

FRAMES_A_SECOND = 100
BANDS = 40
CEPSTRA = 13
_COMPRESSION = 1000.0
_SHORT, _LONG = 2048, 16384
_AT_ONCE = 512
_FLAT_HZ = (80.0, 10_000.0)
_PITCH_HZ = (65.0, 2100.0)
_AROUND = 25


@dataclass(frozen=True, slots=True)
class Spectra:
    """What the frames hold.

    `mel`: (F, 40) log power; `onsets`: (F,) rise of the compressed bands; `flatness`: (F,) 0–1; 100 a second.
    `chroma`: (C, 12) pitch classes, C first, `chroma_rate` a second.
    """

    mel: Any
    onsets: Any
    flatness: Any
    chroma: Any
    chroma_rate: float

    @property
    def cepstra(self) -> Any:
        """(F, 13)."""
        place = np.arange(CEPSTRA)[:, None] * (np.arange(BANDS) + 0.5)
        return self.mel @ np.cos(np.pi / BANDS * place).T / BANDS


def cut(sound: Sound) -> Spectra:
    """All frames of a recording."""
    mono = sound.mono
    filters = _mel_filters(sound.rate)
    low, high = np.searchsorted(np.fft.rfftfreq(_SHORT, 1 / sound.rate), _FLAT_HZ)
    mel, soft, flat = [], [], []
    for magnitudes in _frames(mono, _SHORT, sound.rate / FRAMES_A_SECOND):
        power = magnitudes**2 @ filters
        mel.append(np.log(power + 1e-10))
        soft.append(np.log1p(_COMPRESSION * np.sqrt(power)))
        body = magnitudes[:, low:high] ** 2 + 1e-14
        flatness = np.exp(np.log(body).mean(axis=1)) / body.mean(axis=1)
        flat.append(np.where(body.sum(axis=1) > 1e-8, flatness, np.nan))
    rises = np.maximum(0, np.diff(np.concatenate(soft), axis=0, prepend=soft[0][:1])).mean(axis=1)
    pitches = _pitch_filters(sound.rate)
    hop = _LONG / 2
    chroma = [_classes(magnitudes, pitches) for magnitudes in _frames(mono, _LONG, hop)]
    return Spectra(np.concatenate(mel), rises, np.concatenate(flat), np.concatenate(chroma), sound.rate / hop)


def _frames(mono: Any, size: int, hop: float) -> Any:
    """Magnitudes (K, bins) of Hann windows centred `hop` samples apart; a sine has its height."""
    line = np.pad(mono, size // 2)
    starts = np.round(np.arange(int(len(mono) / hop) + 1) * hop).astype(int)
    starts = starts[starts + size <= len(line)]
    window = (np.hanning(size) / (size / 4)).astype(np.float32)
    for first in range(0, len(starts), _AT_ONCE):
        some = starts[first : first + _AT_ONCE]
        yield np.abs(np.fft.rfft(line[some[:, None] + np.arange(size)] * window)).astype(np.float32)


def _mel_filters(rate: int) -> Any:
    """(bins, 40) triangles from 30 Hz to 16 kHz."""
    edges = 700 * (10 ** (np.linspace(_mel(30), _mel(min(16_000, rate / 2)), BANDS + 2) / 2595) - 1)
    bins = np.fft.rfftfreq(_SHORT, 1 / rate)[:, None]
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    triangles = np.maximum(0, np.minimum(rising, falling))
    # The lowest triangles are narrower than a bin, and would hear nothing.
    for band in np.flatnonzero(triangles.sum(axis=0) < 0.5):
        triangles[int(np.argmin(np.abs(bins[:, 0] - edges[band + 1]))), band] = 1
    return triangles.astype(np.float32)


def _mel(hertz: float) -> float:
    return float(2595 * np.log10(1 + hertz / 700))


def _pitch_filters(rate: int) -> Any:
    """(bins, 12): how much each bin belongs to each pitch class."""
    bins = np.fft.rfftfreq(_LONG, 1 / rate)
    inside = (bins >= _PITCH_HZ[0]) & (bins <= _PITCH_HZ[1])
    pitch = 69 + 12 * np.log2(np.where(inside, bins, 440.0) / 440)
    away = (pitch[:, None] - np.arange(12) + 6) % 12 - 6
    # What harmony is made of lies around 260 Hz; above are overtones, below bins are wider than steps.
    weight = np.exp(-0.5 * ((pitch - 60) / 14) ** 2) * inside
    return (np.exp(-0.5 * (away / 0.3) ** 2) * weight[:, None]).astype(np.float32)


def _classes(magnitudes: Any, filters: Any) -> Any:
    """(K, 12): what stands above its surroundings; loud and soft frames count by the root of their height."""
    sums = np.cumsum(
        np.pad(magnitudes, ((0, 0), (_AROUND + 1, _AROUND)), mode="edge"), axis=1, dtype=np.float64
    )
    around = (sums[:, 2 * _AROUND + 1 :] - sums[:, : -2 * _AROUND - 1]) / (2 * _AROUND + 1)
    return np.sqrt(np.maximum(0, magnitudes - 1.5 * around)).astype(np.float32) @ filters
