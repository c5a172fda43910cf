"""Who plays what, when: layers enter and leave with the energy of the sections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aimusicverse.engines.studio.balance import keeps_its_key
from aimusicverse.engines.studio.before import form_before, joined
from aimusicverse.engines.studio.density import answered, figures_of
from aimusicverse.engines.studio.genres.vocabulary import bar_of
from aimusicverse.engines.studio.harmony import chord_at, harmonise, sounding, strikes, voice
from aimusicverse.engines.studio.melody import answer, sing, theme_for
from aimusicverse.engines.studio.metre import read, rolling
from aimusicverse.engines.studio.motif import rhythm_of
from aimusicverse.engines.studio.players import bars_waited, players
from aimusicverse.engines.studio.rhythm import accents_of, bass, drums, percussion, pick_up, root_near
from aimusicverse.engines.studio.score import PIECES, Frame, Note, Part, Score, Stretch, stretches
from aimusicverse.engines.studio.theory import Chord
from aimusicverse.types import Plan, PlanSection

#: From here on harmony lies higher.
_FULL, _HIGHER = 0.78, 3
_CENTRE = {"chords": 60, "pad": 58, "arp": 69, "counter": 64, "bass": 40}
_LOW = {"cello": 50, "distorted guitar": 45, "strings": 62, "choir": 62, "brass": 62, "sub bass": 36}
#: Instruments whose arpeggios stand on a bass note of their own, and the pitch around which they move.
_GROUNDED = {"piano": 57, "acoustic guitar": 54, "harp": 58}
#: How much of its budget harmony may spend on colours, from the first try on.
_COLOURS = (1.0, 0.5, 0.25, 0.0)


def write_score(plan: Plan) -> Score:
    """The whole piece. The same plan gives the same notes on every machine."""
    earlier = [(_composed(form_before(plan, before)), before.bars) for before in plan.continues]
    return joined(earlier, _composed(plan))


def _composed(plan: Plan) -> Score:
    """A piece in one form.

    Where colours would outweigh the key it has fewer of them, or none. The first takes of all sections decide
    that, so that a section composed anew changes no other.
    """
    firsts = plan.model_copy(update={"sections": [_first_take(section) for section in plan.sections]})
    for colours in _COLOURS:
        score = _written(firsts, colours)
        if keeps_its_key(score):
            break
    return score if plan == firsts else _written(plan, colours)


def _first_take(section: PlanSection) -> PlanSection:
    return section.model_copy(update={"take": 0})


def _written(plan: Plan, colours: float) -> Score:
    frame = replace(Frame.of(plan), colours=colours)
    chords = harmonise(frame)
    parts, ranks = [], []
    taken: dict[str, int] = {}
    for instrument, role in zip(plan.instruments, frame.roles, strict=True):
        parts.append(Part(instrument, role))
        taken[role] = taken.get(role, -1) + 1
        ranks.append(taken[role])
    for place in stretches(frame):
        playing = players(frame, place, ranks)
        for index, part in enumerate(parts):
            if index in playing:
                part.notes += _write_part(frame, place, chords, part, index, ranks[index])
            elif part.role == "drums" and place.name == "breakdown":
                part.notes += pick_up(frame, place)
    for part in parts:
        part.notes += _ending(frame, chords, part)
    if not any(note.start >= frame.end - 1e-6 for part in parts for note in part.notes):
        parts[0].notes += _last_word(frame, chords, parts[0])
    for part in parts:
        part.notes.sort(key=lambda note: (note.start, note.pitch))
    return Score(frame, tuple(chords), tuple(parts))


def _write_part(
    frame: Frame, place: Stretch, chords: Sequence[Chord], part: Part, index: int, rank: int
) -> list[Note]:
    skip = bars_waited(place, index)
    centre = _LOW.get(part.instrument, _CENTRE.get(part.role, 60))
    if part.role == "drums":
        notes = drums(frame, place, skip)
    elif part.role == "percussion":
        notes = percussion(frame, place)
    elif part.role == "bass":
        notes = bass(frame, place, chords, centre)
    elif part.role == "chords":
        centre += _HIGHER if place.energy >= _FULL and part.instrument not in _LOW else 0
        notes = _comp(frame, place, chords, part.instrument, rank, centre)
    elif part.role == "pad":
        notes = _hold(frame, place, chords, centre)
    elif part.role == "arp":
        centre = _GROUNDED.get(part.instrument, centre)
        notes = _arpeggio(frame, place, chords, centre)
        if part.instrument in _GROUNDED:
            notes += _left_hand(frame, place, chords)
    elif part.role == "lead":
        notes = sing(frame, place, theme_for(frame, place), chords)
        if rank:  # a second lead takes the even returns, so that two voices alternate
            notes = [note for note in notes if int(note.start / frame.beats_per_bar) % 8 >= 4]
    elif part.role == "counter":
        notes = answer(frame, place, theme_for(frame, place), chords, centre)
    else:
        notes = [Note(float((place.bar + bar) * frame.beats_per_bar), frame.beats_per_bar, 60, 0.6)
                 for bar in range(place.bars)]  # fmt: skip
    first = float((place.bar + skip) * frame.beats_per_bar)
    return [note for note in notes if note.start >= first - 1e-6]


def _comp(
    frame: Frame,
    place: Stretch,
    chords: Sequence[Chord],
    instrument: str,
    rank: int,
    centre: float,
) -> list[Note]:
    usual, answering = figures_of(frame, place, frame.genre.comping, "comping", rank)
    chance = place.chance("comping", rank)
    plain = instrument in ("distorted guitar", "organ")
    before: list[int] = []
    notes: list[Note] = []
    for bar in range(place.bars):
        figures = (usual, answering if place.energy > 0.5 else usual)
        text = answered(bar, *(read(figure, frame.steps, frame.compound, bar) for figure in figures))
        if place.energy < frame.genre.held:
            text = "X" + "-" * (frame.steps - 1)
        start = float((place.bar + bar) * frame.beats_per_bar)
        for onset, length in rhythm_of(text, frame.steps):
            loud = (0.7 if text[onset] == "X" else 0.58) + 0.2 * (place.energy - 0.5) + 0.03 * chance.bell()
            for beat, beats in strikes(chords, start + onset / 4, 0.96 * length / 4):
                chord = chord_at(chords, beat)
                size = min(frame.genre.chord_size, 3) if plain else max(frame.genre.chord_size, chord.size)
                if instrument == "distorted guitar":
                    before = [root_near(frame, chord, centre)]
                else:
                    before = voice(chord, frame.key, size, centre, before)
                top = before[-1]
                # The top voice sings; inner voices stand back.
                notes += [
                    Note(beat, beats, chord.pitch(frame.key, step), loud * (1 if step == top else 0.86))
                    for step in before
                ]
    return notes


def _hold(frame: Frame, place: Stretch, chords: Sequence[Chord], centre: float) -> list[Note]:
    low, high = place.bar * frame.beats_per_bar, (place.bar + place.bars) * frame.beats_per_bar
    before: list[int] = []
    notes: list[Note] = []
    for chord in chords:
        if low - 1e-6 <= chord.start < high - 1e-6:
            before = voice(chord, frame.key, min(4, max(frame.genre.chord_size, chord.size)), centre, before)
            velocity = 0.45 + 0.35 * place.energy
            notes += [
                Note(chord.start, chord.beats, chord.pitch(frame.key, step), velocity) for step in before
            ]
    return notes


def _arpeggio(frame: Frame, place: Stretch, chords: Sequence[Chord], centre: float) -> list[Note]:
    speed = frame.genre.arpeggio_speed
    usual, answering = figures_of(frame, place, frame.genre.arpeggios, "arpeggio")
    accents = accents_of(frame, "arpeggio")
    notes: list[Note] = []
    for bar in range(place.bars):
        text = answered(
            bar,
            *(
                rolling(figure, frame.steps, speed)
                if frame.compound
                else bar_of(figure, bar, frame.steps, speed)
                for figure in (usual, answering)
            ),
        )
        start = float((place.bar + bar) * frame.beats_per_bar)
        for onset, char in enumerate(text):
            if not char.isdigit():
                continue
            beat = start + onset / (4 * speed)
            chord = chord_at(chords, beat)
            size = min(4, max(3, frame.genre.chord_size, chord.size))
            tones = sorted((tone - chord.degree) % 7 for tone in chord.tones(size))
            octave, index = divmod(int(char), len(tones))
            step = root_near(frame, chord, centre) + tones[index] + 7 * octave
            length = 1
            while onset + length < len(text) and text[onset + length] in "-.":
                length += 1
            velocity = 0.5 + 0.2 * place.energy + (0.1 if onset % (frame.pulse * speed) == 0 else 0)
            velocity *= accents[onset // speed % len(accents)]
            pitch, beats = sounding(chords, frame.key, step, beat, length / (4 * speed) * 0.95)
            notes.append(Note(beat, beats, pitch, velocity))
    return notes


def _left_hand(frame: Frame, place: Stretch, chords: Sequence[Chord]) -> list[Note]:
    low, high = place.bar * frame.beats_per_bar, (place.bar + place.bars) * frame.beats_per_bar
    return [
        Note(
            chord.start,
            chord.beats,
            chord.pitch(frame.key, root_near(frame, chord, 43)),
            0.55 + 0.2 * place.energy,
        )
        for chord in chords
        if low - 1e-6 <= chord.start < high - 1e-6
    ]


def _ending(frame: Frame, chords: Sequence[Chord], part: Part) -> list[Note]:
    """The final chord, held until the recording ends."""
    chord, beat, ring = chords[-1], frame.end, frame.ring
    if part.role == "drums":
        return [
            Note(beat, 1, PIECES[piece], 0.55)
            for piece in ("kick", "crash")
            if frame.genre.kit != "orchestral"
        ]
    if part.role in ("percussion", "arp", "counter"):
        return []
    if part.role == "texture":
        return [Note(beat, ring, 60, 0.5)]
    if part.role in ("bass", "lead"):
        centre = (
            frame.genre.lead_register if part.role == "lead" else _LOW.get(part.instrument, _CENTRE["bass"])
        )
        return [Note(beat, ring, frame.key.pitch(root_near(frame, chord, centre)), 0.6)]
    centre = _LOW.get(part.instrument, _CENTRE.get(part.role, 60))
    if part.instrument == "distorted guitar":
        return [Note(beat, ring, frame.key.pitch(root_near(frame, chord, centre)), 0.65)]
    steps = voice(chord, frame.key, 3, centre, [])
    return [Note(beat, ring, frame.key.pitch(step), 0.62) for step in steps]


def _last_word(frame: Frame, chords: Sequence[Chord], part: Part) -> list[Note]:
    """The final chord, or stroke, of a piece in which nobody else has one."""
    if part.role in ("drums", "percussion"):
        piece = "tambourine" if part.role == "percussion" else "timpani"
        return [Note(frame.end, 1, PIECES[piece], 0.6)]
    centre = _LOW.get(part.instrument, _CENTRE.get(part.role, 60))
    steps = voice(chords[-1], frame.key, 3, centre, [])
    return [Note(frame.end, frame.ring, frame.key.pitch(step), 0.62) for step in steps]
