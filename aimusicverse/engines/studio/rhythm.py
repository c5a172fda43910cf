"""Drums and bass: grooves, ghost notes, fills before a section changes, figures under the chords."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aimusicverse.engines.studio.chance import Chance
from aimusicverse.engines.studio.density import answered, figures_of
from aimusicverse.engines.studio.harmony import chord_after, chord_at, sounding, strikes
from aimusicverse.engines.studio.metre import read
from aimusicverse.engines.studio.score import PIECES, Frame, Note, Stretch
from aimusicverse.engines.studio.theory import Chord

_CYMBALS = {"hat", "open", "ride", "shaker"}
_GHOST = "3"
_HIGH = {"hat", "open", "ride", "shaker", "rim", "tom", "tambourine"}
#: How strong sixteenths are, against the strongest.
_ACCENTS = (
    (1.0,),
    (1.0, 0.8, 0.6, 0.8),
    (0.6, 0.8, 1.0, 0.8),
    (1.0, 0.7, 0.7, 1.0, 0.7, 0.7, 1.0, 0.7),
    (1.0, 0.7, 0.8, 0.7, 0.55, 0.7, 0.8, 0.7),
)
#: From here on a section is full, in forms with verses and choruses, or heads and solos.
_FULL, _SUNG, _PLAYED = 0.78, ("song", "anthem", "head", "twelve"), ("head", "twelve")
#: Below this a verse has half the strokes of its cymbals, so that a chorus is heard to begin.
_LEAN, _TOLD = 0.72, ("song", "anthem", "twelve")
_LONGEST_FILL_SECONDS = 1.7
#: How strong cymbals are where there is no energy at all.
_CLOSED = 0.25
_LIGHT = ("hat", "rim", "shaker", "ride", "kick", "timpani", "swell")


def drums(frame: Frame, place: Stretch, skip: int) -> list[Note]:
    """A section of drums, silent for its first `skip` bars."""
    chance = place.chance("drums")
    grooves = frame.genre.grooves
    first = place.choice(len(grooves), "groove")
    without = "kick" if place.name == "build" else ""  # the drop brings it back
    habit = place.habit("hats")
    keep = habit.between(0.6, 1.0) if frame.genre.human_ms < 5 else 1.0
    notes: list[Note] = []
    for bar in range(skip, place.bars):
        start = float((place.bar + bar) * frame.beats_per_bar)
        last = bar == place.bars - 1
        # Every fourth bar answers with the drums of the next groove, so that a loop does not stand still.
        # What tells the time goes on: another cymbal would be heard as another section.
        groove = grooves[(first + (1 if bar % 4 == 3 and not last else 0)) % len(grooves)]
        told = {piece: text for piece, text in grooves[first].bar.items() if piece in _CYMBALS}
        struck = {piece: text for piece, text in groove.bar.items() if piece not in _CYMBALS}
        pieces = _own_hats(_bar(told | struck, frame, bar), keep, habit, frame.compound)
        if last and place.bars > 1 and place.energy >= 0.3:
            fill = _bar(groove.fill, frame, bar)
            # A long bar of fill would be heard as the border itself.
            slow = frame.beats_per_bar * 60 / frame.beats_per_minute > _LONGEST_FILL_SECONDS
            # The first time, half a fill is enough.
            half = slow or (place.times % 2 == 0 and place.energy < 0.7)
            pieces = _joined(pieces, fill) if half else fill
        if place.energy >= _FULL and frame.genre.form in _SUNG:
            pieces = _opened(pieces, frame.pulse)
        elif frame.genre.form in _PLAYED:
            pieces = _closed(pieces)
        pieces = {
            piece: text
            for piece, text in pieces.items()
            if place.name not in frame.genre.rests.get(piece, ())
        }
        if place.energy < _LEAN and frame.genre.form in _TOLD:
            pieces = _thinned(pieces, frame.pulse)
        notes += _play(frame, pieces, start, place.energy, chance, without)
        if bar == skip and place.energy >= 0.5 and place.index > 0:
            notes.append(Note(start, 2, PIECES["crash"], 0.5 + 0.2 * place.energy))
    if place.name == "build":
        notes += _roll(frame, place)
        if not place.is_last and place.habit("break").happens(0.6):  # a breath before the drop
            silent = float((place.bar + place.bars) * frame.beats_per_bar) - frame.pulse / 4
            notes = [note for note in notes if note.start < silent - 1e-6]
    return notes


def pick_up(frame: Frame, place: Stretch) -> list[Note]:
    """Drums that were silent come back with the second half of a fill, where the piece goes on."""
    if place.is_last or place.bars < 2:
        return []
    fill = place.habit("groove").pick(frame.genre.grooves).fill
    start = float((place.bar + place.bars - 1) * frame.beats_per_bar)
    notes = _play(frame, _bar(fill, frame, 0), start, 0.6, place.chance("drums"), "")
    return [note for note in notes if note.start >= start + frame.beats_per_bar / 2]


def _bar(pieces: Mapping[str, str], frame: Frame, bar: int) -> dict[str, str]:
    return {piece: read(text, frame.steps, frame.compound, bar) for piece, text in pieces.items()}


def _joined(groove: Mapping[str, str], fill: Mapping[str, str]) -> dict[str, str]:
    """The first half of a groove, the second half of a fill."""
    size = max(map(len, (*groove.values(), *fill.values())))
    rest, half = "." * size, size // 2
    return {
        piece: groove.get(piece, rest)[:half] + fill.get(piece, rest)[half:]
        for piece in sorted({*groove, *fill})
    }


def _opened(bar: Mapping[str, str], pulse: int) -> dict[str, str]:
    """Where a section is full, the beats are struck on the open hat; what has no hat gets a tambourine."""
    result = dict(bar)
    if "hat" in bar and not {"open", "ride"} & bar.keys():
        on_beats = [step % pulse == 0 for step in range(len(bar["hat"]))]
        for piece, struck in (("hat", False), ("open", True)):
            result[piece] = "".join(
                char if on == struck else "." for on, char in zip(on_beats, bar["hat"], strict=True)
            )
    elif "hat" not in bar and (other := bar.get("shaker", bar.get("ride", ""))):
        result["tambourine"] = "".join(
            "7" if step % (2 * pulse) == pulse else "4" if step % (pulse // 2) == 0 else "."
            for step in range(len(other))
        )
    return result


def _closed(bar: Mapping[str, str]) -> dict[str, str]:
    """While a head is played the ride waits for the solo, and the hat has its strokes."""
    result = dict(bar)
    if ride := result.pop("ride", ""):
        result["hat"] = "".join(map(max, ride, bar.get("hat", ride)))
    return result


def _thinned(bar: Mapping[str, str], pulse: int) -> dict[str, str]:
    """Cymbals at half their pace: sixteenths become eighths, and all else has only its beats."""
    result = dict(bar)
    for piece in _CYMBALS & bar.keys():
        fast = pulse == 4 and any(char > _GHOST for char in bar[piece][1::2])
        grid = 2 if fast else pulse
        result[piece] = "".join("." if step % grid else char for step, char in enumerate(bar[piece]))
    return result


def _own_hats(bar: Mapping[str, str], keep: float, habit: Chance, in_eighths: bool) -> dict[str, str]:
    """Machines repeat exactly, so each seed has its own hats: some strokes left out, some put between."""
    result = dict(bar)
    if keep < 1.0:
        for piece in sorted(_HIGH & result.keys()):
            text = result[piece]
            result[piece] = "".join(
                ("." if char < "6" and not habit.happens(keep) else char)
                if char != "."
                else ("3" if habit.happens((1 - keep) * 0.6) and not (in_eighths and step % 2) else ".")
                for step, char in enumerate(text)
            )
    return result


def _play(
    frame: Frame,
    bars: Mapping[str, str],
    start: float,
    energy: float,
    chance: Chance,
    without: str,
) -> list[Note]:
    notes, accents = [], accents_of(frame, "hats")
    for piece, text in bars.items():
        if (energy < 0.45 and piece not in _LIGHT) or piece == without:
            continue
        for step, char in enumerate(text):
            if char == ".":
                continue
            velocity = int(char) / 9 * (0.72 + 0.28 * energy) * (1 + 0.05 * chance.bell())
            if piece in _HIGH:  # cymbals open up with the energy, more than drums do
                velocity *= accents[step % len(accents)] * (_CLOSED + (1 - _CLOSED) * energy**2)
            notes.append(Note(start + step / 4, 0.25, PIECES[piece], max(0.05, min(1.0, velocity))))
    if frame.genre.human_ms >= 5 and "snare" in bars and energy >= 0.5 and chance.happens(0.4):
        ghost = chance.pick((4, 8, 10) if frame.compound else (7, 9, 15))
        notes.append(Note(start + ghost % frame.steps / 4, 0.25, PIECES["snare"], 0.2))
    return notes


def _roll(frame: Frame, place: Stretch) -> list[Note]:
    """The snare that doubles its pace towards the drop."""
    bars = min(4, place.bars)
    start, total = (place.bar + place.bars - bars) * frame.steps, bars * frame.steps
    notes = []
    for step in range(total):
        share = step / total
        if step % (frame.pulse if share < 0.5 else 2 if share < 0.75 else 1) == 0:
            notes.append(Note((start + step) / 4, 0.25, PIECES["snare"], 0.25 + 0.5 * share))
    return notes


def percussion(frame: Frame, place: Stretch) -> list[Note]:
    """Shaker sixteenths with the accent on the off-beat, a tambourine on the back-beat.

    Under dotted beats, eighths with the accent on the beat.
    """
    chance = place.chance("percussion")
    notes = []
    for step in range(place.bars * frame.steps):
        beat = place.bar * frame.beats_per_bar + step / 4
        if frame.compound and step % 2:
            continue
        if frame.compound:
            accent = 0.5 if step % 6 == 0 else 0.25
            notes.append(Note(beat, 0.25, PIECES["shaker"], accent * (1 + 0.1 * chance.bell())))
            if place.energy > 0.75 and step % 12 == 6:
                notes.append(Note(beat, 0.25, PIECES["tambourine"], 0.5))
            continue
        accent = 0.55 if step % 4 == 2 else 0.35 if step % 2 == 0 else 0.22
        notes.append(Note(beat, 0.25, PIECES["shaker"], accent * (1 + 0.1 * chance.bell())))
        if place.energy > 0.75 and step % 8 == 4:
            notes.append(Note(beat, 0.25, PIECES["tambourine"], 0.5))
    return notes


def accents_of(frame: Frame, role: str) -> tuple[float, ...]:
    """Which sixteenths a role leans on: each seed has its own, machines more so than hands."""
    if frame.compound:
        return (1.0,)
    depth = 1.0 if frame.genre.human_ms < 5 else 0.5
    chosen = Chance(frame.plan.seed, "accents", role).pick(_ACCENTS)
    return tuple(1 - depth * (1 - accent) for accent in chosen)


def bass(frame: Frame, place: Stretch, chords: Sequence[Chord], centre: float) -> list[Note]:
    """The genre's figures over the chords' roots; quiet sections hold the root."""
    usual, answering = figures_of(frame, place, frame.genre.bass, "bass")
    accents = accents_of(frame, "bass")
    chance = place.chance("bass")
    notes: list[Note] = []
    for bar in range(place.bars):
        text = answered(
            bar, *(read(figure, frame.steps, frame.compound, bar) for figure in (usual, answering))
        )
        if place.energy < 0.4:
            text = "r" + "-" * (frame.steps - 1)
        start = float((place.bar + bar) * frame.beats_per_bar)
        for step, char in enumerate(text):
            if char in ".-":
                continue
            length = 1
            while step + length < len(text) and text[step + length] == "-":
                length += 1
            beat = start + step / 4
            held = length / 4 * (0.92 if length < 8 else 0.99)  # what is held is joined to what follows
            velocity = (0.72 if step == 0 else 0.62) + 0.15 * place.energy + 0.03 * chance.bell()
            velocity = min(1.0, velocity * accents[step % len(accents)])
            for at, long in strikes(chords, beat, held):
                chord = chord_at(chords, at)
                # A chord that begins inside a bar is told by its root.
                told = "r" if at > beat or (step and at == chord.start) else char
                step_now = _bass_step(frame, chord, chord_after(chords, at), told, centre)
                pitch, beats = sounding(chords, frame.key, step_now, at, long)
                notes.append(Note(at, beats, pitch, velocity))
    return notes


def _bass_step(frame: Frame, chord: Chord, after: Chord, char: str, centre: float) -> int:
    root = root_near(frame, chord, centre)
    if char == "a":
        target = root_near(frame, after, centre)
        return target - 1 if target > root else target + 1
    return root + {"r": 0, "t": 2, "f": 4, "i": 5, "s": 6, "o": 7}[char]


def root_near(frame: Frame, chord: Chord, centre: float) -> int:
    """The step of the chord's root nearest to a pitch."""
    middle = frame.key.step_near(centre)
    return min(
        (step for step in range(middle - 3, middle + 4) if step % 7 == chord.degree),
        key=lambda s: abs(s - middle),
    )
