"""What a genre is made of.

Rhythms are strings of sixteenths of a 4/4 bar, or of several bars in a row; spaces are for the eye.
A shorter bar takes the beginning.
Drums: digits 1–9 are velocities, `.` is silence. Chords: `x` strikes, `-` holds, `.` rests, `X` accents.
Bass: `r` root, `t` third, `f` fifth, `i` sixth, `s` seventh, `o` octave, `a` a step towards the next
chord's root, `-` holds, `.` rests. Arpeggios: digits are chord tones from below (0 first).
Progressions: digits are degrees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_BAR = 16


def bar_of(text: str, bar: int, steps: int, speed: int = 1) -> str:
    """The rhythm of a bar: the `bar`-th of the string, which repeats; `steps` sixteenths long.

    `speed`: characters to a sixteenth.
    """
    plain = text.replace(" ", "")
    count = max(1, len(plain) // (_BAR * speed))
    start = bar % count * _BAR * speed
    return plain[start : start + steps * speed]


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
class Colour:
    """How often (0–1) harmony leaves the plain key.

    `leading`: dominants with a leading note in minor; `dominants`: dominants of other degrees; `borrowed`:
    chords of the other mode; `grand`: the flat sixth and seventh before the tonic; `detours`: another chord
    inside a progression that returns. `cadences`: phrases end in two chords to a bar.
    """

    leading: float = 0.4
    dominants: float = 0.08
    borrowed: float = 0.1
    grand: float = 0.0
    detours: float = 0.25
    cadences: bool = False


@dataclass(frozen=True, slots=True)
class Genre:
    """A way of making music. Tempos in bpm: lowest, usual, highest.

    `entries`: the energy from which an instrument plays, where its role alone would let it in earlier.
    `held`: the energy below which chords are held. `rests`: in which sections an instrument leaves harmony to
    the others, or a drum is silent, so that these sound otherwise.
    `arpeggio_speed`: how many digits of an arpeggio fall on a sixteenth. `echo_beats`: the delay, and
    `echo_roles` who is heard in it; `echo_taps`: its repeats, each a gain left and right.
    `leaps`: how often (0–1) a motif's move is widened. `span`: steps that a melody goes up or down from its
    home. `riffs`: how often (0–1) a bar begins as its phrase began. `strict`: no parallel fifths or octaves
    between melody and bass. `feel`: by how many milliseconds a role or a drum is late (or early, if
    negative). `lingers`: the last bar slows down. `beat`: by which share notes on a beat are stronger, and
    those between weaker.
    """

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
    colour: Colour = Colour()
    leaps: float = 0.35
    span: int = 6
    riffs: float = 0.15
    strict: bool = False
    feel: Mapping[str, float] = field(default_factory=dict)
    lingers: bool = False
    beat: float = 0.0
    duck: float = 0.0
    dynamics_db: float = 6.0
    lead_register: int = 74
    lead_from: float = 0.45
    drums_from: float = 0.35
    entries: Mapping[str, float] = field(default_factory=dict)
    held: float = 0.4
    rests: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    top_hz: float = 18000.0
    tilt_db: float = 4.5
    echo_beats: float = 0.0
    echo_roles: tuple[str, ...] = ("lead", "arp", "counter")
    echo_taps: tuple[tuple[float, float], ...] = ((0.10, 0.30), (0.17, 0.06))
    arpeggio_speed: int = 1
    ring_seconds: float = 2.0
