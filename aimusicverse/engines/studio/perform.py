"""From beats to seconds: swing, and hands that are never quite on the grid."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from aimusicverse.engines.studio.genres import Genre
from aimusicverse.engines.studio.score import PIECES, Frame, Part, Score, Stretch, stretches

#: How far hands stray, against the genre's own measure.
_LOOSENESS = {"drums": 0.5, "texture": 0.0}
_BREATHING = ("lead", "counter", "chords", "arp", "pad")
_PLAYED_BY_HAND = 5.0
_DRUMS = {number: piece for piece, number in PIECES.items()}
#: Bars from which a piece may slow down at its end.
_LONG_ENOUGH = 8


@dataclass(frozen=True, slots=True)
class Event:
    """A note to sound: start and length in seconds, pitch, velocity 0–1, which part plays it, and how loud
    (dB). `beat` and `beats` are the same times with swing, but without hands."""

    start: float
    seconds: float
    pitch: int
    velocity: float
    part: int
    level_db: float
    beat: float
    beats: float


def perform(score: Score) -> list[Event]:
    """All notes of all parts in the order of their starts.

    Hands are late or early as the genre has it, phrases swell, a section grows into a louder one. Nobody is
    heard before the section begins to which the note belongs, or the final chord. What a piece goes on from
    is played in the form that it had.
    """
    events: list[Event] = []
    first = 0.0
    for until, frame in (*score.earlier, (math.inf, score.frame)):
        events += _performed(score.parts, frame, first, until)
        first = until
    return sorted(events, key=lambda event: (event.start, event.part, event.pitch))


def earliest(genre: Genre) -> float:
    """Seconds before its time that a note may be heard, where no section begins."""
    return (2.5 * 1.15 * genre.human_ms - min([0.0, *genre.feel.values()])) / 1000  # `Chance.bell`


def _performed(parts: Sequence[Part], frame: Frame, first: float, until: float) -> list[Event]:
    """The notes of the beats from `first` to `until`, in the form of `frame`."""
    beat = 60 / frame.beats_per_minute
    places = list(stretches(frame))
    borders = [float(place.bar * frame.beats_per_bar) for place in places]
    levels = [frame.genre.dynamics_db * (place.energy - 0.7) for place in places]
    events = []
    for index, part in enumerate(parts):
        hands = [place.chance("hands", index) for place in places]
        spread = frame.genre.human_ms / 1000 * _LOOSENESS.get(part.role, 1.0)
        last, late = -1.0, 0.0
        for note in part.notes:
            if not first - 1e-6 <= note.start < until - 1e-6:
                continue
            here = bisect_right(borders, note.start + 1e-6) - 1
            chance = hands[here]
            if note.start != last:  # the notes of a chord fall together, almost
                last, late = note.start, spread * chance.bell()
            swung = _swung(note.start, frame)
            played = (swung + lingering(note.start, frame)) * beat
            played += late + _feel(part.role, note.pitch, frame) + 0.15 * spread * chance.bell()
            is_end = note.start >= frame.end - 1e-6
            start = max((frame.end if is_end else borders[here]) * beat, played)
            seconds = note.beats * beat
            velocity = note.velocity * (1 + 0.04 * chance.bell()) * _swell(part.role, note.start, frame)
            velocity *= _weight(note.start, frame)
            velocity = max(0.05, min(1.0, velocity))
            level = _level(levels, here, note.start, places[here], frame)
            if is_end:  # the final chord is heard, however softly the piece ends
                level = max(level, -4.0)
                seconds = max(beat, seconds - lingering(note.start, frame) * beat)
            events.append(Event(start, seconds, note.pitch, velocity, index, level, swung, note.beats))
    return events


def _level(levels: Sequence[float], here: int, beat: float, place: Stretch, frame: Frame) -> float:
    """A section's level in dB; its last half bar goes half the way up to a louder section."""
    if here + 1 == len(levels) or levels[here + 1] <= levels[here]:
        return levels[here]
    share = 1 - 2 * (place.bar + place.bars - beat / frame.beats_per_bar)
    return levels[here] + 0.5 * max(0.0, share) * (levels[here + 1] - levels[here])


def _swell(role: str, beat: float, frame: Frame) -> float:
    """Phrases of four bars grow and fall, where people play."""
    if role not in _BREATHING or frame.genre.human_ms < _PLAYED_BY_HAND:
        return 1.0
    share = beat / frame.beats_per_bar % 4 / 4
    return 0.96 + 0.32 * share * (1 - share)


def _weight(beat: float, frame: Frame) -> float:
    """Where no drums tell the beat, hands do (A. Friberg, R. Bresin and J. Sundberg, "Overview of the KTH
    rule system for musical performance", 2006: metrical patterns)."""
    between = beat * 4 % frame.pulse
    on_a_beat = min(between, frame.pulse - between) < 1e-6
    return 1 + frame.genre.beat if on_a_beat else 1 - frame.genre.beat


def _feel(role: str, pitch: int, frame: Frame) -> float:
    """Seconds by which a role, or a drum, is usually late."""
    feel = frame.genre.feel
    name = _DRUMS.get(pitch, role) if role == "drums" else role
    return feel.get(name, 0.0) / 1000


def lingering(beat: float, frame: Frame) -> float:
    """Beats by which the last bar is late, where it slows down: more and more, until the final chord."""
    bar = frame.beats_per_bar
    if not frame.genre.lingers or frame.end < _LONG_ENOUGH * bar or beat <= frame.end - bar:
        return 0.0
    share = min(1.0, (beat - frame.end + bar) / bar)
    return min(0.1 * bar, 0.15 * frame.ring) * share**2


def _swung(beat: float, frame: Frame) -> float:
    """The second half of each pair of eighths or sixteenths comes late; dotted beats swing already."""
    if frame.compound:
        return beat
    pair, share = 2 / frame.genre.swing_unit, frame.genre.swing
    whole, rest = divmod(beat, pair)
    half = pair / 2
    inside = rest / half * share if rest < half else share + (rest - half) / half * (1 - share)
    return whole * pair + inside * pair
