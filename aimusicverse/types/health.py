"""How a server is: what admins look at."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from aimusicverse.types.base import Answer, Timestamp

Condition = Literal["ok", "warning", "failing"]


class HealthCheck(Answer):
    """One thing that was looked at."""

    name: str = Field(description="`database`, `audio_store`, `disk`, `jobs`, `workers`, `usage`.")
    status: Condition | str
    detail: str = Field(description="What was found, and what to do about it.")


class JobKind(Answer):
    """Work of one kind that is not done yet."""

    kind: str
    later: int = Field(description="Not due yet.")
    due: int = Field(description="Due, and nobody is at it.")
    running: int
    oldest_due_seconds: float | None = Field(default=None, description="How long the oldest has been due.")


class ServerProcess(Answer):
    """A process of this server that gave a sign of life a moment ago."""

    name: str
    host: str
    pid: int
    version: str
    answers: bool = Field(description="Whether it answers requests.")
    slots: int = Field(description="How many jobs it does side by side; 0 for none.")
    started_at: Timestamp
    seen_seconds_ago: float


class DiskSpace(Answer):
    """Of the disk that has the data folder."""

    total_bytes: int
    free_bytes: int


class StoreQueue(Answer):
    """What waits for the database, in the process that answered."""

    writes: int
    reads: int


class ServerHealth(Answer):
    """The whole server as one of its processes sees it."""

    status: Condition | str = Field(description="The worst of its checks.")
    version: str
    answered_by: str = Field(description="The name of the process.")
    server_time: Timestamp
    checks: list[HealthCheck]
    processes: list[ServerProcess]
    jobs: list[JobKind]
    disk: DiskSpace
    store_queue: StoreQueue
