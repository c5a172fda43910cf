"""Drum kits from sine sweeps and coloured noise. A piece is struck a little differently each time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from aimusicverse.engines.studio.synth.noise import band_noise
from aimusicverse.engines.studio.synth.partials import F32, RATE

_Random = np.random.Generator


@dataclass(frozen=True, slots=True)
class Kit:
    """How a kit differs from others: kick pitch (Hz), sweep and length, snare tone and length, hat colour.

    `chip`: kick, snare, hats and toms as a sound chip makes them, from a triangle wave and a shift register.
    `root` is the tonic of the piece (Hz): kick, toms and timpani are tuned to it, so that drums do not argue
    with the key.
    """

    kick: float = 52.0
    sweep: float = 160.0
    kick_seconds: float = 0.32
    click: float = 0.4
    snare: float = 185.0
    snare_seconds: float = 0.22
    wires: float = 1.0
    hat: float = 7000.0
    hat_seconds: float = 0.06
    top: float = 15000.0
    levels: tuple[tuple[str, float], ...] = ()
    root: float = 55.0
    chip: bool = False

    def tuned(self, frequency: float) -> float:
        """The octave of the tonic, or of its fifth, that is nearest to a frequency."""
        choices = [self.root * ratio * 2.0**octave for ratio in (1.0, 1.5) for octave in range(-3, 4)]
        return min(choices, key=lambda choice: abs(np.log(choice / frequency)))


KITS = {
    "acoustic": Kit(),
    "dusty": Kit(kick=56, sweep=90, kick_seconds=0.26, click=0.25, snare=200, snare_seconds=0.18, hat=5500,
        top=8500),
    "club": Kit(kick=48, sweep=260, kick_seconds=0.34, click=0.6, snare=190, snare_seconds=0.16, hat=8000,
        hat_seconds=0.05),
    "break": Kit(kick=58, sweep=180, kick_seconds=0.2, click=0.6, snare=215, snare_seconds=0.17, wires=1.3,
        hat_seconds=0.045),
    "gated": Kit(kick=50, sweep=150, kick_seconds=0.3, click=0.5, snare=170, snare_seconds=0.34, wires=1.5,
        hat=7500),
    "808": Kit(kick=46, sweep=120, kick_seconds=0.55, click=0.35, snare=190, snare_seconds=0.18, hat=8500,
        hat_seconds=0.04),
    "brushes": Kit(kick=60, sweep=60, kick_seconds=0.22, click=0.15, snare=220, snare_seconds=0.26,
                   wires=0.8, hat=6500,
                   levels=(("snare", -5.0), ("kick", -5.0), ("ride", 4.0))),
    "orchestral": Kit(kick=42, sweep=40, kick_seconds=0.8, click=0.1),
    "chip": Kit(kick=58, sweep=320, kick_seconds=0.16, snare_seconds=0.16, chip=True),
    "one drop": Kit(kick=54, sweep=70, kick_seconds=0.3, click=0.2, snare=240, snare_seconds=0.14, wires=0.7,
        hat=6500, top=11000, levels=(("hat", 2.0), ("rim", 4.0))),
    "bossa": Kit(kick=60, sweep=40, kick_seconds=0.3, click=0.08, snare=220, snare_seconds=0.2, wires=0.7,
        hat=6500, levels=(("kick", -1.0), ("rim", 2.0), ("shaker", 5.0))),
}  # fmt: skip

#: Level (dB) and pan of the pieces.
STAGE = {"kick": (0.0, 0.0), "rim": (-9.0, -0.2), "snare": (-2.5, 0.05), "clap": (-3.0, 0.0),
         "low tom": (-3.0, 0.35),
         "hat": (-14.0, -0.3), "tom": (-3.0, 0.1), "open": (-13.0, -0.3), "high tom": (-4.0, -0.2),
         "crash": (-11.0, 0.35),
         "ride": (-16.0, 0.35), "tambourine": (-10.0, 0.3), "shaker": (-8.0, -0.35), "timpani": (0.0, -0.2),
         "taiko": (1.0, 0.1), "swell": (-12.0, 0.0)}  # fmt: skip


def strike(kit: Kit, piece: str, velocity: float, seed: int) -> F32:
    """One stroke, mono, with a peak of about 0.5."""
    random = np.random.Generator(np.random.PCG64(seed))
    pieces = _PIECES | _CHIP_PIECES if kit.chip else _PIECES
    sound = pieces[piece](kit, velocity, random)
    level = dict(kit.levels).get(piece, 0.0)
    sound *= np.float32(0.5 * 10 ** (level / 20) / (np.abs(sound).max() + 1e-9))
    fade = min(len(sound), 128)
    sound[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return sound


def _time(seconds: float) -> F32:
    return np.asarray(np.arange(int(seconds * RATE)) / RATE, np.float32)


def _drop(seconds: float, low: float, sweep: float, fall: float) -> F32:
    """A sine that falls by `sweep` Hz to `low` Hz."""
    time = _time(seconds)
    phase = low * time.astype(np.float64) + sweep * fall * (1 - np.exp(-time / fall))
    return np.asarray(np.sin(2 * np.pi * phase), np.float32)


def _decay(length: int, seconds: float) -> F32:
    return np.asarray(np.exp(np.arange(length) * (-6.9 / (seconds * RATE))), np.float32)


def _kick(kit: Kit, velocity: float, random: _Random) -> F32:
    body = _drop(
        kit.kick_seconds * 1.3, kit.tuned(kit.kick) * (1 + 0.002 * random.standard_normal()), kit.sweep, 0.022
    )
    body *= _decay(len(body), kit.kick_seconds * 1.3)
    body = np.tanh(body * 1.6)
    body[:64] *= np.linspace(0, 1, 64, dtype=np.float32) ** 0.5
    click = band_noise(600, 1800, 6000, random) * _decay(600, 0.012) * np.float32(kit.click * 0.25 * velocity)
    body[:600] += click
    return np.asarray(body, np.float32)


def _snare(kit: Kit, velocity: float, random: _Random) -> F32:
    length = int(kit.snare_seconds * 1.4 * RATE)
    tone = _drop(length / RATE, kit.snare, 90, 0.012) * _decay(length, kit.snare_seconds * 0.7)
    tone += 0.5 * _drop(length / RATE, kit.snare * 1.62, 60, 0.01) * _decay(length, kit.snare_seconds * 0.5)
    wires = band_noise(length, 1200, kit.top * (0.5 + 0.4 * velocity), random) * _decay(
        length, kit.snare_seconds * 1.2
    )
    return np.asarray(tone + wires * np.float32(0.38 * kit.wires), np.float32)


def _clap(kit: Kit, velocity: float, random: _Random) -> F32:
    length = int(0.24 * RATE)
    noise = band_noise(length, 900, 5500, random)
    shape = 0.5 * _decay(length, 0.22)
    for burst in (0.0, 0.011, 0.023):
        at = int((burst + 0.001 * random.random()) * RATE)
        shape[at:] += _decay(length - at, 0.03)
    return np.asarray(noise * shape, np.float32)


def _rim(kit: Kit, velocity: float, random: _Random) -> F32:
    body = _drop(0.06, 820, 200, 0.004) + 0.6 * _drop(0.06, 1720, 100, 0.003)
    return np.asarray(body * _decay(len(body), 0.04) + band_noise(len(body), 1500, 6000,
                      random) * _decay(len(body), 0.01)
                      * np.float32(0.15), np.float32)  # fmt: skip


def _metal(kit: Kit, seconds: float, low: float, random: _Random) -> F32:
    """Six inharmonic squares and noise, as analogue machines make cymbals, above `low` Hz."""
    length = int(seconds * 1.3 * RATE)
    time = _time(length / RATE + 0.001)[:length]
    ring = np.zeros(length, np.float32)
    for ratio in (2.0, 3.0, 4.16, 5.43, 6.79, 8.21):
        ring += np.sign(np.sin(2 * np.pi * 415 * ratio * 1.9 * time + 6 * random.random())).astype(np.float32)
    size = 1 << (length - 1).bit_length()
    spectrum = np.fft.rfft(ring / 6, size) + 0.5 * np.fft.rfft(
        random.standard_normal(length, dtype=np.float32), size
    )
    frequency = np.fft.rfftfreq(size, 1 / RATE)
    spectrum *= 1 / (1 + (low / np.maximum(frequency, 1)) ** 4) / (1 + (frequency / kit.top) ** 6)
    return np.asarray(np.fft.irfft(spectrum, size)[:length], np.float32)


def _hat(kit: Kit, velocity: float, random: _Random) -> F32:
    sound = _metal(kit, kit.hat_seconds, kit.hat, random)
    return np.asarray(sound * _decay(len(sound), kit.hat_seconds * (0.7 + 0.5 * velocity)), np.float32)


def _open(kit: Kit, velocity: float, random: _Random) -> F32:
    sound = _metal(kit, 0.32, kit.hat * 0.9, random)
    return np.asarray(sound * _decay(len(sound), 0.34), np.float32)


def _crash(kit: Kit, velocity: float, random: _Random) -> F32:
    sound = _metal(kit, 1.7, 3200, random)
    return np.asarray(
        sound
        * _decay(len(sound), 1.8)
        * np.minimum(1, _time(len(sound) / RATE + 0.001)[: len(sound)] / 0.004),
        np.float32,
    )


def _ride(kit: Kit, velocity: float, random: _Random) -> F32:
    sound = _metal(kit, 0.7, 4500, random)
    ping = sum(
        np.sin(2 * np.pi * f * _time(len(sound) / RATE + 0.001)[: len(sound)])
        for f in (3150.0, 4720.0, 6210.0)
    )
    return np.asarray(
        sound * _decay(len(sound), 0.7) + np.float32(0.12) * ping * _decay(len(sound), 0.35), np.float32
    )


def _tom(pitch: float) -> Callable[[Kit, float, _Random], F32]:
    def strike_tom(kit: Kit, velocity: float, random: _Random) -> F32:
        body = _drop(0.5, kit.tuned(pitch), pitch * 0.6, 0.04)
        body *= _decay(len(body), 0.42)
        body[:900] += band_noise(900, 400, 4000, random) * _decay(900, 0.02) * np.float32(0.2)
        return body

    return strike_tom


def _shaker(kit: Kit, velocity: float, random: _Random) -> F32:
    length = int(0.09 * RATE)
    time = _time(0.09)[:length]
    return np.asarray(
        band_noise(length, 4500, 12000, random) * (time / 0.02) * np.exp(1 - time / 0.02), np.float32
    )


def _tambourine(kit: Kit, velocity: float, random: _Random) -> F32:
    sound = _metal(kit, 0.14, 6500, random)
    return np.asarray(sound * _decay(len(sound), 0.15), np.float32)


def _timpani(kit: Kit, velocity: float, random: _Random) -> F32:
    time = _time(1.6)
    modes = ((1.0, 1.0, 1.5), (1.5, 0.6, 1.1), (1.98, 0.4, 0.8), (2.44, 0.25, 0.6))
    body = sum(a * np.sin(2 * np.pi * kit.tuned(75) * r * time) * _decay(len(time), d) for r, a, d in modes)
    thump = band_noise(len(time), 60, 900, random) * _decay(len(time), 0.06) * np.float32(0.4)
    return np.asarray(body + thump, np.float32)


def _taiko(kit: Kit, velocity: float, random: _Random) -> F32:
    body = _drop(1.0, kit.tuned(62), 70, 0.03)
    body *= _decay(len(body), 0.9)
    skin = band_noise(len(body), 120, 1800, random) * _decay(len(body), 0.08) * np.float32(0.35)
    return np.asarray(np.tanh(1.3 * body + skin), np.float32)


def _swell(kit: Kit, velocity: float, random: _Random) -> F32:
    sound = _metal(kit, 1.5, 2500, random)
    time = _time(len(sound) / RATE + 0.001)[: len(sound)]
    return np.asarray(sound * np.minimum((time / 1.2) ** 2, np.exp(-(time - 1.2) * 5)), np.float32)


_PIECES: dict[str, Callable[[Kit, float, _Random], F32]] = {
    "kick": _kick, "snare": _snare, "clap": _clap, "rim": _rim, "hat": _hat, "open": _open, "crash": _crash,
    "ride": _ride, "low tom": _tom(75), "tom": _tom(105), "high tom": _tom(145), "shaker": _shaker,
    "tambourine": _tambourine, "timpani": _timpani, "taiko": _taiko, "swell": _swell,
}  # fmt: skip


def _register_noise(seconds: float, clock: float, random: _Random) -> F32:
    """One bit of a shift register, drawn anew `clock` times a second and held in between."""
    length = int(seconds * RATE)
    place = (np.arange(length) * (clock / RATE)).astype(np.int64)
    bits = random.integers(0, 2, int(place[-1]) + 1) * 2 - 1
    return np.asarray(bits[place], np.float32)


def _steps(sound: F32, seconds: float) -> F32:
    """A decay in the sixteen steps of a four-bit volume."""
    return np.asarray(sound * np.round(_decay(len(sound), seconds) * 15) / 15, np.float32)


def _triangle_drop(seconds: float, low: float, sweep: float, fall: float) -> F32:
    time = _time(seconds).astype(np.float64)
    phase = low * time + sweep * fall * (1 - np.exp(-time / fall))
    return np.asarray(2 / np.pi * np.arcsin(np.sin(2 * np.pi * phase)), np.float32)


def _chip_kick(kit: Kit, velocity: float, random: _Random) -> F32:
    sound = _triangle_drop(kit.kick_seconds * 1.3, kit.tuned(kit.kick), kit.sweep, 0.03)
    sound[:300] += 0.3 * _register_noise(301 / RATE, 4000, random)[:300]
    return sound * _decay(len(sound), kit.kick_seconds * 1.3)


def _chip_snare(kit: Kit, velocity: float, random: _Random) -> F32:
    noise = _steps(
        _register_noise(kit.snare_seconds * 1.3, 9000 + 2000 * velocity, random), kit.snare_seconds
    )
    body = _triangle_drop(len(noise) / RATE + 0.001, 180, 200, 0.02)[: len(noise)]
    return np.asarray(0.7 * noise + body * _decay(len(noise), 0.09), np.float32)


def _chip_hat(seconds: float) -> Callable[[Kit, float, _Random], F32]:
    def tick(kit: Kit, velocity: float, random: _Random) -> F32:
        noise = _register_noise(seconds * 1.3, 22050, random)
        return _steps(np.diff(noise, prepend=np.float32(0)), seconds)

    return tick


def _chip_tom(pitch: float) -> Callable[[Kit, float, _Random], F32]:
    def strike_tom(kit: Kit, velocity: float, random: _Random) -> F32:
        sound = _triangle_drop(0.2, kit.tuned(pitch), pitch * 1.5, 0.05)
        return sound * _decay(len(sound), 0.2)

    return strike_tom


_CHIP_PIECES: dict[str, Callable[[Kit, float, _Random], F32]] = {
    "kick": _chip_kick, "snare": _chip_snare, "hat": _chip_hat(0.04), "open": _chip_hat(0.16),
    "crash": _chip_hat(0.7), "low tom": _chip_tom(90), "tom": _chip_tom(130), "high tom": _chip_tom(180),
}  # fmt: skip
