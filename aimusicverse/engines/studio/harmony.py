"""Chords for every bar, and how they are voiced."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from aimusicverse.engines.studio.borrowing import affordable, budget, coloured, cost
from aimusicverse.engines.studio.chance import Chance
from aimusicverse.engines.studio.returns import related, returned
from aimusicverse.engines.studio.score import Frame, Stretch, stretches
from aimusicverse.engines.studio.theory import Chord, Key

_TONIC, _SECOND, _FOURTH, _FIFTH = 0, 1, 3, 4
_LEAST_BEATS, _WORTH_A_STRIKE = 0.2, 0.9
#: Sections that may stand in the relative key, which has the same seven notes.
_ELSEWHERE = ("bridge", "development", "breakdown")


def harmonise(frame: Frame) -> list[Chord]:
    """One progression per kind of section, turned at phrase ends; a cadence, then the tonic for the final
    ring.

    No take changes the first chord of its section: what leads there from the section before stays right. How
    many colours a section may have is settled by the first takes of all, so that no take touches another's.
    """
    places, progressions = list(stretches(frame)), _progressions(frame)
    firsts = [_degrees_of(frame, replace(place, take=0), progressions) for place in places]
    left = budget(frame, [chord for chords in firsts for chord in chords], frame.roles)
    sections: list[list[Chord]] = []
    for place, first in zip(reversed(places), reversed(firsts), strict=True):
        following = _TONIC if place.is_last else progressions[places[place.index + 1].name][0]
        usual = replace(place, take=0)
        chords = affordable(frame, coloured(frame, first, following, usual.chance("colour")), first, left)
        spent = cost(frame, chords)
        left -= spent
        if place.take:
            plain = _degrees_of(frame, place, progressions)
            chords = affordable(
                frame, coloured(frame, plain, following, place.chance("colour")), plain, spent
            )
        sections.append(chords)
    return [
        *(chord for chords in reversed(sections) for chord in chords),
        Chord(_TONIC, frame.end, frame.ring),
    ]


def _degrees_of(frame: Frame, place: Stretch, progressions: Mapping[str, Sequence[int]]) -> list[Chord]:
    """A section's chords, all of the key."""
    per_bar, size, chance = frame.beats_per_bar, _size(frame), place.chance("turn")
    chords = _passes(frame, place, progressions[place.name], size, chance)
    if frame.genre.form != "twelve":
        chords = returned(frame, place, chords)
    stop = float((place.bar + place.bars) * per_bar)
    if place.is_last:
        _cadence(chords, stop, per_bar, size, chance if place.bars > 1 else Chance(frame.plan.seed, "close"))
    elif place.bars >= 4 and len(chords) > 1 and chance.happens(0.6):
        if frame.genre.colour.cadences and per_bar >= 4 and chance.happens(0.4):
            _cadence(chords, stop, per_bar, size, chance)
        else:
            chords[-1] = replace(chords[-1], degree=chance.pick((_FOURTH, _FIFTH, _FIFTH)))
    return chords


def _progressions(frame: Frame) -> dict[str, tuple[int, ...]]:
    """The degrees of every kind of section; a bridge may have those of the relative key.

    The first begins on the tonic, so that a listener knows where home is; a head may come to it at its end.
    """
    genre, seed, minor = frame.genre, frame.plan.seed, frame.key.minor
    modes = {True: genre.minor_progressions, False: genre.major_progressions}
    order = Chance(seed, genre.name, "progressions").shuffled(modes[minor])
    if genre.form != "head":
        opening = _at_home(order)
        order = [opening, *(text for text in order if text != opening)]
    found: dict[str, tuple[int, ...]] = {}
    for place in stretches(frame):
        if place.name in found:
            continue
        chance = Chance(seed, genre.name, "elsewhere", place.name)
        text, move = order[len(found) % len(order)], 0
        if place.name in _ELSEWHERE and genre.form != "twelve" and chance.happens(0.6):
            text, move = chance.pick(modes[not minor]), 2 if minor else 5
        found[place.name] = tuple((int(digit) - 1 + move) % 7 for digit in text)
    return found


