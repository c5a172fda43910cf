"""Stems: the parts of a track one by one."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field

from aimusicverse.types.base import Answer, Timestamp
from aimusicverse.types.problem import Problem

StemStatus = Literal["queued", "processing", "ready", "failed"]
StemFormat = Literal["wav", "flac"]
STEM_FORMATS: tuple[StemFormat, ...] = ("wav", "flac")
#: Stems in one of these states change no more by themselves.
FINAL_STATUSES: Final = frozenset({"ready", "failed"})


class Stem(Answer):
    """What one part of a track plays, alone, as long as the track."""

    name: str = Field(description="A number and the instrument, like `01-drums`; fit for a file's name.")
    instrument: str
    role: str = Field(description="What it does in the piece: `drums`, `bass`, `chords`, `lead`…")
    peak_dbfs: float = Field(description="Its highest sample, dBFS.")
    sha256: str = Field(description="Of the WAV file, hex.")
    size_bytes: int = Field(description="Of the WAV file.")
    url: str = Field(description="Path of its audio; needs the key.")


class StemSet(Answer):
    """The stems of a track, and how far they are.

    Together they are the mix before mastering, louder by `gain_db`. Until they are ready, the list is empty,
    and what is known of its files is null.
    """

    track_id: str
    created_at: Timestamp
    updated_at: Timestamp
    status: StemStatus | str
    progress: float = Field(default=0.0, description="0–1.")
    stage: str | None = Field(
        default=None, description="What is being done now: `compose`, `arrange`, `render`, `write`."
    )
    gain_db: float | None = Field(
        default=None, description="Of each stem against its part in the mix; the same for all."
    )
    duration_seconds: float | None = None
    sample_rate: int | None = Field(default=None, description="Hz.")
    channels: int | None = None
    bit_depth: int | None = None
    formats: list[str] = Field(default=[*STEM_FORMATS], description="What `GET …/audio?format=` can give.")
    stems: list[Stem] = []
    problem: Problem | None = Field(default=None, description="Why it failed.")

    @property
    def is_final(self) -> bool:
        """Whether it changes no more, unless it is asked for again."""
        return self.status in FINAL_STATUSES
