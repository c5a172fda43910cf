"""Chords for every bar, and how they are voiced."""

from __future__ import annotations

from collections.abc import Sequence

from aimusicverse.engines.studio.chance import Chance
from aimusicverse.engines.studio.score import Frame, stretches
from aimusicverse.engines.studio.theory import Chord, Key

_TONIC, _FOURTH, _FIFTH = 0, 3, 4


def harmonise(frame: Frame) -> list[Chord]:
    """One progression per kind of section, turned at phrase ends; a cadence, then the tonic for the final
    ring.

    No take changes the first chord of its section: what leads there from the section before stays right.
    """
    genre, per_bar = frame.genre, frame.beats_per_bar
    options = genre.minor_progressions if frame.key.minor else genre.major_progressions
    order = Chance(frame.plan.seed, genre.name, "progressions").shuffled(options)
    chosen: dict[str, str] = {}
    length = genre.chord_bars * per_bar
    chords: list[Chord] = []
    for place in stretches(frame):
        progression = chosen.setdefault(place.name, order[len(chosen) % len(order)])
        start, stop = place.bar * per_bar, (place.bar + place.bars) * per_bar
        at, index = float(start), 0
        while at < stop - 1e-9:
            degree = int(progression[index % len(progression)]) - 1
            chords.append(Chord(degree, at, min(length, stop - at)))
            at, index = at + length, index + 1
        turn = place.chance("turn")
        if place.is_last:
            _cadence(chords, stop, per_bar, turn if place.bars > 1 else Chance(frame.plan.seed, "close"))
        elif place.bars >= 4 and chords[-1].start > start and turn.happens(0.6):
            last = chords[-1]
            chords[-1] = Chord(turn.pick((_FOURTH, _FIFTH)), last.start, last.beats)
    chords.append(Chord(_TONIC, frame.end, frame.ring))
    return chords


def _cadence(chords: list[Chord], stop: float, per_bar: int, chance: Chance) -> None:
    """The last bar prepares the tonic: fourth then fifth degree, or one of them."""
    start = stop - per_bar
    while chords and chords[-1].start >= start - 1e-9:
        chords.pop()
    if chords and chords[-1].start + chords[-1].beats > start:
        last = chords.pop()
        chords.append(Chord(last.degree, last.start, start - last.start))
    if per_bar >= 4 and chance.happens(0.6):
        chords.append(Chord(_FOURTH, start, per_bar / 2))
        chords.append(Chord(_FIFTH, start + per_bar / 2, per_bar / 2))
    else:
        chords.append(Chord(chance.pick((_FOURTH, _FIFTH, _FIFTH)), start, per_bar))


def chord_at(chords: Sequence[Chord], beat: float) -> Chord:
    """The chord that sounds at a beat."""
    low, high = 0, len(chords)
    while high - low > 1:
        middle = (low + high) // 2
        if chords[middle].start <= beat + 1e-6:
            low = middle
        else:
            high = middle
    return chords[low]


def chord_after(chords: Sequence[Chord], beat: float) -> Chord:
    """The next chord that starts after a beat; the last one at the end."""
    current = chord_at(chords, beat)
    return next((chord for chord in chords if chord.start > max(beat, current.start) + 1e-6), chords[-1])


def voice(chord: Chord, key: Key, size: int, centre: float, before: Sequence[int]) -> list[int]:
    """Steps of a close voicing near the pitch `centre` that moves least from the one `before`.

    A ninth chord of four or more voices leaves its root to the bass.
    """
    tones = chord.tones(size)[1:] if size == 5 else chord.tones(size)
    middle = key.step_near(centre)
    best: tuple[float, list[int]] | None = None
    for lowest in range(middle - 7, middle + 4):
        if lowest % 7 not in tones:
            continue
        steps = [step for step in range(lowest, lowest + 8) if step % 7 in tones][: len(tones)]
        mean = sum(steps) / len(steps)
        cost = 0.5 * abs(mean - middle) + sum(
            min(abs(step - other) for other in before) if before else 0 for step in steps
        )
        if best is None or cost < best[0]:
            best = (cost, steps)
    assert best is not None  # noqa: S101 - eleven steps in a row hold every degree
    return best[1]
