"""What the music says about the picture: mode, mood, energy, density, roughness, and the song's form.

| of the music      | in the picture                                                                  |
|-------------------|---------------------------------------------------------------------------------|
| minor, major      | darker and cooler, lighter and warmer                                           |
| mood              | the family of colours; how rough or smooth forms are                            |
| tonic             | the hue is turned by up to 11 degrees, by its place on the circle of fifths     |
| tempo             | how many forms there are, how far they move, how strong the colours are         |
| sections          | rings, layers, stars: one for each, as wide as it is long; the same label has   |
|                   | the same colour; choruses and drops are the strong ones                         |
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from aimusicverse.release.artwork.design import Design


@dataclass(frozen=True, slots=True)
class _Mood:
    words: str
    minor: bool | None
    energy: float
    roughness: float


#: The moods that have colours of their own, with the words people use for them.
MOODS: Final[dict[str, _Mood]] = {
    "happy": _Mood("joyful cheerful uplifting upbeat sunny fun bright positive summer", False, 0.65, 0.4),
    "sad": _Mood("melancholy melancholic sorrow lonely heartbreak crying tears grief blue", True, 0.2, 0.35),
    "calm": _Mood(
        "peaceful relaxing relaxed chill gentle soft quiet sleep rainy rain study meditation cozy "
        "mellow serene soothing",
        None, 0.15, 0.1,
    ),
    "dark": _Mood("ominous evil sinister gloomy haunting midnight horror gothic stormy", True, 0.5, 0.8),
    "energetic": _Mood("powerful driving intense aggressive party workout hard dance wild", None, 0.95, 0.85),
    "dreamy": _Mood("ethereal floating hazy dream space cosmic underwater nostalgic", None, 0.3, 0.15),
    "epic": _Mood("heroic triumphant battle trailer majestic grand victory adventure", None, 0.8, 0.7),
    "romantic": _Mood("love tender warm intimate sensual wedding", False, 0.35, 0.2),
    "tense": _Mood("suspense suspenseful thriller nervous anxious mysterious mystery", True, 0.6, 0.9),
}  # fmt: skip
_WORDS: Final = {word: name for name, mood in MOODS.items() for word in (name, *mood.words.split())}
#: The mood that a kind of music has, where none is said.
_GENRES: Final = {
    "ambient": "dreamy", "drone": "dark", "cinematic": "epic", "orchestral": "epic", "classical": "romantic",
    "techno": "dark", "drum": "energetic", "dnb": "energetic", "rock": "energetic", "punk": "energetic",
    "metal": "dark", "trap": "dark", "phonk": "dark", "hop": "tense", "house": "happy", "disco": "happy",
    "funk": "happy", "pop": "happy", "reggae": "happy", "folk": "calm", "acoustic": "calm", "lofi": "calm",
    "lo": "calm", "jazz": "romantic", "soul": "romantic", "rnb": "romantic", "blues": "sad",
    "synthwave": "dreamy", "trance": "dreamy", "shoegaze": "dreamy",
}  # fmt: skip
_NEUTRAL: Final = _Mood("", None, 0.45, 0.45)

_KEY: Final = re.compile(
    r"\s*([A-Ga-g])\s*([#♯b♭]|sharp|flat)?[\s-]*(major|minor|maj|min|m)?\b", re.IGNORECASE
)
_STEPS: Final = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}

#: How strong a section is, by what its label begins with.
_STRENGTHS: Final = {
    "intro": 0.25, "outro": 0.2, "verse": 0.5, "pre": 0.6, "chorus": 0.95, "hook": 0.95, "refrain": 0.95,
    "drop": 1.0, "build": 0.7, "bridge": 0.6, "break": 0.3, "solo": 0.8, "coda": 0.3, "theme": 0.7,
    "inter": 0.4,
}  # fmt: skip
#: More than the eye tells apart: longer forms are summed up.
_MOST_SECTIONS: Final = 16


@dataclass(frozen=True, slots=True)
class Part:
    """A section: `start` and `end` from 0 to 1 of the song, `group` the same for the same label."""

    start: float
    end: float
    group: int
    strength: float

    @property
    def length(self) -> float:
        """As a share of the song."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Traits:
    """All of it from 0 to 1, but for `tonic`: fifths from C, -5 to 6; 0 if no key is known."""

    mood: str | None
    minor: bool
    tonic: int
    energy: float
    density: float
    roughness: float
    parts: tuple[Part, ...]


