"""Sounds without pitch that lie under a piece: the crackle of a record, rain."""

from __future__ import annotations

import numpy as np

from aimusicverse.engines.studio.synth.noise import band_noise
from aimusicverse.engines.studio.synth.partials import F32, RATE


def texture(name: str, seconds: float, seed: int) -> F32:
    """A stretch of it, mono, faded at both ends by 50 ms, about as loud as a note of unit loudness."""
    random = np.random.Generator(np.random.PCG64(seed))
    length = max(4410, int((seconds + 0.05) * RATE))
    sound = _crackle(length, random) if name == "vinyl crackle" else _rain(length, random)
    ramp = np.linspace(0, 1, 2205, dtype=np.float32)
    sound[:2205] *= ramp
    sound[-2205:] *= ramp[::-1]
    return sound


def _crackle(length: int, random: np.random.Generator) -> F32:
    sound = band_noise(length, 400, 5000, random) * np.float32(0.015)
    for at in (random.random(int(14 * length / RATE)) * (length - 200)).astype(int):
        tick = band_noise(120, 1500, 6000, random) * np.exp(-np.arange(120, dtype=np.float32) / 18)
        sound[at : at + 120] += tick * np.float32(0.25 * random.random() ** 3)
    return sound


def _rain(length: int, random: np.random.Generator) -> F32:
    sound = band_noise(length, 600, 4500, random) * np.float32(0.04)
    for at in (random.random(int(40 * length / RATE)) * (length - 900)).astype(int):
        time = np.arange(800, dtype=np.float32) / RATE
        drop = np.sin(2 * np.pi * (1200 + 2600 * random.random()) * time) * np.exp(-time * 400)
        sound[at : at + 800] += (drop * 0.12 * random.random() ** 2).astype(np.float32)
    return sound
