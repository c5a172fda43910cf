"""Noise beside tones: hammers, fingers, bows, breath."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from aimusicverse.engines.studio.synth.partials import F32, RATE


@dataclass(frozen=True, slots=True)
class Noise:
    """Noise beside the tone: level against it, band (Hz), decay (s; 0 sounds as long as the note).

    `chiff`: how much stronger it is where the tone begins, over 50 ms: lips, tongue and bow need a moment
    until the tone takes over (N. Fletcher and T. Rossing, "The Physics of Musical Instruments", 16.10).
    """

    level: float
    low: float
    high: float
    decay: float = 0.0
    chiff: float = 0.0


def burst(noise: Noise, random: np.random.Generator) -> F32:
    """A burst that has decayed by 60 dB at its end; a level of 1 is the RMS of a note's loudest moment."""
    length = int(noise.decay * 1.2 * RATE)
    return stretch(noise, length, random) * decay(length, noise.decay)


def stretch(noise: Noise, length: int, random: np.random.Generator) -> F32:
    """`length` samples of it, steady."""
    base = _long_noise(noise.low, noise.high)
    sound = np.resize(np.roll(base, int(random.random() * len(base))), length)
    return np.asarray(sound * np.float32(0.1 * noise.level), np.float32)


def decay(length: int, seconds: float) -> F32:
    """From 1 to -60 dB in `seconds`, and on."""
    return np.asarray(np.exp(np.arange(length, dtype=np.float32) * np.float32(-6.9 / (seconds * RATE))))


def piped(noise: F32, frequency: float, stays: float) -> F32:
    """Noise in a pipe: what runs to and fro there sounds most at the pitch of the pipe (Hz) and its
    multiples.

    The pipe is a delay of one period that gives back `stays` (0–1) of what comes in (P. Cook, "A meta-wind-
    instrument physical model", ICMC 1992), solved as a spectrum. The loudness stays the same.
    """
    size = 1 << (len(noise) - 1).bit_length()
    turns = np.arange(size // 2 + 1) * (RATE / size / frequency)
    angle = ((turns - np.floor(turns)) * (-2 * np.pi)).astype(np.float32)
    loop = 1 - np.float32(stays) * (np.cos(angle) + 1j * np.sin(angle))
    out = np.asarray(np.fft.irfft(np.fft.rfft(noise, size) / loop, size)[: len(noise)], np.float32)
    return out * np.float32(np.sqrt(1 - stays * stays))


@lru_cache(maxsize=32)
def _long_noise(low: float, high: float) -> F32:
    """Three seconds that all notes of an instrument take their noise from, each from another place."""
    return band_noise(1 << 17, low, high, np.random.Generator(np.random.PCG64(int(low + high))))


def band_noise(length: int, low: float, high: float, random: np.random.Generator) -> F32:
    """White noise kept between two frequencies (Hz), RMS 1; long noise repeats after two seconds."""
    size = min(1 << (max(256, length) - 1).bit_length(), 1 << 17)
    spectrum = np.fft.rfft(random.standard_normal(size, dtype=np.float32))
    frequency = np.fft.rfftfreq(size, 1 / RATE).astype(np.float32)
    spectrum *= 1 / np.sqrt(1 + (frequency / high) ** 6) / np.sqrt(1 + (low / np.maximum(frequency, 1)) ** 4)
    sound = np.fft.irfft(spectrum, size).astype(np.float32)
    sound /= np.sqrt(np.mean(sound * sound)) + np.float32(1e-9)
    return np.resize(sound, length)
