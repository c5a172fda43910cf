"""Tempo, metre, form, time and sound, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: Where in the genre's range of tempos a word belongs: -1 its lowest, 0 its usual one, 1 its highest.
TEMPO_WORDS: Mapping[str, float] = {
    "very slow": -1.0, "largo": -1.0, "lento": -0.9, "adagio": -0.8, "slow": -0.7, "slowly": -0.7,
    "downtempo": -0.6, "slow tempo": -0.7, "slower": -0.7, "unhurried": -0.5, "laid back": -0.4, "lazy": -0.4,
    "andante": -0.4, "moderate": 0.0, "moderato": 0.0, "mid tempo": 0.0, "midtempo": 0.0, "medium tempo": 0.0,
    "allegretto": 0.4, "brisk": 0.5, "allegro": 0.6, "quick": 0.6, "quickly": 0.6, "lively": 0.6,
    "uptempo": 0.7,
    "up tempo": 0.7, "fast": 0.8, "faster": 0.8, "rapid": 0.8, "fast tempo": 0.8, "vivace": 0.8,
    "very fast": 1.0,
    "presto": 1.0, "prestissimo": 1.0,
}  # fmt: skip

#: Words for a metre that the studio plays.
METRE_WORDS: Mapping[str, str] = {
    "waltz": "3/4", "waltz time": "3/4", "in three": "3/4", "three four": "3/4", "triple metre": "3/4",
    "triple meter": "3/4", "minuet": "3/4", "jazz waltz": "3/4", "six eight": "6/8", "jig": "6/8",
    "tarantella": "6/8", "siciliana": "6/8", "compound time": "6/8", "common time": "4/4", "four four": "4/4",
    "4 on the floor": "4/4", "four on the floor": "4/4",
}  # fmt: skip

#: The nearest thing for a metre that is written in numbers and that the studio does not play.
NEAREST_METRES: Mapping[str, str] = {
    "12/8": "6/8",
    "9/8": "3/4",
    "6/4": "3/4",
    "3/8": "3/4",
    "2/2": "4/4",
    "8/8": "4/4",
}

#: Names of the church modes and of other scales, and the mode of the engine with the same third.
MODES: Mapping[str, str] = {
    "major": "major", "maj": "major", "ionian": "major", "lydian": "major", "mixolydian": "major",
    "major pentatonic": "major", "minor": "minor", "min": "minor", "aeolian": "minor", "dorian": "minor",
    "phrygian": "minor", "locrian": "minor", "minor pentatonic": "minor", "harmonic minor": "minor",
    "melodic minor": "minor", "natural minor": "minor",
}  # fmt: skip
#: Modes that the engine plays as they are; of the others it keeps the tonic and the third.
OWN_MODES = frozenset({"major", "maj", "ionian", "minor", "min", "aeolian", "natural minor"})

ERAS: Mapping[str, str] = {
    word: era
    for era, words in {
        "1950s": "50s, 1950s, fifties",
        "1960s": "60s, 1960s, sixties",
        "1970s": "70s, 1970s, seventies",
        "1980s": "80s, 1980s, eighties",
        "1990s": "90s, 1990s, nineties",
        "2000s": "2000s, y2k, noughties, 00s",
        "2010s": "2010s",
        "2020s": "2020s",
    }.items()
    for word in words.split(", ")
}

#: How full a section is that a prompt names (0–1), by name; the first of each line is the name in the plan.
SECTIONS: Mapping[str, tuple[str, float]] = {
    word: (words.split(", ")[0], energy)
    for words, energy in (
        ("intro, introduction, opening", 0.3),
        ("verse, verses, strophe", 0.55),
        ("prechorus, pre chorus, pre-chorus", 0.65),
        ("chorus, choruses, hook, refrain", 0.85),
        ("bridge, middle eight", 0.4),
        ("interlude", 0.4),
        ("build, buildup, build-up, build up", 0.6),
        ("drop, drops", 0.9),
        ("breakdown", 0.3),
        ("solo", 0.8),
        ("theme, head", 0.7),
        ("climax", 0.95),
        ("outro, ending, coda", 0.35),
    )
    for word in words.split(", ")
}
OPENINGS, CLOSINGS = ("intro",), ("outro",)


@dataclass(frozen=True, slots=True)
class Sound:
    """A way to produce: what it does to the whole mix.

    `tilt_db` is added to the treble above 1.1 kHz, `top_hz` closes it, `room_db` is added to the
    reverberation, `width` multiplies how far apart the sides are.
    """

    words: str
    tilt_db: float = 0.0
    top_hz: float = 22050.0
    room_db: float = 0.0
    width: float = 1.0


#: Words for the sound of a production.
SOUNDS: Mapping[str, Sound] = {
    "lo-fi sound": Sound("low fidelity, lofi sound, lo fi sound, bitcrushed, old radio,"
        " degraded", -1.0, 8000.0),
    "tape": Sound("tape, cassette, tape saturation, tape hiss, saturated, dusty", -0.7, 12000.0),
    "vinyl": Sound("vinyl, vinyl sound, crackle, old record", -0.7, 11000.0),
    "warm": Sound("warm, warmth, analog, analogue, mellow", -1.0, 14000.0),
    "bright": Sound("bright, crisp, sparkling, shiny, airy", 1.0),
    "wide": Sound("wide, stereo, panoramic, huge", width=1.12),
    "narrow": Sound("narrow, mono", width=0.72),
    "dry": Sound("dry, close miked, no reverb", room_db=-5.0),
    "spacious": Sound("wet, reverb, spacious, roomy, cavernous, echoes, echo, cathedral, washed out,"
        " reverberant",
                      room_db=1.5),
}  # fmt: skip

SOUND_WORDS: Mapping[str, str] = {
    word: name for name, sound in SOUNDS.items() for word in (name, *sound.words.split(", "))
}
