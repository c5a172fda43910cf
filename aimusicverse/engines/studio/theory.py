"""Keys and chords, counted in scale steps.

The composer thinks in steps of the key's own scale (step 35 is the tonic of the octave from middle C). Only a
chord may alter a step, for as long as it sounds.
"""

from __future__ import annotations

from dataclasses import dataclass

_LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_MAJOR = (0, 2, 4, 5, 7, 9, 11)
_MINOR = (0, 2, 3, 5, 7, 8, 10)


@dataclass(frozen=True, slots=True)
class Key:
    """A tonic (0–11, 0 is C) and a mode; minor is natural minor."""

    tonic: int
    minor: bool

    @classmethod
    def named(cls, name: str) -> Key:
        """From "A minor", "F# major", "Bb major"."""
        note, _, mode = name.partition(" ")
        tonic = _LETTERS[note[0].upper()] + note.count("#") - note[1:].count("b")
        return cls(tonic % 12, mode == "minor")

    @property
    def scale(self) -> tuple[int, ...]:
        """Semitones of the seven steps above the tonic."""
        return _MINOR if self.minor else _MAJOR

    @property
    def pitch_classes(self) -> frozenset[int]:
        """The seven notes that belong to the key."""
        return frozenset((self.tonic + interval) % 12 for interval in self.scale)

    def pitch(self, step: int) -> int:
        """The MIDI pitch of a step (35 is the tonic at or above 60)."""
        return self.tonic + 12 * (step // 7) + self.scale[step % 7]

    def step_near(self, pitch: float) -> int:
        """The step whose pitch is nearest."""
        guess = int((pitch - self.tonic) / 12 * 7)
        return min(range(guess - 3, guess + 4), key=lambda step: (abs(self.pitch(step) - pitch), step))


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord on a degree (0–6), lasting `beats` from beat `start` of the piece.

    `size`: three notes for a triad, four for a seventh chord, five for a ninth. `altered`: degrees of the
    scale that are a semitone higher (1) or lower (-1) while it sounds, as ((6, 1),) raises the leading note.
    """

    degree: int
    start: float
    beats: float
    size: int = 3
    altered: tuple[tuple[int, int], ...] = ()

    def tones(self, size: int) -> tuple[int, ...]:
        """Its degrees (0–6), root first: three for a triad, four with a seventh; no more than `size`."""
        return tuple((self.degree + 2 * third) % 7 for third in range(min(size, max(3, self.size))))

    def shift(self, step: int) -> int:
        """By how many semitones a step is altered while this chord sounds."""
        return next((move for degree, move in self.altered if degree == step % 7), 0)

    def pitch(self, key: Key, step: int) -> int:
        """The MIDI pitch of a step while this chord sounds."""
        return key.pitch(step) + self.shift(step)

    def root(self, key: Key) -> int:
        """The pitch class of its root."""
        return self.pitch(key, self.degree) % 12

    def quality(self, key: Key) -> str:
        """Its kind as chord symbols write it: "" for major, "m7", "7", "maj9", "dim"…"""
        root = self.root(key)
        third, fifth, *above = [(self.pitch(key, tone) - root) % 12 for tone in self.tones(5)[1:]]
        minor = third == 3
        if not above:
            return "dim" if minor and fifth == 6 else "m" if minor else "aug" if fifth == 8 else ""
        major_seventh = above[0] == 11
        if minor and fifth == 6:  # ninths of half-diminished chords are left out of symbols
            return "dim7" if above[0] == 9 else "m(maj7)b5" if major_seventh else "m7b5"
        number = "9" if len(above) > 1 and above[1] == 2 else "7"
        seventh = f"maj{number}" if major_seventh else number
        end = {6: "b5", 8: "#5"}.get(fifth, "") + ("(b9)" if len(above) > 1 and above[1] == 1 else "")
        return f"m({seventh}){end}" if minor and major_seventh else f"{'m' if minor else ''}{seventh}{end}"
