"""The structure of a track: sections, bars and chords, with the seconds at which they begin."""

from __future__ import annotations

from pydantic import Field

from aimusicverse.types.base import Answer


class StructureSection(Answer):
    """A stretch of the form. What is not known is `None`: of an estimated one, the bars."""

    index: int = Field(description="Counted from 0.")
    name: str = Field(description="`verse`, `chorus`…; estimated: a letter, the same for what sounds alike.")
    start_seconds: float
    end_seconds: float
    first_bar: int | None = Field(default=None, description="Counted from 1.")
    bars: int | None = None
    energy: float | None = Field(default=None, description="0–1: how full and how loud it is arranged.")
    take: int | None = Field(default=None, description="Rises when the section is composed anew.")


class StructureChord(Answer):
    """A chord, and where it begins."""

    start_seconds: float
    duration_seconds: float
    bar: int = Field(description="Counted from 1.")
    beat: float = Field(description="Counted from 1 in each bar.")
    symbol: str = Field(description='As on a lead sheet: "Am7", "Ebmaj7", "F#m7b5".')
    numeral: str = Field(
        description='By its place in the key: "vi7"; capitals: a major third. In minor counted in natural '
        'minor, so that its third degree is "III".'
    )
    degree: int = Field(description="1–7: the step of the key's scale that it stands on.")


class Structure(Answer):
    """What a band needs to play along."""

    estimated: bool = Field(
        description="Whether it was heard in the audio: then there are no bars and no chords, tempo and key "
        "may be missing, and any of it may be wrong."
    )
    duration_seconds: float
    tempo_bpm: float | None = Field(
        default=None, description="Beats in a minute: as many quarter notes, in 6/8 dotted ones."
    )
    key: str | None = Field(default=None, description='Like "A minor".')
    time_signature: str | None = None
    beats_per_bar: int | None = Field(default=None, description="As the tempo counts them: 2 in 6/8.")
    bars: int | None = Field(default=None, description="Whole ones; the final chord rings after them.")
    sections: list[StructureSection]
    downbeats: list[float] = Field(
        default=[], description="Seconds at which bars begin; the last one is the final chord's."
    )
    chords: list[StructureChord] = []
