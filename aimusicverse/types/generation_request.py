"""What is asked for when music is made. Apart from the answers, so that a client need not load it."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from aimusicverse.types.request import Request
from aimusicverse.types.text import Line, Text

MAX_SEED = 2**53 - 1  # what every JSON reader keeps exactly (RFC 8259, section 6)

_KEY = re.compile(r"([A-Ga-g])\s*(#|b|♯|♭)?\s*(major|minor|maj|min|m)?", re.IGNORECASE)


def _musical_key(value: str) -> str:
    """`Am`, `a minor`, `F#` → `A minor`, `A minor`, `F# major`."""
    match = _KEY.fullmatch(value.strip())
    if match is None:
        raise ValueError('a key is a note and a mode, like "A minor" or "F# major"')
    note, accidental, mode = match.groups()
    accidental = {"♯": "#", "♭": "b", "B": "b", None: ""}.get(accidental, accidental)
    minor = mode is not None and mode != "M" and mode.lower() in ("minor", "min", "m")
    return f"{note.upper()}{accidental} {'minor' if minor else 'major'}"


MusicalKey = Annotated[str, AfterValidator(_musical_key)]
Tag = Annotated[str, Field(min_length=1, max_length=50), Line]
Tempo = Annotated[float, Field(ge=40, le=240, description="Beats per minute.")]
Duration = Annotated[float, Field(ge=5, le=600, description="Seconds.")]
Seed = Annotated[int, Field(ge=0, le=MAX_SEED)]


class PlanSectionEdit(Request):
    """A section as asked for."""

    name: Annotated[str, Field(min_length=1, max_length=40), Line]
    bars: Annotated[int, Field(ge=1, le=256)]
    energy: Annotated[float, Field(ge=0, le=1)] = 0.5
    start_seconds: float | None = Field(default=None, description="Calculated; what is sent is ignored.")
    duration_seconds: float | None = Field(default=None, description="Calculated; what is sent is ignored.")
    take: Annotated[int, Field(ge=0, le=9_999, description="Another number: this section composed anew.")] = 0


class PlanEdit(Request):
    """A plan sent back, edited or not: the engine follows it instead of the prompt."""

    engine: str | None = None
    genre: Annotated[str, Field(min_length=1, max_length=40), Line]
    mood: Annotated[str, Field(max_length=40), Line] | None = None
    tempo_bpm: Tempo
    key: MusicalKey
    time_signature: Annotated[str, Field(pattern=r"^\d{1,2}/\d{1,2}$")] = "4/4"
    duration_seconds: Duration
    instruments: list[Tag] = Field(min_length=1, max_length=16)
    sounds: list[Tag] = Field(default=[], max_length=16)
    sections: list[PlanSectionEdit] = Field(min_length=1, max_length=64)
    seed: Seed
    understood: dict[str, str] = Field(default={}, description="Ignored when sent.")
    not_understood: list[str] = Field(default=[], description="Ignored when sent.")
    warnings: list[dict[str, Any]] = Field(default=[], description="Ignored when sent.")


class GenerationCreate(Request):
    """What to make. Only `prompt` is required."""

    prompt: Annotated[str, Field(min_length=1, max_length=500), Text]
    duration_seconds: Duration = 60
    title: Annotated[str, Field(min_length=1, max_length=100), Line] | None = None
    style: Annotated[str, Field(max_length=1_000), Text] | None = None
    lyrics: Annotated[str, Field(max_length=5_000), Text] | None = None
    tags: list[Tag] = Field(default=[], max_length=20)
    negative_tags: list[Tag] = Field(default=[], max_length=20)
    instrumental: bool = True
    tempo_bpm: Tempo | None = None
    key: MusicalKey | None = None
    seed: Seed | None = None
    variants: Annotated[int, Field(ge=1, le=4)] = 1
    engine: Annotated[str, Field(min_length=1, max_length=40), Line] | None = None
    plan: PlanEdit | None = None
