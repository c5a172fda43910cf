"""One description for all pitched instruments, and the sound it stands for.

A `Tone` says how loud each partial starts, how it decays, what filter opens and closes over it, how many
players there are, and what noise (hammer, bow, breath, finger) comes with it. Strings that are struck or
plucked, blown and bowed tones and analogue synthesisers are all points in that space.

Sources: N. Fletcher and T. Rossing, "The Physics of Musical Instruments" (stiff strings, plucking point,
bars); D. Klatt, "Software for a cascade/parallel formant synthesizer" (1980) (formants).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from aimusicverse.audio.filters import Cascade, highpass, lowpass
from aimusicverse.engines.studio.synth.partials import F32, RATE, sum_of_partials


@dataclass(frozen=True, slots=True)
class Noise:
    """Noise beside the tone: level against it, band (Hz), decay (s; 0 sounds as long as the note)."""

    level: float
    low: float
    high: float
    decay: float = 0.0


@dataclass(frozen=True, slots=True)
class Tone:
    """A pitched instrument. Times in seconds.

    `slope`: partial n starts at n**-slope; `even`: factor on even partials; `pluck`: where on the string
    (0–0.5), or the duty of a pulse wave, whose partials are the same |sin(π n d)| / n;
    `ratios`: (ratio, amplitude, decay) instead of harmonics; `stretch`: stiffness B; `decay`: to -60 dB at
    A3, or
    0 for a held tone; `tilt`: how much faster high partials die; `cutoff`: filter (Hz) at the start, where it
    settles, and the time it takes; `follow`: share of the pitch that the filter follows; `players`, `spread`:
    detuned copies, ± cents; `vibrato`: rate (Hz), depth (cents), delay; `tremolo`: rate (Hz), depth (0–1);
    `formants`: (Hz, gain dB, width Hz); `stack`: intervals sounding with it (semitones); `drive`: distortion.
    """

    slope: float = 1.0
    even: float = 1.0
    pluck: float = 0.0
    ratios: tuple[tuple[float, float, float], ...] = ()
    stretch: float = 0.0
    decay: float = 0.0
    tilt: float = 0.5
    attack: float = 0.003
    release: float = 0.12
    sustain: float = 1.0
    settle: float = 0.3
    cutoff: tuple[float, float, float] = (16000.0, 16000.0, 0.1)
    poles: int = 2
    resonance: float = 0.0
    follow: float = 0.3
    players: int = 1
    spread: float = 0.0
    vibrato: tuple[float, float, float] = (0.0, 0.0, 0.0)
    tremolo: tuple[float, float] = (0.0, 0.0)
    formants: tuple[tuple[float, float, float], ...] = ()
    noise: Noise | None = None
    stack: tuple[int, ...] = (0,)
    drive: float = 0.0
    top: float = 12000.0
    partials: int = 48


def play(tone: Tone, pitch: int, seconds: float, velocity: float, brightness: float, seed: int) -> F32:
    """A note, mono, of about unit loudness: its loudest 50 ms have an RMS of 0.1.

    Args:
        tone: the instrument.
        pitch: MIDI pitch.
        seconds: how long it is held; the release comes after.
        velocity: 0–1; here it only moves the colour.
        brightness: octaves by which the filter is opened.
        seed: for phases and noise.
    """
    random = np.random.Generator(np.random.PCG64(seed))
    frame = 256 if tone.attack > 0.02 else 64
    frames = max(2, int(np.ceil((seconds + tone.release) * RATE / frame)))
    time = np.arange(frames + 1, dtype=np.float32) * np.float32(frame / RATE)
    frequencies, starts, decays = _partials(tone, pitch)
    lift = (
        2.0 ** (brightness + 1.2 * (velocity - 0.7)) * (440 * 2 ** ((pitch - 69) / 12) / 220) ** tone.follow
    )
    amplitudes = starts[None, :] * np.exp(-time[:, None] * decays[None, :])
    amplitudes *= _filter(tone, frequencies, time, lift)
    amplitudes *= _envelope(tone, time, seconds)[:, None]
    phases = random.random(len(frequencies)) * 2 * np.pi if tone.players > 1 else np.zeros(len(frequencies))
    sound = sum_of_partials(frequencies, phases, amplitudes, frame)
    if tone.vibrato[1]:
        sound = _vibrated(sound, tone.vibrato, random)
    sound *= np.float32(0.1 / _loudest(sound))
    if tone.noise:
        sound = sound + _noise(tone.noise, len(sound), np.interp(np.arange(len(sound)) / RATE, time,
                               _envelope(tone, time, seconds)).astype(np.float32), random)  # fmt: skip
    if tone.drive:
        sound = _driven(sound, tone.drive)
    sound *= np.float32(0.1 / _loudest(sound))
    fade = min(len(sound), 256)
    sound[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return sound


def _partials(tone: Tone, pitch: int) -> tuple[np.ndarray, F32, F32]:
    """Frequencies (Hz), starting amplitudes and decay rates (1/s) of all partials of all players."""
    base = 440 * 2 ** ((pitch - 69) / 12)
    if tone.ratios:
        ratio, level, decay = (np.array(column) for column in zip(*tone.ratios, strict=True))
        single = base * ratio
        rate = np.where(decay > 0, 6.9 / np.maximum(decay, 1e-3), 0.0)
    else:
        count = np.arange(1, max(2, min(tone.partials, int(tone.top / base))) + 1)
        single = base * count * np.sqrt(1 + tone.stretch * count**2)
        level = count**-tone.slope * np.where(count % 2 == 0, tone.even, 1.0)
        if tone.pluck:
            level = level * np.abs(np.sin(np.pi * count * tone.pluck))
        # Low strings ring longer, high partials die sooner.
        longest = tone.decay * 2 ** ((57 - pitch) / 24)
        rate = (6.9 / longest * (1 + tone.tilt * (single / 440))) if tone.decay else np.zeros(len(count))
    detunes = np.linspace(-1, 1, tone.players) if tone.players > 1 else np.zeros(1)
    factors = [
        2 ** ((interval * 100 + cents * tone.spread) / 1200) for interval in tone.stack for cents in detunes
    ]
    frequencies = np.concatenate([single * factor for factor in factors])
    levels, rates = np.tile(level, len(factors)), np.tile(rate, len(factors))
    for centre, gain, width in tone.formants:
        levels = levels * (1 + (10 ** (gain / 20) - 1) / (1 + ((frequencies - centre) / width) ** 2))
    audible = frequencies < 0.45 * RATE
    return frequencies[audible], levels[audible].astype(np.float32), rates[audible].astype(np.float32)


def _filter(tone: Tone, frequencies: np.ndarray, time: F32, lift: float) -> F32:
    start, end, settling = tone.cutoff
    corner = (lift * (end + (start - end) * np.exp(-time / settling))).astype(np.float32)
    ratio = frequencies.astype(np.float32)[None, :] / corner[:, None]
    squared = ratio * ratio
    gain = 1 / np.sqrt(1 + squared**tone.poles)
    if tone.resonance:
        gain = gain * (1 + tone.resonance / (1 + ((ratio - 1) * 5) ** 2))
    return np.asarray(gain, np.float32)


def _envelope(tone: Tone, time: F32, seconds: float) -> F32:
    rise = np.clip(time / tone.attack, 0, 1)
    rise = rise * rise * (3 - 2 * rise) if tone.attack > 0.02 else rise
    held = tone.sustain + (1 - tone.sustain) * np.exp(-np.maximum(time - tone.attack, 0) / tone.settle)
    fall = np.clip(1 - (time - seconds) / tone.release, 0, 1)
    shape = rise * held * fall * fall
    if tone.tremolo[1]:
        shape = shape * (1 - tone.tremolo[1] * (0.5 - 0.5 * np.cos(2 * np.pi * tone.tremolo[0] * time)))
    return np.asarray(shape, np.float32)


def _vibrated(sound: F32, vibrato: tuple[float, float, float], random: np.random.Generator) -> F32:
    """The same sound on a time axis that sways: pitch moves by `cents` at `rate`, after `delay`."""
    rate, cents, delay = vibrato
    time = np.arange(len(sound)) / RATE
    rate *= 1 + 0.06 * (random.random() - 0.5)
    depth = (2 ** (cents / 1200) - 1) / (2 * np.pi * rate) * RATE
    onset = np.clip((time - delay) / 0.4, 0, 1)
    sway = depth * onset * np.sin(2 * np.pi * (rate * time + random.random() * 0.2))
    return np.interp(np.arange(len(sound)) + sway, np.arange(len(sound)), sound).astype(np.float32)


def _noise(noise: Noise, length: int, envelope: F32, random: np.random.Generator) -> F32:
    base = _long_noise(noise.low, noise.high)
    sound = np.resize(np.roll(base, int(random.random() * len(base))), length)
    if noise.decay:
        sound *= np.exp(np.arange(length, dtype=np.float32) * np.float32(-6.9 / (noise.decay * RATE)))
    else:
        sound *= envelope
    return np.asarray(sound * np.float32(0.1 * noise.level), np.float32)


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


def _driven(sound: F32, drive: float) -> F32:
    """A valve stage and a guitar cabinet: soft clipping, then little below 90 Hz or above 4.5 kHz."""
    hot = np.tanh(sound * np.float32(drive * 10)).astype(np.float32)[None, :]
    cabinet = Cascade((highpass(90, RATE), lowpass(4200, RATE, 0.9), lowpass(5200, RATE)), 1)
    return np.asarray(cabinet.process(hot)[0], np.float32)


def _loudest(sound: F32) -> float:
    """RMS of the loudest 50 ms."""
    size = min(len(sound), 2205)
    whole = sound[: len(sound) // size * size].reshape(-1, size)
    return float(np.sqrt(np.einsum("fs,fs->f", whole, whole).max() / size)) + 1e-9