def traits(design: Design) -> Traits:
    """What a design says. What it leaves open is decided by its own random numbers."""
    chance = design.chance("traits")
    name = mood_of(design)
    mood = MOODS[name] if name else _NEUTRAL
    fifths, minor = _key(design.key)
    if minor is None:
        minor = mood.minor
    drawn_minor = bool(chance.random() < 0.5)
    tempo = 0.45 if design.tempo_bpm is None else float(np.clip((design.tempo_bpm - 60) / 110, 0, 1))
    return Traits(
        mood=name,
        minor=drawn_minor if minor is None else minor,
        tonic=fifths,
        energy=0.5 * mood.energy + 0.5 * tempo,
        density=tempo,
        roughness=mood.roughness,
        parts=_parts(design, chance),
    )


def mood_of(design: Design) -> str | None:
    """The first mood that is named and known; without one, that of the kind of music."""
    known = ((design.mood, _WORDS), (design.genre, _WORDS), (design.genre, _GENRES))
    for text, moods in known:
        for word in re.findall(r"[a-z]+", (text or "").lower()):
            if word in moods:
                return moods[word]
    return None


def _key(text: str | None) -> tuple[int, bool | None]:
    """Fifths from C (of the tonic) and whether it is minor; `None` where a key is not understood."""
    found = _KEY.match(text or "")
    if not found:
        return 0, None
    letter, sign, mode = found.groups()
    shift = 0 if not sign else (1 if sign.lower() in ("#", "♯", "sharp") else -1)
    step = (_STEPS[letter.lower()] + shift) % 12
    fifths = (step * 7) % 12
    minor = None if mode is None else (mode == "m" or mode.lower().startswith("min"))
    return (fifths if fifths <= 6 else fifths - 12), minor


def _parts(design: Design, chance: np.random.Generator) -> tuple[Part, ...]:
    """The form of the song, or one that a song might have."""
    known = [(label, start, end) for label, start, end in design.sections if end > start]
    if len(known) > _MOST_SECTIONS:
        cuts = [round(at * len(known) / _MOST_SECTIONS) for at in range(_MOST_SECTIONS + 1)]
        known = [(known[a][0], known[a][1], known[b - 1][2]) for a, b in pairwise(cuts)]
    if not known:
        known = _usual_form(chance)
    first, last = known[0][1], max(end for _, _, end in known)
    labels = [_plain(label) for label, _, _ in known]
    groups = {label: number for number, label in enumerate(dict.fromkeys(labels))}
    most = max(labels.count(label) for label in labels)
    return tuple(
        Part(
            (start - first) / (last - first),
            (end - first) / (last - first),
            groups[label],
            _strength(label, labels.count(label) / most),
        )
        for label, (_, start, end) in zip(labels, known, strict=True)
    )


def _usual_form(chance: np.random.Generator) -> list[tuple[str, float, float]]:
    middle = ["verse", "chorus"] * int(chance.integers(2, 4))
    labels = ["intro", *middle, *(["bridge", "chorus"] if chance.random() < 0.5 else []), "outro"]
    lengths = [(0.5 if label in ("intro", "outro") else 1.0) * chance.uniform(0.8, 1.2) for label in labels]
    ends = np.cumsum(lengths)
    return [
        (label, float(end - length), float(end))
        for label, length, end in zip(labels, lengths, ends, strict=True)
    ]


def _plain(label: str) -> str:
    """`Verse 2` is a verse; `A2`, as analysis names the 27th, is not an A."""
    return re.sub(r"(?<=[a-z]{2})[\s_-]*\d+$", "", label.strip().lower())


def _strength(label: str, share: float) -> float:
    for beginning, strength in _STRENGTHS.items():
        if label.startswith(beginning):
            return strength
    return 0.3 + 0.6 * share  # what returns most often is the chorus, whatever it is called
