"""One description for all pitched instruments, and the sound it stands for.

A `Tone` says how loud each partial starts, how it decays, what filter opens and closes over it, how many
players there are, and what noise (hammer, bow, breath, finger) comes with it. Strings that are struck or
plucked, blown and bowed tones and analogue synthesisers are all points in that space.

Sources: N. Fletcher and T. Rossing, "The Physics of Musical Instruments" (stiff strings, plucking point,
bars); D. Klatt, "Software for a cascade/parallel formant synthesizer" (1980) (formants).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aimusicverse.engines.studio.synth.noise import Noise, decay, piped, stretch
from aimusicverse.engines.studio.synth.partials import F32, RATE, loudest, sum_of_partials
from aimusicverse.engines.studio.synth.sway import swayed

_CHIFF_SECONDS = 0.15  # to -60 dB


@dataclass(frozen=True, slots=True)
class Tone:
    """A pitched instrument. Times in seconds.

    `slope`: partial n starts at n**-slope; `even`: factor on even partials; `pluck`: the duty of a pulse
    wave, whose partials are |sin(π n d)| / n; `ratios`: (ratio, amplitude, decay) instead of harmonics;
    `decay`: to -60 dB at A3, or 0 for a held tone; `tilt`: how much faster high partials die; `cutoff`:
    filter (Hz) at the start, where it settles, and the time it takes; `follow`: share of the pitch that the
    filter follows; `players`, `spread`: detuned copies, ± cents; `section`: whether each of them sways on
    his own; `late`: by how much they come late, at most; `vibrato`: rate (Hz), depth (cents), delay;
    `tremolo`: rate (Hz), depth (0–1); `formants`: (Hz, gain dB, width Hz); `floor`: what is left between
    them; `pipe`: how much of the noise stays in a pipe of the note's pitch (0–1).
    """

    slope: float = 1.0
    even: float = 1.0
    pluck: float = 0.0
    ratios: tuple[tuple[float, float, float], ...] = ()
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
    section: bool = False
    spread: float = 0.0
    late: float = 0.0
    vibrato: tuple[float, float, float] = (0.0, 0.0, 0.0)
    tremolo: tuple[float, float] = (0.0, 0.0)
    formants: tuple[tuple[float, float, float], ...] = ()
    floor: float = 1.0
    noise: Noise | None = None
    pipe: float = 0.0
    top: float = 12000.0
    partials: int = 48

    @property
    def slow(self) -> bool:
        """Whether it begins so softly that its amplitudes may be calculated less often."""
        return self.attack > 0.02

    def play(self, pitch: int, seconds: float, velocity: float, brightness: float, seed: int) -> F32:
        """A note, mono, of about unit loudness: its loudest 50 ms have an RMS of 0.1.

        Args:
            pitch: MIDI pitch.
            seconds: how long it is held; the release comes after.
            velocity: 0–1; here it only moves the colour.
            brightness: octaves by which the filter is opened.
            seed: for phases and noise.
        """
        return _play(self, pitch, seconds, velocity, brightness, seed)


def _play(tone: Tone, pitch: int, seconds: float, velocity: float, brightness: float, seed: int) -> F32:
    random = np.random.Generator(np.random.PCG64(seed))
    frame = 256 if tone.slow else 64
    frames = max(2, int(np.ceil((seconds + tone.release) * RATE / frame)))
    time = np.arange(frames + 1, dtype=np.float32) * np.float32(frame / RATE)
    base = 440 * 2 ** ((pitch - 69) / 12)
    frequencies, starts, decays = _partials(tone, pitch, base)
    lift = 2.0 ** (brightness + 1.2 * (velocity - 0.7)) * (base / 220) ** tone.follow
    amplitudes = starts[None, :] * np.exp(-time[:, None] * decays[None, :])
    amplitudes *= _filter(tone, frequencies, time, lift)
    envelope = _envelope(tone, time, seconds)
    amplitudes *= envelope[:, None]
    sound = np.zeros(frames * frame, np.float32)
    for cents in np.linspace(-1, 1, tone.players) if tone.players > 1 else (0.0,):
        phases = random.random(len(frequencies)) * 2 * np.pi * (tone.players > 1)
        one = sum_of_partials(frequencies * 2 ** (cents * tone.spread / 1200), phases, amplitudes, frame)
        sound += swayed(one, tone.vibrato, tone.late, random) if tone.section else one
    if tone.vibrato[1] and not tone.section:
        sound = swayed(sound, tone.vibrato, 0, random)
    sound *= np.float32(0.1 / loudest(sound))
    if tone.noise:
        extra = stretch(tone.noise, len(sound), random)
        if tone.pipe:
            extra = piped(extra, base, tone.pipe)
        if tone.noise.decay:
            extra *= decay(len(sound), tone.noise.decay)
        else:
            extra *= np.interp(np.arange(len(sound)) / RATE, time, envelope)
            if tone.noise.chiff:
                extra *= 1 + tone.noise.chiff * decay(len(sound), _CHIFF_SECONDS)
        sound += extra
        sound *= np.float32(0.1 / loudest(sound))
    fade = min(len(sound), 256)
    sound[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return sound


def _partials(tone: Tone, pitch: int, base: float) -> tuple[np.ndarray, F32, F32]:
    """Frequencies (Hz), starting amplitudes and decay rates (1/s) of the partials of one player."""
    if tone.ratios:
        ratio, level, decay = (np.array(column) for column in zip(*tone.ratios, strict=True))
        frequencies = base * ratio
        rates = np.where(decay > 0, 6.9 / np.maximum(decay, 1e-3), 0.0)
    else:
        count = np.arange(1, max(2, min(tone.partials, int(tone.top / base))) + 1)
        frequencies = base * count.astype(np.float64)
        level = count**-tone.slope * np.where(count % 2 == 0, tone.even, 1.0)
        if tone.pluck:
            level = level * np.abs(np.sin(np.pi * count * tone.pluck))
        # Low notes ring longer, high partials die sooner.
        longest = tone.decay * 2 ** ((57 - pitch) / 24)
        rates = 6.9 / longest * (1 + tone.tilt * (frequencies / 440)) if longest else np.zeros(len(count))
    over = np.full(len(frequencies), tone.floor)
    for centre, gain, width in tone.formants:
        over = over + (10 ** (gain / 20) - tone.floor) / (1 + ((frequencies - centre) / width) ** 2)
    audible = frequencies < 0.45 * RATE
    return frequencies[audible], (level * over)[audible].astype(np.float32), rates[audible].astype(np.float32)


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
    rise = rise * rise * (3 - 2 * rise) if tone.slow else rise
    held = tone.sustain + (1 - tone.sustain) * np.exp(-np.maximum(time - tone.attack, 0) / tone.settle)
    fall = np.clip(1 - (time - seconds) / tone.release, 0, 1)
    shape = rise * held * fall * fall
    if tone.tremolo[1]:
        shape = shape * (1 - tone.tremolo[1] * (0.5 - 0.5 * np.cos(2 * np.pi * tone.tremolo[0] * time)))
    return np.asarray(shape, np.float32)
