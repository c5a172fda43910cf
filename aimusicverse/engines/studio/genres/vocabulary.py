"""What a genre is made of.

Rhythms are strings of sixteenths of a 4/4 bar; spaces are for the eye. A shorter bar takes the beginning.
Drums: digits 1–9 are velocities, `.` is silence. Chords: `x` strikes, `-` holds, `.` rests, `X` accents.
Bass: `r` root, `t` third, `f` fifth, `s` seventh, `o` octave, `a` a step towards the next chord's root,
`-` holds, `.` rests. Arpeggios: digits are chord tones from below (0 first). Progressions: digits are
degrees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Groove:
    """A bar of drums by piece (kick, snare, clap, rim, hat, open, ride, shaker, tom…), and a fill."""

    bar: Mapping[str, str]
    fill: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Space:
    """The room: seconds to -60 dB, level of the reverberation in dB, its darkness (low-pass, Hz)."""

    seconds: float = 1.6
    level_db: float = -14.0
    darkness: float = 6000.0


@dataclass(frozen=True, slots=True)
class Genre:
    """A way of making music. Tempos in bpm: lowest, usual, highest."""

    name: str
    words: tuple[str, ...]
    tempo: tuple[int, int, int]
    minor: float
    instruments: tuple[str, ...]
    minor_progressions: tuple[str, ...]
    major_progressions: tuple[str, ...]
    grooves: tuple[Groove, ...]
    comping: tuple[str, ...]
    bass: tuple[str, ...]
    cells: tuple[str, ...]
    arpeggios: tuple[str, ...] = ("0.1.2.3.2.1.2.1.",)
    roles: Mapping[str, str] = field(default_factory=dict)
    form: str = "song"
    chord_size: int = 4
    chord_bars: float = 1.0
    swing: float = 0.5
    swing_unit: int = 4
    human_ms: float = 6.0
    kit: str = "acoustic"
    levels: Mapping[str, float] = field(default_factory=dict)
    space: Space = Space()
    duck: float = 0.0
    dynamics_db: float = 6.0
    lead_register: int = 74
    lead_from: float = 0.45
    drums_from: float = 0.35
    top_hz: float = 18000.0
    tilt_db: float = 4.5
    echo_beats: float = 0.0
    ring_seconds: float = 2.0
