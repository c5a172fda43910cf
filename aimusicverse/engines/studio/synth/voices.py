"""The instruments as tones, and where each stands: level, place between the speakers, width."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from aimusicverse.engines.studio.synth import fm, strung
from aimusicverse.engines.studio.synth.amp import Amplified
from aimusicverse.engines.studio.synth.noise import Noise
from aimusicverse.engines.studio.synth.partials import F32
from aimusicverse.engines.studio.synth.tone import Tone


class Playable(Protocol):
    """What can sound a note."""

    def play(self, pitch: int, seconds: float, velocity: float, brightness: float, seed: int) -> F32:
        """A note, mono, whose loudest 50 ms have an RMS of 0.1."""
        ...


@dataclass(frozen=True, slots=True)
class Voice:
    """A tone on the stage: level (dB), pan (-1…1), width (0–1), share of the room's sound (dB), `low_cut`
    (Hz), level of a chorus against the sound itself."""

    tone: Playable
    level_db: float = 0.0
    pan: float = 0.0
    width: float = 0.0
    room_db: float = 0.0
    low_cut: float = 90.0
    chorus: float = 0.0


VOICES: dict[str, Voice] = {
    "piano": Voice(strung.PIANO, pan=-0.15, width=0.35),
    "electric piano": Voice(fm.TINE_PIANO, pan=-0.1, chorus=0.5),
    "organ": Voice(
        Tone(ratios=((0.5, 0.5, 0), (1, 1, 0), (1.5, 0.5, 0), (2, 0.7, 0), (3, 0.3, 0), (4, 0.35, 0), (6,
                     0.15, 0),
                     (8, 0.2, 0)), attack=0.008, release=0.06, tremolo=(6.4, 0.18), cutoff=(6000, 6000, 1),
             noise=Noise(0.15, 1500, 6000, 0.02)),
        level_db=-2, pan=-0.2, width=0.4),
    "acoustic guitar": Voice(strung.STEEL_GUITAR, pan=0.25, width=0.25),
    "electric guitar": Voice(strung.ELECTRIC_GUITAR, pan=0.3, width=0.35),
    "distorted guitar": Voice(
        Amplified(strung.ELECTRIC_GUITAR, stack=(0, 7, 12), drive=9), level_db=-1.0, width=0.8),
    "upright bass": Voice(strung.UPRIGHT_BASS, level_db=3, low_cut=32, room_db=-10),
    "electric bass": Voice(strung.ELECTRIC_BASS, level_db=3, low_cut=32, room_db=-14),
    "synth bass": Voice(
        Tone(slope=1.0, attack=0.004, release=0.06, sustain=0.7, settle=0.15, cutoff=(2600, 380, 0.09),
             poles=4,
             resonance=0.7, follow=0.5, players=2, spread=5),
        level_db=2.5, low_cut=32, room_db=-18),
    "sub bass": Voice(
        Tone(ratios=((1, 1, 0), (2, 0.22, 0), (3, 0.10, 0), (4, 0.03, 0)), attack=0.006, release=0.09,
             sustain=0.8,
             settle=0.5, noise=Noise(0.05, 200, 1200, 0.02)),
        level_db=3, low_cut=26, room_db=-30),
    "strings": Voice(
        Tone(slope=1.05, attack=0.14, release=0.4, cutoff=(2200, 3800, 0.5), players=4, spread=11,
             section=True, late=0.05, formants=((300, 4, 120), (700, 3, 200), (2600, 4, 900)),
             noise=Noise(0.07, 2500, 8000),
             vibrato=(5.4, 13, 0.2), partials=26, top=9000),
        width=0.55, room_db=2),
    "cello": Voice(
        Tone(slope=0.95, attack=0.09, release=0.25, cutoff=(1500, 3000, 0.4), players=2, spread=4,
             section=True, formants=((220, 5, 80), (400, 4, 120), (1000, 3, 300)),
             noise=Noise(0.06, 1500, 6000),
             vibrato=(5.0, 14, 0.25), partials=36, top=8000),
        pan=0.3, width=0.3, room_db=2),
    "brass": Voice(
        Tone(slope=0.7, attack=0.045, release=0.12, sustain=0.85, settle=0.3, cutoff=(500, 2600, 0.07),
             poles=3,
             players=3, spread=4, section=True, late=0.02, formants=((1200, 4, 500),),
             vibrato=(5.0, 6, 0.4), noise=Noise(0.05, 800, 5000, 0.06), partials=30),
        pan=0.3, width=0.4, room_db=2),
    "flute": Voice(
        Tone(slope=1.9, even=0.8, attack=0.04, release=0.15, cutoff=(2500, 4500, 0.1), vibrato=(5.1, 16,
             0.25),
             tremolo=(5.1, 0.12), noise=Noise(0.06, 900, 7000, chiff=4), pipe=0.8, partials=12),
        pan=0.12, width=0.15, room_db=0),
    "choir": Voice(  # "ah" of altos and tenors: formants of the tables that Csound's manual gives
        Tone(slope=1.0, attack=0.2, release=0.5, cutoff=(3000, 3500, 0.5), players=4, spread=12, section=True,
             late=0.06, floor=0.08,
             formants=((690, 0, 75), (1110, -4, 90), (2750, -10, 130), (3250, -15, 150), (4400, -20, 250)),
             vibrato=(5.5, 22, 0.3), noise=Noise(0.05, 1500, 6000), partials=24, top=5500),
        width=0.5, room_db=3),
    "pad": Voice(
        Tone(slope=1.0, attack=0.35, release=0.6, cutoff=(600, 1500, 1.2), poles=3, resonance=0.3,
             players=3, spread=12,
             partials=20, top=5000),
        width=0.3, chorus=0.5, room_db=1),
    "synth lead": Voice(
        Tone(slope=0.9, attack=0.006, release=0.12, sustain=0.75, settle=0.25, cutoff=(6500, 2800, 0.2),
             poles=3,
             resonance=0.4, players=3, spread=9, vibrato=(5.4, 9, 0.3)),
        width=0.5, room_db=1),
    "pluck": Voice(
        Tone(slope=0.9, decay=2.2, tilt=0.8, attack=0.002, release=0.12, cutoff=(7000, 500, 0.09), poles=3,
             resonance=0.5, players=2, spread=8),
        pan=0.2, width=0.6, room_db=1),
    "bells": Voice(fm.BELLS, level_db=-3, pan=0.2, width=0.5, room_db=3),
    "vibraphone": Voice(
        Tone(ratios=((1, 1, 3.5), (4.0, 0.22, 1.0), (10.1, 0.06, 0.3)), attack=0.002, release=0.35,
             tremolo=(5.2, 0.35), noise=Noise(0.08, 500, 3000, 0.02)),
        level_db=-1, pan=0.2, width=0.4, room_db=1),
    "marimba": Voice(
        Tone(ratios=((1, 1, 0.9), (3.93, 0.25, 0.25), (9.2, 0.08, 0.1)), attack=0.002, release=0.15,
             noise=Noise(0.2, 300, 2500, 0.02)),
        pan=0.25, width=0.4),
    "pulse lead": Voice(  # a pulse wave of 25 % duty, as in the sound chips of the eighties
        Tone(slope=1.0, pluck=0.25, attack=0.002, release=0.03, sustain=0.7, settle=0.12, follow=0.0,
             vibrato=(6.0, 14, 0.18), top=14000, partials=40),
        level_db=-1, pan=0.15, width=0.45, room_db=-40),
    "pulse arp": Voice(  # 12.5 % duty, thin enough to run under the lead
        Tone(slope=1.0, pluck=0.125, attack=0.002, release=0.012, sustain=0.6, settle=0.05, follow=0.0,
             top=12000, partials=40),
        level_db=-3, pan=-0.3, width=0.6, room_db=-40),
    "square chords": Voice(
        Tone(slope=1.0, pluck=0.5, attack=0.002, release=0.03, sustain=0.5, settle=0.1, follow=0.0, top=9000,
             partials=32),
        level_db=-4, pan=0.3, width=0.5, room_db=-40),
    "triangle bass": Voice(
        Tone(slope=2.0, even=0.0, attack=0.003, release=0.02, follow=0.0, top=9000, partials=24),
        level_db=4, low_cut=40, room_db=-60),
    "nylon guitar": Voice(strung.NYLON_GUITAR, pan=-0.2, width=0.3),
    "melodica": Voice(
        Tone(slope=0.8, even=0.75, attack=0.03, release=0.09, cutoff=(3600, 3200, 0.3), poles=3,
             formants=((900, 4, 350), (1900, 4, 500)), vibrato=(5.4, 8, 0.3), tremolo=(5.4, 0.12),
             noise=Noise(0.05, 1500, 6000), partials=28),
        pan=0.15, width=0.3, room_db=2),
    "harmonica": Voice(
        Tone(slope=0.6, even=0.85, attack=0.035, release=0.1, cutoff=(2200, 3600, 0.12), poles=3, players=2,
             spread=3, formants=((700, 4, 250), (1600, 6, 450), (2900, 3, 600)), vibrato=(5.6, 16, 0.25),
             tremolo=(5.6, 0.28), noise=Noise(0.07, 1200, 6000), partials=30),
        pan=0.12, width=0.3, room_db=1),
    "harp": Voice(strung.HARP, pan=-0.3, width=0.4, room_db=2),
}  # fmt: skip

#: What is used when a role needs a level: dB against the lead.
ROLE_LEVELS = {"drums": 0.0, "percussion": -9.0, "bass": -4.0, "chords": -4.0, "pad": -9.0, "arp": -7.0,
               "lead": -1.0,
               "counter": -6.0, "texture": -22.0}  # fmt: skip
