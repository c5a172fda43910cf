"""Harmony that comes back goes on: what was heard once returns with other chords in between, and fuller ones.

A loop whose every bar has a twin elsewhere stands still. In a section that returns, and in the second half of
a long one, some bars move on to a chord that is near, and some chords gain a seventh or a ninth. All notes
are those of the key. The first chord of a section stays what it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aimusicverse.engines.studio.score import Frame, Stretch
from aimusicverse.engines.studio.theory import Chord, Key

_SECOND, _SEVENTH = 1, 6
_LONG_BARS, _PHRASE_BARS = 8, 4
#: How often a bar moves on, beside the genre's own detours; how often a chord gains a note.
_MOVES, _FULLER = 0.15, 0.35
_LARGEST = 5


def returned(frame: Frame, place: Stretch, chords: Sequence[Chord]) -> list[Chord]:
    """A section's plain chords, varied where they were heard before."""
    if not place.times and place.bars < _LONG_BARS:
        return list(chords)
    heard = place.bar * frame.beats_per_bar + (0 if place.times else _PHRASE_BARS * frame.beats_per_bar)
    chance, moves = place.chance("return"), _MOVES + frame.genre.colour.detours
    found = list(chords[:1])
    for chord in chords[1:]:
        if chord.start < heard - 1e-6:
            found.append(chord)
            continue
        if chance.happens(_FULLER):
            chord = replace(chord, size=min(_LARGEST, chord.size + 1))
        at = chance.pick(_turns(frame, chord))
        other = chance.pick(_near(chord.degree, frame.key))
        if at and chance.happens(moves):
            found.append(replace(chord, beats=at))
            chord = replace(chord, degree=other, start=chord.start + at, beats=chord.beats - at)
        found.append(chord)
    return found


def _turns(frame: Frame, chord: Chord) -> tuple[float, ...]:
    """After how many beats a chord may move on: in the middle of its time, or on its last beat."""
    pulse = frame.pulse / 4
    if chord.beats < 2 * pulse:
        return (0.0,)
    middle = chord.beats // (2 * pulse) * pulse
    return (middle, middle, chord.beats - pulse)


def _near(degree: int, key: Key) -> list[int]:
    """Chords to move on to: a third below or above, a fourth or a fifth up; none that is diminished."""
    unstable = _SECOND if key.minor else _SEVENTH
    return [near for move in (5, 2, 3, 4) if (near := (degree + move) % 7) != unstable]


def related(degree: int, key: Key) -> int:
    """The chord a third below, which shares two notes; the one above where that is diminished."""
    below = (degree - 2) % 7
    return (degree + 2) % 7 if below == (_SECOND if key.minor else _SEVENTH) else below
