"""Generations: from a prompt to tracks."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from aimusicverse.types.base import Object
from aimusicverse.types.plan import GenerationWarning, Plan
from aimusicverse.types.problem import Problem
from aimusicverse.types.track import Track

GenerationStatus = Literal["queued", "processing", "completed", "failed", "cancelled"]
#: A generation in one of these states changes no more.
FINAL_STATUSES = frozenset({"completed", "failed", "cancelled"})


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
    extend_track_id: str | None = Field(default=None, description="The track that goes on.")
    derived_from_track_id: str | None = Field(
        default=None,
        description="The track of which a part is kept: one that goes on, or has a section anew.",
    )
    plan: Plan | None = None
    warnings: list[GenerationWarning] = []
    problem: Problem | None = None
    tracks: list[Track] = []

    @property
    def is_final(self) -> bool:
        """Whether this state changes no more."""
        return self.status in FINAL_STATUSES
