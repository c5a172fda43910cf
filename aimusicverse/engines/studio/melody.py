"""Themes: two motifs that return changed, phrases that breathe and close, and a second voice that answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aimusicverse.engines.studio.chance import Chance
from aimusicverse.engines.studio.harmony import chord_at
from aimusicverse.engines.studio.metre import read
from aimusicverse.engines.studio.score import Frame, Note, Stretch
from aimusicverse.engines.studio.theory import Chord, nearest_tone

_SHAPES = ((2, 1, 1, -1, -1, -2), (-1, -1, 1, -1, -2, 1), (1, -1, 2, 1, -1, -1), (0, 1, 2, -1, 0, -1),
           (3, -1, -1, -1, 1, -2), (-2, 1, 1, 2, -1, -1), (1, 1, 1, 1, -2, -2), (0, 0, 2, 0, -1,
           -1))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Motif:
    """A rhythm (onset and length in sixteenths) and the moves between its notes, in scale steps."""

    rhythm: tuple[tuple[int, int], ...]
    moves: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """Two motifs, where in the register the theme lives, and where in the bar its phrases come to rest."""

    first: Motif
    second: Motif
    lift: int
    rest: float


def theme_for(frame: Frame, place: Stretch) -> Theme:
    """The theme of all sections of that name; another seed or take has another."""
    chance = place.habit(frame.genre.name, "theme")
    cells = chance.shuffled(frame.genre.cells)
    return Theme(
        _motif(cells[0], frame, chance),
        _motif(cells[1 % len(cells)], frame, chance),
        chance.pick((-2, -1, 0, 1, 2, 3)),
        chance.pick((0.5, 0.5, 0.5, 0.5, 2 / 3) if frame.compound else (0.375, 0.5, 0.5, 0.625, 0.75)),
    )


def rhythm_of(cell: str, steps: int) -> tuple[tuple[int, int], ...]:
    """Onsets and lengths (sixteenths) of a cell like "x--x..", cut to `steps`."""
    bar = cell.replace(" ", "")[:steps]
    onsets = [index for index, char in enumerate(bar) if char in "xX"]
    result = []
    for onset in onsets:
        length = 1
        while onset + length < len(bar) and bar[onset + length] == "-":
            length += 1
        result.append((onset, length))
    return tuple(result)


def _motif(cell: str, frame: Frame, chance: Chance) -> Motif:
    rhythm = rhythm_of(read(cell, frame.steps, frame.compound), frame.steps)
    strong = 6 if frame.compound else 8
    thinned = tuple(hit for hit in rhythm if hit[0] % strong == 0 or chance.happens(frame.mood.density))
    shape = list(chance.pick(_SHAPES))
    turn = chance.below(len(shape))
    shape = shape[turn:] + shape[:turn]
    if chance.happens(0.5):
        shape = [-move for move in shape]
    moves = tuple(
        shape[index % len(shape)] + (chance.pick((-2, -1, 1, 2)) if chance.happens(0.45) else 0)
        for index in range(max(1, len(thinned)))
    )
    return Motif(thinned or rhythm[:1], moves)


def sing(frame: Frame, place: Stretch, theme: Theme, chords: Sequence[Chord], times: int) -> list[Note]:
    """The theme over a section: a b a' cadence, every second phrase closing on the tonic.

    `times` counts the earlier sections of this name; each return is ornamented further.
    """
    chance = place.chance("sing")
    home = frame.key.step_near(frame.genre.lead_register + frame.mood.register) + theme.lift
    home += 2 if place.energy > 0.8 else 0
    free = "solo" in place.name
    notes: list[Note] = []
    step = home
    for bar in range(place.bars):
        start = float((place.bar + bar) * frame.beats_per_bar)
        closing = bar % 4 == 3 or bar == place.bars - 1
        motif = theme.second if bar % 2 else theme.first
        if free and not closing:
            motif = _motif(chance.pick(frame.genre.cells), frame, chance)
        elif times + bar // 4 > 0 and chance.happens(0.6):
            motif = _varied(motif, chance, frame.compound)
        if closing:
            notes += _close(
                frame, motif, theme.rest, start, step, chords, bar % 8 == 7 or bar == place.bars - 1, home
            )
            step = home
            continue
        if bar % 4 == 0:
            step = home
        line = _bar(frame, motif, start, step, home, chords, place.energy)
        notes += line
        if line:
            step = frame.key.step_near(line[-1].pitch)
    return notes


def _bar(
    frame: Frame, motif: Motif, start: float, step: int, home: int, chords: Sequence[Chord], energy: float
) -> list[Note]:
    notes = []
    for index, (onset, length) in enumerate(motif.rhythm):
        beat = start + onset / 4
        if index:
            step += motif.moves[index % len(motif.moves)]
        if abs(step - home) > 6:
            step += 7 if step < home else -7
        if onset % frame.pulse == 0 or length >= 4 or index == 0:
            step = nearest_tone(step, chord_at(chords, beat).tones(max(3, frame.genre.chord_size - 1)))
        accent = 0.1 if onset % frame.pulse == 0 else 0.0
        velocity = 0.55 + 0.2 * energy + accent + (0.05 if length > 3 else 0)
        notes.append(Note(beat, length / 4 * 0.95, frame.key.pitch(step), velocity))
    return notes


def _varied(motif: Motif, chance: Chance, in_eighths: bool) -> Motif:
    """A return: one long note split by its neighbour, or the last moves turned round."""
    rhythm = list(motif.rhythm)
    long = [index for index, (_, length) in enumerate(rhythm) if length >= 4]
    if long and chance.happens(0.6):
        index = chance.pick(long)
        onset, length = rhythm[index]
        first = length // 2 + length // 2 % 2 if in_eighths else length // 2
        rhythm[index : index + 1] = [(onset, first), (onset + first, length - first)]
        moves = (*motif.moves[: index + 1], chance.pick((-1, 1)), *motif.moves[index + 1 :])
    else:
        moves = (*motif.moves[:-2], *(-move for move in motif.moves[-2:]))
    return Motif(tuple(rhythm), moves)


def _close(
    frame: Frame,
    motif: Motif,
    rest: float,
    start: float,
    step: int,
    chords: Sequence[Chord],
    full: bool,
    home: int,
) -> list[Note]:
    """Half a bar of the motif, then one long note: the tonic where the chord has it (`full`), a chord tone
    else."""
    head = Motif(tuple(hit for hit in motif.rhythm if hit[0] < frame.steps * rest)[:4], motif.moves)
    notes = _bar(frame, head, start, step, home, chords, 0.5) if head.rhythm else []
    beat = start + frame.beats_per_bar * rest
    tones = chord_at(chords, beat).tones(3)
    near = frame.key.step_near(notes[-1].pitch) if notes else step
    target = nearest_tone(near, (0,)) if full and 0 in tones else nearest_tone(near - 1, tones)
    notes = [note for note in notes if note.start < beat - 1e-6]
    return [*notes, Note(beat, frame.beats_per_bar * (1 - rest) * 0.9, frame.key.pitch(target), 0.68)]


def answer(frame: Frame, place: Stretch, theme: Theme, chords: Sequence[Chord], centre: float) -> list[Note]:
    """The second voice: the first motif turned upside down where the theme rests, long notes under it
    elsewhere."""
    home, notes = frame.key.step_near(centre), []
    for bar in range(place.bars):
        start = float((place.bar + bar) * frame.beats_per_bar)
        if bar % 4 == 3:
            late = tuple(
                (onset + frame.steps // 2, min(length, 4))
                for onset, length in theme.first.rhythm
                if onset < frame.steps // 2
            )
            turned = Motif(late, tuple(-move for move in theme.first.moves))
            notes += [
                Note(note.start, note.beats, note.pitch, note.velocity * 0.9)
                for note in _bar(frame, turned, start, home, home, chords, place.energy)
            ]
        elif place.energy > 0.7 and bar % 2 == 0:
            step = nearest_tone(home, chord_at(chords, start).tones(3)[1:])
            notes.append(Note(start, frame.beats_per_bar * 0.95, frame.key.pitch(step), 0.5))
    return notes
