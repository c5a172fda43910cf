"""Two-operator frequency modulation: one sine moves the phase of another.

The carrier c and the modulator m (both multiples of the pitch) give partials at |c ± k m|, as loud as Bessel
functions of the index, which falls while the note dies: bright when struck, a sine at last. Layers of such
pairs make a tine piano (1:1 for the body, 1:14 for the tine) or a bell (1:1.4).

Sources: J. Chowning, "The synthesis of complex audio spectra by means of frequency modulation" (JAES 21(7),
1973), from which the bell; J. Chowning and D. Bristow, "FM Theory and Applications" (1986).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aimusicverse.engines.studio.synth.noise import Noise, burst
from aimusicverse.engines.studio.synth.partials import F32, RATE, loudest


@dataclass(frozen=True, slots=True)
class Pair:
    """A carrier and its modulator. `index` at medium velocity, radians; times to -60 dB at A3 (s)."""

    level: float
    carrier: float
    modulator: float
    index: float
    seconds: float
    index_seconds: float
    least_index: float = 0.0


@dataclass(frozen=True, slots=True)
class Operators:
    """An instrument of pairs. `touch`: octaves by which the index rises from the softest to the loudest note;
    `tremolo`: rate (Hz) and depth (0–1); `release` (s)."""

    pairs: tuple[Pair, ...]
    touch: float = 1.5
    release: float = 0.25
    tremolo: tuple[float, float] = (0.0, 0.0)
    noise: Noise | None = None

    def play(self, pitch: int, seconds: float, velocity: float, brightness: float, seed: int) -> F32:
        """A note, mono: its loudest 50 ms have an RMS of 0.1."""
        base = 440 * 2 ** ((pitch - 69) / 12)
        length = max(2205, int((seconds + self.release) * RATE))
        time = np.arange(length, dtype=np.float32) * np.float32(1 / RATE)
        stretched = 2 ** ((57 - pitch) / 30)  # low notes ring longer
        push = 2 ** (self.touch * (velocity - 0.62) + 0.5 * brightness)
        sound = np.zeros(length, np.float32)
        for pair in self.pairs:
            # Carson's rule: what would pass half the sample rate is left out.
            room = (0.45 * RATE / base - pair.carrier) / pair.modulator - 1
            index = min(pair.index * push * 2 ** ((60 - pitch) / 36), max(0.0, room))
            fall = np.exp(time * np.float32(-6.9 / (pair.index_seconds * stretched)))
            fall *= np.float32(index - pair.least_index)
            fall += np.float32(pair.least_index)
            moved = np.sin(_phase(base * pair.modulator, length)) * fall
            moved += _phase(base * pair.carrier, length)
            wave = np.sin(moved)
            wave *= np.exp(time * np.float32(-6.9 / (pair.seconds * stretched)))
            sound += wave * np.float32(pair.level)
        sound[:88] *= np.linspace(0, 1, 88, dtype=np.float32)
        if self.tremolo[1]:
            rate, depth = self.tremolo
            sound *= 1 - np.float32(depth) * (0.5 - 0.5 * np.cos(np.float32(2 * np.pi * rate) * time))
        held = int(seconds * RATE)
        if held < length:
            sound[held:] *= np.square(np.linspace(1, 0, length - held, dtype=np.float32))
        sound *= np.float32(0.1 / loudest(sound))
        if self.noise:
            extra = burst(self.noise, np.random.Generator(np.random.PCG64(seed)))[:length]
            sound[: len(extra)] += extra
            sound *= np.float32(0.1 / loudest(sound))
        return sound


def _phase(frequency: float, length: int) -> F32:
    """Radians from -pi to pi. Whole numbers count the turns, which wrap and never lose precision."""
    turns = np.arange(length, dtype=np.uint32)
    turns *= np.uint32(round(frequency / RATE * 2**32))
    return turns.view(np.int32).astype(np.float32) * np.float32(np.pi / 2**31)


TINE_PIANO = Operators(
    pairs=(
        Pair(1.0, 1, 1, 1.1, 6.5, 1.4, 0.12),
        Pair(0.32, 1, 2, 0.5, 3.5, 0.9),
        Pair(0.10, 1, 14, 0.8, 1.1, 0.25),
    ),
    touch=3.4, tremolo=(4.6, 0.22), noise=Noise(0.08, 300, 3000, 0.03),
)  # fmt: skip

BELLS = Operators(
    pairs=(Pair(1.0, 1, 1.4, 2.2, 3.6, 2.2), Pair(0.45, 2.0, 2.8, 1.2, 2.2, 1.0),
           Pair(0.3, 1, 3, 0.3, 4.5, 1.0)),
    touch=1.2, release=0.6, noise=Noise(0.05, 3000, 9000, 0.02),
)  # fmt: skip
