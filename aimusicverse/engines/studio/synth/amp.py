"""A guitar through a valve amplifier and a loudspeaker.

Two stages of a valve, one bent more to one side than to the other, so that even and odd harmonics come,
with bass cut before and smoothed after, twice oversampled, so that little of what is above hearing folds
back; then a closed box with a twelve-inch loudspeaker: a bump at its resonance, one of presence, and next
to nothing above 5 kHz. The strings of a chord go through it together: their sums and differences are the
sound of a power chord.

Sources: D. Yeh, "Digital implementation of musical distortion circuits by analysis and simulation" (thesis,
Stanford, 2009); J. Pakarinen and D. Yeh, "A review of digital techniques for modeling vacuum-tube guitar
amplifiers" (CMJ 33(2), 2009).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aimusicverse.audio.filters import Cascade, highpass, lowpass, peaking
from aimusicverse.engines.studio.synth.partials import F32, RATE, loudest
from aimusicverse.engines.studio.synth.string import String

_HOT = 2 * RATE


@dataclass(frozen=True, slots=True)
class Amplified:
    """Strings through an amplifier. `stack`: intervals that sound together (semitones); `drive`: how far
    above the bend of the first stage the note begins (as a factor)."""

    string: String
    stack: tuple[int, ...] = (0,)
    drive: float = 8.0

    def play(self, pitch: int, seconds: float, velocity: float, brightness: float, seed: int) -> F32:
        """A note with its stack, mono: its loudest 50 ms have an RMS of 0.1."""
        sounds = [
            self.string.play(pitch + step, seconds, velocity, brightness, seed + step) for step in self.stack
        ]
        strings = np.asarray(np.sum(sounds, axis=0), np.float32)
        return _through(strings * np.float32(0.3 / loudest(strings)), self.drive * (0.7 + 0.5 * velocity))


def _through(strings: F32, drive: float) -> F32:
    size = len(strings)
    hot = _oversampled(strings)[None, :]
    hot = Cascade((highpass(140, _HOT), peaking(900, _HOT, 4, 0.7)), 1).process(hot)
    hot = _valve(hot * np.float32(drive), 0.25)
    hot = Cascade((highpass(30, _HOT), lowpass(6500, _HOT)), 1).process(hot)
    hot = _valve(hot * np.float32(1.8), 0.1)
    cabinet = (
        highpass(85, _HOT, 1.1), peaking(120, _HOT, 3, 1.4), peaking(420, _HOT, -3, 0.8),
        peaking(2700, _HOT, 5, 1.1), lowpass(4300, _HOT, 0.9), lowpass(5200, _HOT),
    )  # fmt: skip
    sound = Cascade(cabinet, 1).process(hot)[0, ::2][:size].copy()
    sound *= np.float32(0.1 / loudest(sound))
    fade = min(size, 256)
    sound[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return sound


def _valve(signal: F32, bias: float) -> F32:
    """Softly bent, and a little more so on one side."""
    out = np.tanh(signal + np.float32(bias))
    out -= np.float32(np.tanh(bias))
    return np.asarray(out, np.float32)


def _oversampled(sound: F32) -> F32:
    """Twice the rate, by a spectrum twice as long."""
    size = 1 << (len(sound) - 1).bit_length()
    spectrum = np.zeros(size + 1, np.complex64)
    spectrum[: size // 2 + 1] = np.fft.rfft(sound, size)
    return np.asarray(np.fft.irfft(spectrum, 2 * size)[: 2 * len(sound)], np.float32) * np.float32(2)
