"""Plans: what an engine understood, and will do."""

from __future__ import annotations

from pydantic import Field

from aimusicverse.types.base import Answer


class PlanSection(Answer):
    """A stretch of the form."""

    name: str
    bars: int
    energy: float = Field(description="0–1: how full and how loud it is arranged.")
    start_seconds: float
    duration_seconds: float
    take: int = Field(default=0, description="Rises when the section is composed anew.")


class GenerationWarning(Answer):
    """Something that was accepted but will not sound as asked."""

    code: str
    message: str


class PlanBefore(Answer):
    """The form of the piece that another one goes on from. What lies in its first `bars` bars is played as it
    was: turns and cadences lead to where they led."""

    sections: list[PlanSection]
    bars: int = Field(description="How many bars of it are kept.")
    duration_seconds: float = Field(description="How long that piece is.")


class Plan(Answer):
    """What an engine understood, and will do. Editable: send it back as `plan`."""

    engine: str
    genre: str
    mood: str | None = None
    tempo_bpm: float
    key: str
    time_signature: str = "4/4"
    duration_seconds: float
    instruments: list[str]
    sounds: list[str] = Field(default=[], description="How the mix is produced: `warm`, `dry`, `wide`…")
    sections: list[PlanSection]
    seed: int
    continues: list[PlanBefore] = Field(
        default=[], description="What the piece goes on from, the oldest first; of each, what is new in it."
    )
    understood: dict[str, str] = Field(
        default={},
        description='Where each decision came from: {"tempo_bpm": "prompt: 80 bpm", "key": "chosen"}.',
    )
    not_understood: list[str] = Field(
        default=[], description="Words of the request in which the engine found no wish that it knows."
    )
    warnings: list[GenerationWarning] = Field(
        default=[], description="What was asked for and is done otherwise, such as the second of two tempos."
    )
