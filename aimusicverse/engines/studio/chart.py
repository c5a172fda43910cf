"""The chord chart of a piece: what a band needs to play along, with the seconds of the recording."""

from __future__ import annotations

from aimusicverse.engines.studio.harmony import harmonise
from aimusicverse.engines.studio.metre import METRES
from aimusicverse.engines.studio.score import Frame, stretches
from aimusicverse.engines.studio.spelling import numeral, symbol
from aimusicverse.engines.studio.theory import Chord
from aimusicverse.types import Plan, Structure, StructureChord, StructureSection


def write_chart(plan: Plan) -> Structure:
    """Sections, bars and chords of a piece. Pure arithmetic: no sound is made, and no note written."""
    frame = Frame.of(plan)
    chords = harmonise(frame)
    beat = 60 / frame.beats_per_minute
    per_bar = frame.beats_per_bar
    bars = round(frame.end / per_bar)
    return Structure(
        estimated=False,
        duration_seconds=plan.duration_seconds,
        tempo_bpm=plan.tempo_bpm,
        key=plan.key,
        time_signature=plan.time_signature,
        beats_per_bar=METRES[plan.time_signature].beats,
        bars=bars,
        # The last one is that of the final chord, which rings.
        downbeats=[_seconds(bar * per_bar * beat) for bar in range(bars + 1)],
        sections=[
            StructureSection(
                index=place.index,
                name=place.name,
                start_seconds=_seconds(place.bar * per_bar * beat),
                end_seconds=_seconds(
                    plan.duration_seconds if place.is_last else (place.bar + place.bars) * per_bar * beat
                ),
                first_bar=place.bar + 1,
                bars=place.bars,
                energy=place.energy,
                take=place.take,
            )
            for place in stretches(frame)
        ],
        chords=[_chord(frame, chord, chord_size(frame, chord), beat) for chord in chords],
    )


def chord_size(frame: Frame, chord: Chord) -> int:
    """How many tones of a chord are played: the genre's, and three at the very end."""
    return 3 if chord.start >= frame.end - 1e-6 else frame.genre.chord_size


def _chord(frame: Frame, chord: Chord, size: int, beat: float) -> StructureChord:
    bar, into = divmod(chord.start + 1e-9, frame.beats_per_bar)
    return StructureChord(
        start_seconds=_seconds(chord.start * beat),
        duration_seconds=_seconds(chord.beats * beat),
        bar=int(bar) + 1,
        beat=round(into * 4 / frame.pulse, 3) + 1,
        symbol=symbol(chord, size, frame.key, frame.plan.key),
        numeral=numeral(chord, size, frame.key),
        degree=chord.degree + 1,
    )


def _seconds(value: float) -> float:
    return round(value, 6)
