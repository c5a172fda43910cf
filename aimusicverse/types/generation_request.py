"""What is asked for when music is made. Apart from the answers, so that a client need not load it."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo, ValidatorFunctionWrapHandler, field_validator
from pydantic_core import PydanticCustomError

from aimusicverse.types.request import Request
from aimusicverse.types.text import Line, Text

MAX_SEED = 2**53 - 1  # what every JSON reader keeps exactly (RFC 8259, section 6)

#: How often a track may go on, each time from what it had become.
MOST_EXTENSIONS = 16
MOST_SECTIONS = 64
MOST_TAKES = 9_999

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


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default")


class PlanSectionEdit(Request):
    """A section as asked for."""

    name: Annotated[str, Field(min_length=1, max_length=40), Line]
    bars: Annotated[int, Field(ge=1, le=256)]
    energy: Annotated[float, Field(ge=0, le=1)] = 0.5
    start_seconds: float | None = Field(default=None, description="Calculated; what is sent is ignored.")
    duration_seconds: float | None = Field(default=None, description="Calculated; what is sent is ignored.")
    take: Annotated[
        int, Field(ge=0, le=MOST_TAKES, description="Another number: this section composed anew.")
    ] = 0


class PlanBeforeEdit(Request):
    """The form of the piece that a plan goes on from."""

    sections: list[PlanSectionEdit] = Field(min_length=1, max_length=MOST_SECTIONS)
    bars: Annotated[int, Field(ge=1, le=2_400)]
    duration_seconds: Duration


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
    sections: list[PlanSectionEdit] = Field(min_length=1, max_length=MOST_SECTIONS)
    seed: Seed
    continues: list[PlanBeforeEdit] = Field(default=[], max_length=MOST_EXTENSIONS)
    understood: dict[str, str] = Field(default={}, description="Ignored when sent.")
    not_understood: list[str] = Field(default=[], description="Ignored when sent.")
    warnings: list[dict[str, Any]] = Field(default=[], description="Ignored when sent.")


class GenerationCreate(Request):
    """What to make. Only `prompt` is required, and not even that where a track goes on."""

    extend_track_id: Annotated[str, Field(pattern=r"^trk_[0-9A-Za-z]{1,36}$")] | None = Field(
        default=None,
        description="A track of yours that goes on, in its key, tempo and instruments, with its themes. What "
        "is kept of it stays the same to the sample.",
    )
    prompt: Annotated[str, Field(min_length=1, max_length=500), Text] = Field(
        default=None,
        validate_default=True,
        json_schema_extra=_without_default,
        description="What it should sound like. With `extend_track_id`: what is new in it.",
    )
    duration_seconds: Annotated[
        Duration,
        Field(
            description="Seconds, of the whole. If it is left out, `sections` decide; what goes on from a "
            "track gets 60 seconds more."
        ),
    ] = 60
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
    sections: list[PlanSectionEdit] = Field(
        default=[],
        max_length=MOST_SECTIONS,
        description="The form: names, bars, energies. Where a track goes on: what comes after the kept part.",
    )
    extend_from_seconds: Annotated[float, Field(ge=0, le=600)] | None = Field(
        default=None,
        description="From where the track goes on: the bar line before it. By default the end of its last "
        "bar, before the final chord.",
    )

    @field_validator("prompt", mode="wrap")
    @classmethod
    def _said(cls, prompt: Any, check: ValidatorFunctionWrapHandler, info: ValidationInfo) -> str:
        """Of how a track goes on nothing need be said: the prompt is empty then."""
        if prompt is not None:
            return str(check(prompt))
        if info.data.get("extend_track_id", "") is None:
            raise PydanticCustomError("missing", "Field required")
        return ""

    @field_validator("plan")
    @classmethod
    def _plays_nothing_else(cls, plan: PlanEdit | None, info: ValidationInfo) -> PlanEdit | None:
        if plan is not None and info.data.get("extend_track_id") is not None:
            raise PydanticCustomError("excluded", "a plan is followed as it is: no track goes on with it")
        return plan

    @field_validator("sections")
    @classmethod
    def _said_once(cls, sections: list[PlanSectionEdit], info: ValidationInfo) -> list[PlanSectionEdit]:
        if sections and info.data.get("plan") is not None:
            raise PydanticCustomError("excluded", "a plan has sections of its own")
        return sections

    @field_validator("extend_from_seconds")
    @classmethod
    def _of_a_track(cls, second: float | None, info: ValidationInfo) -> float | None:
        if second is not None and info.data.get("extend_track_id", "") is None:
            raise PydanticCustomError("excluded", "needs extend_track_id: the track that goes on")
        return second


class SectionRegenerate(Request):
    """How a section is played anew."""

    take: Annotated[int, Field(ge=0, le=MOST_TAKES)] | None = Field(
        default=None, description="Which take; the next one if it is left out. 0 is the first."
    )
