"""Keys and chords, counted in scale steps.

The composer thinks in steps of the key's own scale (step 35 is the tonic of the octave from middle C), so
that no note can ever leave the key.
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
    """A chord on a degree (0–6), lasting `beats` from beat `start` of the piece."""

    degree: int
    start: float
    beats: float

    def tones(self, size: int) -> tuple[int, ...]:
        """Its degrees (0–6), root first: a triad for 3, a seventh for 4, a ninth for 5."""
        return tuple((self.degree + 2 * third) % 7 for third in range(size))


def nearest_tone(step: int, tones: tuple[int, ...]) -> int:
    """The step nearest to `step` whose degree is one of `tones`; the lower one of two."""
    return min(
        (step + move for move in range(-3, 4) if (step + move) % 7 in tones),
        key=lambda candidate: (abs(candidate - step), candidate),
    )
