"""The chord chart of a piece: what a band needs to play along, with the seconds of the recording."""

from __future__ import annotations

from collections.abc import Sequence

from aimusicverse.engines.studio.arrange import write_score
from aimusicverse.engines.studio.metre import METRES
from aimusicverse.engines.studio.perform import lingering
from aimusicverse.engines.studio.score import Frame, stretches
from aimusicverse.engines.studio.spelling import numeral, symbol
from aimusicverse.engines.studio.theory import Chord
from aimusicverse.types import Plan, Structure, StructureChord, StructureSection


def write_chart(plan: Plan) -> Structure:
    """Sections, bars and chords of a piece. No sound is made for it, but it is composed: what harmony may do
    depends on the notes."""
    score = write_score(plan)
    frame = score.frame
    per_bar, bars = frame.beats_per_bar, round(frame.end / frame.beats_per_bar)
    return Structure(
        estimated=False,
        duration_seconds=plan.duration_seconds,
        tempo_bpm=plan.tempo_bpm,
        key=plan.key,
        time_signature=plan.time_signature,
        beats_per_bar=METRES[plan.time_signature].beats,
        bars=bars,
        # The last one is that of the final chord, which rings.
        downbeats=[_when(float(bar * per_bar), frame) for bar in range(bars + 1)],
        sections=[
            StructureSection(
                index=place.index,
                name=place.name,
                start_seconds=_when(float(place.bar * per_bar), frame),
                end_seconds=(
                    plan.duration_seconds
                    if place.is_last
                    else _when(float((place.bar + place.bars) * per_bar), frame)
                ),
                first_bar=place.bar + 1,
                bars=place.bars,
                energy=place.energy,
                take=place.take,
            )
            for place in stretches(frame)
        ],
        chords=_chords(frame, score.chords),
    )


def _chords(frame: Frame, chords: Sequence[Chord]) -> list[StructureChord]:
    starts = [_when(chord.start, frame) for chord in chords]
    ends = [*starts[1:], frame.plan.duration_seconds]
    told = []
    for chord, start, end in zip(chords, starts, ends, strict=True):
        bar, into = divmod(chord.start + 1e-9, frame.beats_per_bar)
        told.append(
            StructureChord(
                start_seconds=start,
                duration_seconds=round(end - start, 6),
                bar=int(bar) + 1,
                beat=round(into * 4 / frame.pulse, 3) + 1,
                symbol=symbol(chord, frame.plan.key),
                numeral=numeral(chord, frame.plan.key),
                degree=chord.degree + 1,
            )
        )
    return told


def _when(beat: float, frame: Frame) -> float:
    """Seconds at which a beat falls in the recording, also where that slows down at its end."""
    return round((beat + lingering(beat, frame)) * 60 / frame.beats_per_minute, 6)
