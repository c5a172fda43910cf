"""Plucked and struck strings: a digital waveguide, solved in the frequency domain.

A string is a loop: a wave runs round it in one period, loses a little (more in the treble), is smeared by the
string's stiffness, and goes round again. With E the excitation, G what a round leaves and n(f) how many
waves of frequency f fit into a round, the string's sound is

    S(f) = E(f) / (1 - G(f) exp(-2 pi i n(f)))

which is the single delay loop of Karplus and Strong with any loss and any stiffness, and no tuning error. One
inverse transform gives the whole sound. It is evaluated a little outside the unit circle, so that what rings
on beyond the end does not come round to the beginning, and scaled back.

Sources: K. Karplus and A. Strong, "Digital synthesis of plucked-string and drum timbres" (CMJ 7(2), 1983);
M. Karjalainen, V. Välimäki and T. Tolonen, "Plucked-string models: from the Karplus-Strong algorithm to
digital waveguides and beyond" (CMJ 22(3), 1998); J. Bensa et al., "The simulation of piano string
vibration" (JASA 114, 2003): losses b1 + b3 f²; G. Weinreich, "Coupled piano strings" (JASA 62, 1977): two
planes of vibration, a quick and a slow one; N. Fletcher and T. Rossing, "The Physics of Musical
Instruments": f_n = n f_0 sqrt(1 + B n²), plucking point, hammer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from aimusicverse.engines.studio.synth.noise import Noise, burst
from aimusicverse.engines.studio.synth.partials import F32, RATE, loudest
from aimusicverse.engines.studio.synth.shelf import Shelf

_C64 = NDArray[np.complex64]

#: How much weaker than its beginning the sound after the end is where it would come round (as a factor).
_ROUND = 1e-3
_LEAST, _MOST = 1 << 15, 1 << 20
#: Samples at the end that belong before the beginning: the upper edge of the band rings to both sides.
_BEFORE = 256
#: Bytes of strings left alone that are kept.
RINGS = 24 << 20
_rings: Shelf[tuple[object, ...], F32] = Shelf(RINGS)


@dataclass(frozen=True, slots=True)
class String:
    """A string with what excites it and what it drives. Times in seconds, frequencies in Hz.

    `point`: where it is plucked or struck (0–0.5); `touch`: corner of the plectrum's or hammer's softness at
    middle C and medium velocity; `follow`: share of the pitch that this corner follows; `stiffness`: B at
    middle C; `stiffening`: semitones in which it doubles, 0 for never; `losses`: b1 (1/s) and b3 (s) at A3;
    `second`: level, share of the losses, and detuning (cents) of the other plane; `body`: modes (Hz, gain,
    Q); `grain`: gain of the many modes that lie closer above them; `pickup`: where a pickup listens, or 0;
    `damping`: to -60 dB once the finger or damper is back; `shine`: slope in the treble, octaves of `touch`
    by velocity.
    """

    point: float
    touch: float
    losses: tuple[float, float]
    stiffness: float = 0.0
    stiffening: float = 0.0
    follow: float = 0.5
    second: tuple[float, float, float] = (0.25, 0.35, 0.6)
    body: tuple[tuple[float, float, float], ...] = ()
    grain: float = 0.0
    pickup: float = 0.0
    damping: float = 0.15
    shine: float = 1.6
    noise: Noise | None = None

    def ringing(self, seconds: float) -> int:
        """Samples of the sound of which a note of that length is the beginning."""
        return _size(int((seconds + self.damping) * RATE))

    def play(self, pitch: int, seconds: float, velocity: float, brightness: float, seed: int) -> F32:
        """A note, mono: its loudest 50 ms have an RMS of 0.1. `seconds`: how long it is held; then it is
        damped."""
        length, size = int((seconds + self.damping) * RATE), self.ringing(seconds)
        key = (self, pitch, velocity, brightness, size)
        sound = _rings.get(key, lambda: ring(self, pitch, velocity, brightness, size))[:length].copy()
        held = int(seconds * RATE)
        if held < len(sound):
            fall = np.arange(len(sound) - held, dtype=np.float32) * np.float32(-6.9 / (self.damping * RATE))
            sound[held:] *= np.exp(fall)
        fade = min(len(sound), 256)
        sound[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
        return sound


def _size(length: int) -> int:
    """The next 2^k or 3 · 2^k: lengths in between share one sound."""
    length += _BEFORE
    size = _LEAST
    while size < min(length, _MOST):
        if size * 3 // 2 >= length:
            return size * 3 // 2
        size *= 2
    return size


def ring(string: String, pitch: int, velocity: float, brightness: float, size: int) -> F32:
    """The string left alone for `size` samples, at unit loudness; the last few are left out."""
    base = 440 * 2 ** ((pitch - 69) / 12)
    frequency = _axis(size)
    number, delay = _waves(frequency, base, _stiffness(string, pitch))
    outside = -np.log(_ROUND) * RATE / size  # 1/s by which everything decays faster, until it is scaled back
    rates = 2 ** ((pitch - 57) / 24) * (string.losses[0] + string.losses[1] * frequency * frequency)
    level, slower, cents = string.second
    sound = _loop(number, delay * (rates + np.float32(outside)))
    if level:
        off = 2 ** (cents / 1200)
        sound += np.float32(level) * _loop(number * off, delay * (rates * slower + np.float32(outside)))
    octaves = brightness + string.shine * (velocity - 0.62)
    corner = string.touch * 2.0**octaves * (base / 261.6) ** string.follow
    soft = 1 + 1j * (frequency / np.float32(corner))
    sound *= _comb(number, string.point) / (soft * soft * (1 + 1j * (frequency / np.float32(base))))
    if string.pickup:
        sound *= _comb(number, string.pickup) * (1j * frequency / np.float32(base))
    if string.body or string.grain:
        sound *= _body(string.body, string.grain, size)
    below = 1j * frequency / np.float32(0.5 * base)
    sound *= np.square(below / (1 + below)) * _edge(size)
    whole = np.zeros(size // 2 + 1, np.complex64)
    whole[: len(sound)] = sound
    out = np.asarray(np.fft.irfft(whole, size)[:-_BEFORE], np.float32)
    out *= np.exp(np.arange(len(out), dtype=np.float32) * np.float32(outside / RATE))
    out *= np.float32(0.1 / loudest(out))
    if string.noise:
        extra = burst(string.noise, np.random.Generator(np.random.PCG64(pitch)))
        out[: len(extra)] += extra
        out *= np.float32(0.1 / loudest(out))
    return out


def _stiffness(string: String, pitch: int) -> float:
    if not string.stiffening:
        return string.stiffness
    return float(string.stiffness * 2 ** (max(-12, pitch - 60) / string.stiffening))


@lru_cache(maxsize=8)
def _axis(size: int) -> F32:
    """The frequencies that are calculated: up to 16 kHz."""
    return (np.arange(int(16_000 / RATE * size)) * (RATE / size)).astype(np.float32)


@lru_cache(maxsize=8)
def _edge(size: int) -> F32:
    """The upper edge of the band: from all to nothing between 11 and 16 kHz."""
    return np.square(np.cos(np.clip((_axis(size) - 11_000) / 5000, 0, 1) * np.float32(np.pi / 2)))


def _waves(frequency: F32, base: float, stiffness: float) -> tuple[NDArray[np.float64], F32]:
    """How many waves fit into a round at each frequency, and how long the round takes (s)."""
    ratio = frequency.astype(np.float64) / base
    if not stiffness:
        return ratio, np.full(len(frequency), 1 / base, np.float32)
    root = np.sqrt(1 + 4 * stiffness * ratio * ratio)
    number = ratio * np.sqrt(2 / (1 + root))
    delay = np.sqrt((1 + root) / 2) / root / base
    return number, delay.astype(np.float32)


def _turn(number: NDArray[np.float64]) -> _C64:
    """exp(-2 pi i n)."""
    angle = ((number - np.floor(number)) * (-2 * np.pi)).astype(np.float32)
    out = np.empty(len(angle), np.complex64)
    np.cos(angle, out=out.real)
    np.sin(angle, out=out.imag)
    return out


def _loop(number: NDArray[np.float64], loss: F32) -> _C64:
    turned = _turn(number)
    turned *= -np.exp(-loss)
    turned += np.float32(1)
    return np.asarray(1 / turned, np.complex64)


def _comb(number: NDArray[np.float64], point: float) -> _C64:
    return np.asarray(np.float32(1) - _turn(number * point), np.complex64)


@lru_cache(maxsize=16)
def _body(modes: tuple[tuple[float, float, float], ...], grain: float, size: int) -> _C64:
    """The body's answer: its lowest modes one by one, and many closer ones above 500 Hz."""
    frequency = _axis(size).copy()
    frequency[0] = 1
    random = np.random.Generator(np.random.PCG64(len(modes)))
    dense = [
        (
            500 * 2 ** (4 * (k + random.random()) / 28),
            grain * random.standard_normal(),
            18 + 14 * random.random(),
        )
        for k in range(28 if grain else 0)
    ]
    out = np.ones(len(frequency), np.complex64)
    for centre, gain, sharpness in (*modes, *dense):
        ratio = frequency / np.float32(centre)
        out += np.float32(gain) / (1 + 1j * np.float32(sharpness) * (ratio - 1 / ratio))
    return out
