"""From beats to seconds: swing, and hands that are never quite on the grid."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from aimusicverse.engines.studio.score import Frame, Score, stretches

#: How far before its time a hand may be, in the genre's `human_ms`: two draws, cut at 2.5 (`Chance.bell`).
EARLIEST = 2.5 * 1.15


@dataclass(frozen=True, slots=True)
class Event:
    """A note to sound: start and length in seconds, pitch, velocity 0–1, which part plays it, and how loud
    (dB)."""

    start: float
    seconds: float
    pitch: int
    velocity: float
    part: int
    level_db: float


def perform(score: Score) -> list[Event]:
    """All notes of all parts in the order of their starts."""
    frame = score.frame
    beat = 60 / frame.beats_per_minute
    places = list(stretches(frame))
    borders = [place.bar * frame.beats_per_bar for place in places]
    levels = [frame.genre.dynamics_db * (place.energy - 0.7) for place in places]
    events = []
    for index, part in enumerate(score.parts):
        hands = [place.chance("hands", index) for place in places]
        spread = (
            frame.genre.human_ms
            / 1000
            * (0.5 if part.role == "drums" else 0.0 if part.role == "texture" else 1.0)
        )
        last, late = -1.0, 0.0
        for note in part.notes:
            here = bisect_right(borders, note.start + 1e-6) - 1
            chance = hands[here]
            if note.start != last:  # the notes of a chord fall together, almost
                last, late = note.start, spread * chance.bell()
            played = _swung(note.start, frame) * beat + late + 0.15 * spread * chance.bell()
            first = frame.end if note.start >= frame.end - 1e-6 else borders[here]
            start = max(first * beat, played)  # nobody is heard before a section, or the final chord, begins
            velocity = max(0.05, min(1.0, note.velocity * (1 + 0.04 * chance.bell())))
            level = levels[here]
            if first == frame.end:  # the final chord is heard, however softly the piece ends
                level = max(level, -4.0)
            events.append(Event(start, note.beats * beat, note.pitch, velocity, index, level))
    return sorted(events, key=lambda event: (event.start, event.part, event.pitch))


def _swung(beat: float, frame: Frame) -> float:
    """The second half of each pair of eighths or sixteenths comes late; dotted beats swing already."""
    if frame.compound:
        return beat
    pair, share = 2 / frame.genre.swing_unit, frame.genre.swing
    whole, rest = divmod(beat, pair)
    half = pair / 2
    inside = rest / half * share if rest < half else share + (rest - half) / half * (1 - share)
    return whole * pair + inside * pair
