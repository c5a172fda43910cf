"""Engines: who can turn a prompt into music on this server."""

from __future__ import annotations

from pydantic import Field

from aimusicverse.types.base import Answer


class SoundfontInUse(Answer):
    """A soundfont by which an engine plays. The licence of its samples is between its maker and its user."""

    name: str = Field(description="The file's name.")
    sha256: str


class Engine(Answer):
    """An engine and what it can do."""

    name: str
    version: str
    kind: str = Field(description="`embedded` (runs on the server itself) or `service`.")
    description: str
    available: bool = True
    default: bool = False
    genres: list[str] = Field(default=[], description="Genres it knows by name.")
    sings: bool = Field(default=False, description="Whether lyrics become vocals.")
    seedable: bool = Field(
        default=False, description="Whether seed, prompt and version give the same music again."
    )
    outputs: list[str] = Field(
        default=["audio"],
        description="What it can make of a track: `audio`, the recording, `stems`, its parts one by one, "
        "`midi`, its notes, `structure`, its sections and chords.",
    )
    min_duration_seconds: float
    max_duration_seconds: float
    licence: str = Field(description="What may be done with its music, in a sentence.")
    source_type: str | None = Field(
        default=None,
        description="How its music comes about, as IPTC's digital source types call it: `algorithmicMedia` "
        "(by rules), `trainedAlgorithmicMedia` (by a model that was trained).",
    )
    soundfont: SoundfontInUse | None = Field(
        default=None, description="What it plays by, where the server was given one."
    )


class EngineList(Answer):
    """All engines of a server; too few to page."""

    data: list[Engine]