def _at_home(order: Sequence[str]) -> str:
    return next((text for text in order if int(text[0]) - 1 == _TONIC), order[0])


def _size(frame: Frame) -> int:
    """How many notes a chord has; a major blues has no major sevenths, so its plain chords are triads."""
    return 3 if frame.genre.form == "twelve" and not frame.key.minor else frame.genre.chord_size


def _passes(frame: Frame, place: Stretch, degrees: Sequence[int], size: int, chance: Chance) -> list[Chord]:
    """The progression as often as the section has room; every second pass goes another way in between."""
    per_bar = frame.beats_per_bar
    start, stop = float(place.bar * per_bar), float((place.bar + place.bars) * per_bar)
    length = frame.genre.chord_bars * per_bar
    chords: list[Chord] = []
    while (at := start + len(chords) * length) < stop - 1e-9:
        turn, index = divmod(len(chords), len(degrees))
        degree = degrees[index]
        inner = turn % 2 == 1 and len(degrees) == 4 and index in (1, 2) and degree != degrees[0]
        if inner and chance.happens(frame.genre.colour.detours):
            degree = related(degree, frame.key)
        chords.append(Chord(degree, at, min(length, stop - at), size))
    return chords


def _cadence(chords: list[Chord], stop: float, per_bar: int, size: int, chance: Chance) -> None:
    """The last bar prepares what follows: fourth or second, then fifth degree, or one of them."""
    start = stop - per_bar
    while chords and chords[-1].start >= start - 1e-9:
        chords.pop()
    if chords and chords[-1].start + chords[-1].beats > start:
        chords[-1] = replace(chords[-1], beats=start - chords[-1].start)
    if per_bar >= 4 and chance.happens(0.6):
        chords.append(Chord(chance.pick((_FOURTH, _SECOND)), start, per_bar / 2, size))
        chords.append(Chord(_FIFTH, start + per_bar / 2, per_bar / 2, size))
    else:
        chords.append(Chord(chance.pick((_FOURTH, _FIFTH, _FIFTH)), start, per_bar, size))


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
    latest = max(beat, chord_at(chords, beat).start) + 1e-6
    after = bisect_right(chords, latest, key=lambda chord: chord.start)
    return chords[min(after, len(chords) - 1)]


def strikes(chords: Sequence[Chord], beat: float, beats: float) -> Iterator[tuple[float, float]]:
    """When a note or chord that is held from `beat` on is struck, and for how long (beats): anew where the
    chord changes under it, if about a beat is left."""
    until, left = beat + beats, 0.0
    while not left or until - beat > _WORTH_A_STRIKE:
        chord = chord_at(chords, beat)
        left = max(_LEAST_BEATS, chord.start + chord.beats - beat)
        yield beat, min(until - beat, left)
        beat += left


def sounding(chords: Sequence[Chord], key: Key, step: int, beat: float, beats: float) -> tuple[int, float]:
    """The pitch of a step at a beat, and for how long it may last: no longer than no chord alters it anew."""
    chord = chord_at(chords, beat)
    until = chord.start + chord.beats
    while until < beat + beats - 1e-6:
        after = chord_at(chords, until)
        if after.shift(step) != chord.shift(step) or after.beats <= 0:
            return chord.pitch(key, step), until - beat
        until = after.start + after.beats
        if after is chords[-1]:
            break
    return chord.pitch(key, step), beats


def voice(chord: Chord, key: Key, size: int, centre: float, before: Sequence[int]) -> list[int]:
    """Steps of a close voicing near the pitch `centre` that moves least from the one `before`.

    A ninth chord of four or more voices leaves its root to the bass.
    """
    tones = chord.tones(size)
    if len(tones) == 5:
        tones = tones[1:]
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
