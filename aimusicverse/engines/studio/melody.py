"""Melodies: themes of two motifs, stated, developed and brought back in phrases that breathe and close."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from aimusicverse.engines.studio.chance import Chance
from aimusicverse.engines.studio.harmony import chord_at, sounding
from aimusicverse.engines.studio.motif import Motif, crossed, develop, joined, motif_from, ornamented
from aimusicverse.engines.studio.score import Frame, Note, Stretch
from aimusicverse.engines.studio.theory import Chord

#: How the four bars of a phrase treat the motifs: `a` and `b` as they are, with a way of developing them.
#: The last bar closes the phrase.
_PHRASES = (
    ("a", "b", "a ornament"),
    ("a", "a up", "b"),
    ("a", "b", "a fragment"),
    ("a", "a down", "a down down"),
    ("a", "b", "b invert"),
    ("a", "a up", "a fragment"),
    ("a", "a augment", "b"),
    ("a", "a", "b"),
)
#: How the answering phrase begins: as the first did, or developed at once.
_ANSWERS = (
    ("a", "b up", "a fragment"),
    ("a up", "b", "a"),
    ("a ornament", "a up", "b fragment"),
    ("b", "a down", "b ornament"),
    ("a invert", "b", "a augment"),
    ("a", "b invert", "b up"),
)


#: After which share of its closing bar a phrase comes to rest: seeds that follow each other rest elsewhere.
_RESTS = ((0.5,), (0.375, 0.75), (0.625, 0.25))
_COMPOUND_RESTS = ((0.5,), (2 / 3,), (1 / 3,))
#: How the long note at the end of a phrase may be led to: from so many steps away, for so many beats.
_LED = ((0, 0.0), (0, 0.0), (1, 0.5), (1, 1.0), (-1, 0.5), (-1, 1.0))
#: How often a third is filled.
_PASSED = 0.4


@dataclass(frozen=True, slots=True)
class Theme:
    """Two motifs, how its phrases treat them, where in the register it lives, and where phrases come to rest.

    `rest`: the share of the closing bar after which the long note begins.
    """

    first: Motif
    second: Motif
    phrases: tuple[tuple[str, ...], ...]
    lift: int
    rest: float


@dataclass(slots=True)
class _Voice:
    """Where a melody is: its step, the move that led there, what sounded last, and the steps of the bar."""

    step: int
    moved: int = 0
    last: int | None = None
    trail: list[int] = field(default_factory=list)

    def begin(self, step: int) -> None:
        """A new bar, from a step."""
        self.step, self.moved, self.trail = step, self.moved if step == self.step else 0, []

    def sound(self, step: int) -> None:
        """Go to a step."""
        self.step, self.moved, self.last = step, step - self.step, step
        self.trail.append(step)


def theme_for(frame: Frame, place: Stretch) -> Theme:
    """The theme of all sections of that name; another seed or take has another."""
    chance = place.habit(frame.genre.name, "theme")
    cells = chance.shuffled(crossed(frame.genre.cells, place.turn))
    rests = _COMPOUND_RESTS if frame.compound else _RESTS
    return Theme(
        motif_from(cells[0], frame, chance),
        motif_from(cells[1 % len(cells)], frame, chance),
        (
            chance.pick(_PHRASES),
            chance.pick(_ANSWERS),
            ("a", *chance.pick(_ANSWERS)[1:]),
            chance.pick(_ANSWERS),
        ),
        round(chance.pick((-2, -1, 0, 1, 2, 3)) * (frame.genre.span - 3) / 3),
        chance.pick(rests[place.turn % len(rests)]),
    )


def sing(frame: Frame, place: Stretch, theme: Theme, chords: Sequence[Chord]) -> list[Note]:
    """The theme over a section: a phrase that asks, one that answers, every second close on the tonic.

    The height is in the answer, where its third bar begins. Each return of the section is ornamented further.
    """
    chance = place.chance("sing")
    home = frame.key.step_near(frame.genre.lead_register + frame.mood.register) + theme.lift
    home += 2 if place.energy > 0.8 else 0
    notes: list[Note] = []
    voice, idea = _Voice(home), theme.first
    said: dict[int, tuple[Motif, list[int]]] = {}
    riff, solo, cells = place.habit("riffs"), "solo" in place.name, crossed(frame.genre.cells, place.turn)
    for bar in range(place.bars):
        start = float((place.bar + bar) * frame.beats_per_bar)
        last = bar == place.bars - 1
        if bar % 4 == 3 or last:
            if not solo:
                idea = theme.second if bar % 2 else theme.first
            full, led = bar % 8 == 7 or last, chance.pick(_LED)
            notes += _close(frame, idea, theme.rest, start, voice, chords, full, home, led)
            continue
        if bar % 4 == 0:
            voice.begin(home)
        begin, like = voice.step, []
        back = (0, 1, 2)[bar % 4]  # a riff begins as the phrase began
        if back and riff.happens(frame.genre.riffs / back):
            before, trail = said[bar - back]
            like = trail[: sum(onset < frame.steps // 2 for onset, _ in before.rhythm)]
            other = motif_from(chance.pick(cells), frame, chance) if solo else theme.second
            idea = joined(before, other, frame)
        elif solo and bar % 2 == 0:
            idea = motif_from(chance.pick(cells), frame, chance)
        elif solo:
            idea = develop(idea, chance.pick(("", "ornament", "fragment")), frame, chance)
            begin += chance.pick((-1, 0, 2))
        else:
            which, *ways = theme.phrases[(bar // 4 + 2 * place.times) % 4][bar % 4].split()
            idea = theme.first if which == "a" else theme.second
            for way in ways:
                idea = develop(idea, way, frame, chance)
            if place.times + bar // 8 > 0 and chance.happens(0.7):
                idea = ornamented(idea, chance, frame.compound)
            if which == "a":  # what returns begins where it began, or in sequence
                begin = home + ways.count("up") * 2 - ways.count("down")
        height = bar % 8 == 6 and place.bars >= 8
        voice.begin(max(begin, home + 2) if height else begin)
        said[bar] = idea, voice.trail
        energy = place.energy + (0.15 if height else 0.0)
        notes += _bar(frame, idea, start, voice, home, chords, energy, like, chance)
    if frame.genre.form == "twelve" and frame.colours:
        notes = [_bent(frame, note, chance) for note in notes]
    return notes


def _bar(
    frame: Frame,
    motif: Motif,
    start: float,
    voice: _Voice,
    home: int,
    chords: Sequence[Chord],
    energy: float,
    like: Sequence[int] = (),
    between: Chance | None = None,
) -> list[Note]:
    """A motif over the chords: chord tones where it is heavy or long, what lies between them elsewhere.

    Its first notes are the steps `like`, moved only where the chord has others. By the chance `between` a
    long note goes to one a third away over what lies between them.
    """
    notes: list[Note] = []
    span = frame.genre.span
    heavy = frame.pulse if frame.compound else frame.pulse * 2
    for index, (onset, length) in enumerate(motif.rhythm):
        beat = start + onset / 4
        move = motif.moves[index % len(motif.moves)] if index else 0
        if index < len(like):
            move = like[index] - voice.step
        elif abs(voice.moved) >= 3:  # a leap is answered by a step back
            move = 1 if voice.moved < 0 else -1
        if abs(voice.step + move - home) > span:
            move = -move if abs(voice.step - home) <= span else (1 if voice.step < home else -1)
        if onset % heavy == 0 or length >= 4 or index == 0 or chord_at(chords, beat).start == beat:
            goal = _chord_tone(frame, voice, move, beat, chords)
        else:
            goal = voice.step + move
        if between and notes and abs(goal - voice.step) == 2 and between.happens(_PASSED):
            _pass_by(frame, notes, (goal + voice.step) // 2, beat, chords)
        voice.sound(goal)
        pitch, beats = sounding(chords, frame.key, goal, beat, length / 4 * 0.95)
        accent = 0.1 if onset % frame.pulse == 0 else 0.0
        velocity = 0.55 + 0.2 * energy + accent + (0.05 if length > 3 else 0)
        notes.append(Note(beat, beats, pitch, velocity))
    return notes


def _pass_by(frame: Frame, notes: list[Note], step: int, beat: float, chords: Sequence[Chord]) -> None:
    """An eighth on `step` just before `beat`, where the last of `notes` is long enough to give it up."""
    last = notes[-1]
    if beat - last.start < 1 - 1e-6 or last.start + last.beats < beat - 0.5:
        return
    pitch, beats = sounding(chords, frame.key, step, beat - 0.5, 0.5 * 0.95)
    notes[-1] = replace(last, beats=min(last.beats, beat - 0.5 - last.start))
    notes.append(Note(beat - 0.5, beats, pitch, last.velocity * 0.9))


def _chord_tone(frame: Frame, voice: _Voice, move: int, beat: float, chords: Sequence[Chord]) -> int:
    """The chord tone nearest to where the melody wants to go, without standing still or leaping twice."""
    chord = chord_at(chords, beat)
    tones = chord.tones(max(3, frame.genre.chord_size - 1))
    wanted = voice.step + move

    def cost(step: int) -> float:
        went = step - voice.step
        price = float(abs(step - wanted))
        price += 1.6 if went == 0 and move else 0.0
        price += 1.5 if abs(voice.moved) >= 3 and went * voice.moved > 0 else 0.0
        if frame.genre.strict and _parallel(frame, voice.last, step, beat, chords):
            price += 20.0
        return price

    return min(
        (step for step in range(wanted - 3, wanted + 4) if step % 7 in tones), key=lambda s: (cost(s), s)
    )


def _parallel(frame: Frame, before: int | None, after: int, beat: float, chords: Sequence[Chord]) -> bool:
    """Whether melody and roots go on in the same fifth, octave or unison from one chord to the next."""
    if before is None or before == after or beat <= 0:
        return False
    old, new = chord_at(chords, beat - 0.01), chord_at(chords, beat)
    gaps = [(chord.pitch(frame.key, step) - chord.root(frame.key)) % 12
            for chord, step in ((old, before), (new, after))]  # fmt: skip
    return old.root(frame.key) != new.root(frame.key) and gaps[0] == gaps[1] and gaps[0] in (0, 7)


def _close(
    frame: Frame,
    motif: Motif,
    rest: float,
    start: float,
    voice: _Voice,
    chords: Sequence[Chord],
    full: bool,
    home: int,
    led: tuple[int, float],
) -> list[Note]:
    """Half a bar of the motif, then one long note: the tonic where the chord has it (`full`), a chord tone
    else. It is `led` to from so many steps away, for so many beats."""
    head = Motif(tuple(hit for hit in motif.rhythm if hit[0] < frame.steps * rest)[:4], motif.moves)
    beat = start + frame.beats_per_bar * rest
    notes = _bar(frame, head, start, voice, home, chords, 0.5) if head.rhythm else []
    tones = chord_at(chords, beat).tones(3)
    home_tone = full and 0 in tones
    near = voice.step - 1
    target = min(
        (step for step in range(near - 3, near + 4) if step % 7 in tones),
        key=lambda step: (
            abs(step - near)
            + (10 if home_tone and step % 7 else 0)
            + (20 if frame.genre.strict and _parallel(frame, voice.last, step, beat, chords) else 0),
            step,
        ),
    )
    voice.sound(target)
    voice.moved = 0
    notes = [note for note in notes if note.start < beat - 1e-6]
    long, (away, led_beats) = frame.beats_per_bar * (1 - rest) * 0.9, led
    if away and len(notes) > 1 and led_beats <= long / 2:
        pitch, beats = sounding(chords, frame.key, target + away, beat, led_beats * 0.98)
        notes.append(Note(beat, beats, pitch, 0.66))
        beat, long = beat + led_beats, long - led_beats
    pitch, beats = sounding(chords, frame.key, target, beat, long)
    return [*notes, Note(beat, beats, pitch, 0.68)]


def _bent(frame: Frame, note: Note, chance: Chance) -> Note:
    """A short note off the beat may be blue: a third, fifth or seventh a semitone lower."""
    key = frame.key
    step = key.step_near(note.pitch)
    blue = (4,) if key.minor else (2, 4, 6)
    light = note.beats <= 0.55 and (note.start * 4) % frame.pulse != 0
    if light and step % 7 in blue and key.pitch(step) == note.pitch and chance.happens(0.4 * frame.colours):
        return Note(note.start, note.beats, note.pitch - 1, note.velocity)
    return note


def answer(frame: Frame, place: Stretch, theme: Theme, chords: Sequence[Chord], centre: float) -> list[Note]:
    """The second voice: the first motif turned upside down where the theme rests, long notes under it
    elsewhere."""
    home, notes = frame.key.step_near(centre), []
    long = _Voice(home)
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
                for note in _bar(frame, turned, start, _Voice(home), home, chords, place.energy)
            ]
        elif place.energy > 0.7 and bar % 2 == 0:
            tones = chord_at(chords, start).tones(3)[1:]
            long.step = min(
                (step for step in range(home - 3, home + 4) if step % 7 in tones),
                key=lambda step: (abs(step - long.step), step),
            )
            pitch, beats = sounding(chords, frame.key, long.step, start, frame.beats_per_bar * 0.95)
            notes.append(Note(start, beats, pitch, 0.5))
    return notes
