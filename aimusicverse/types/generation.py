"""Generations: from a prompt to tracks."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from aimusicverse.types.base import Answer, Object
from aimusicverse.types.problem import Problem
from aimusicverse.types.track import Track

GenerationStatus = Literal["queued", "processing", "completed", "failed", "cancelled"]
#: A generation in one of these states changes no more.
FINAL_STATUSES = frozenset({"completed", "failed", "cancelled"})


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


class Generation(Object):
    """A piece of work: a request, how far it is, and the tracks that came of it."""

    status: GenerationStatus | str
    progress: float = Field(default=0.0, description="0–1.")
    stage: str | None = Field(
        default=None, description="What is being done now: `compose`, `render`, `master`…"
    )
    prompt: str
    title: str | None = None
    style: str | None = None
    lyrics: str | None = None
    tags: list[str] = []
    negative_tags: list[str] = []
    instrumental: bool = True
    duration_seconds: float
    tempo_bpm: float | None = None
    key: str | None = None
    seed: int = Field(description="As asked, or chosen: send it again to get the same music.")
    variants: int = 1
    engine: str
    plan: Plan | None = None
    warnings: list[GenerationWarning] = []
    problem: Problem | None = None
    tracks: list[Track] = []

    @property
    def is_final(self) -> bool:
        """Whether this state changes no more."""
        return self.status in FINAL_STATUSES
