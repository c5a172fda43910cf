"""The door: what an engine is. Nothing of an engine leaks past it, a service's error least of all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from aimusicverse.types import Engine as EngineCapabilities
from aimusicverse.types import GenerationCreate, Plan


class EngineError(Exception):
    """Work that failed, with a stable code and a sentence for a person.

    `code` becomes the `code` of the generation's problem; `message` must hold no secret.
    """

    def __init__(self, code: str, message: str, *, field: str | None = None) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.field = field


class PlanRefused(EngineError):
    """A plan or request that the engine cannot follow (a 422: the caller can mend it)."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is: `fraction` 0–1 over the whole job, `stage` one of the engine's stage names."""

    stage: str
    fraction: float


@dataclass(frozen=True, slots=True)
class Rendering:
    """A finished recording: a WAV file in the job's folder, measured."""

    path: Path
    sha256: str
    size_bytes: int
    duration_seconds: float
    sample_rate: int
    channels: int
    bit_depth: int
    lufs: float
    true_peak_dbtp: float


class Job(Protocol):
    """One recording in the making. All calls are blocking; `cancel` may come from another thread."""

    def progress(self, timeout: float) -> Progress | None:
        """The next report, or `None` when the job is over. Waits up to `timeout` seconds, then repeats the
        last one."""
        ...

    def collect(self) -> Rendering:
        """The result.

        Raises:
            EngineError: the work failed or was cancelled.
        """
        ...

    def cancel(self) -> None:
        """Stop at once and give everything back. Safe to call twice, or after the end."""
        ...


class Engine(Protocol):
    """Something that makes music."""

    def capabilities(self) -> EngineCapabilities:
        """What it can do."""
        ...

    def plan(self, request: GenerationCreate, seed: int) -> Plan:
        """What it understands of a request. Fast, free, the same for the same arguments.

        Raises:
            PlanRefused: an edited plan that cannot be followed.
        """
        ...

    def start(self, plan: Plan, workspace: Path) -> Job:
        """Begin one recording; its files go into `workspace`, an empty folder that the caller removes."""
        ...


def as_json(rendering: Rendering) -> dict[str, Any]:
    """A rendering as plain JSON values, for a pipe."""
    return {
        "path": str(rendering.path),
        "sha256": rendering.sha256,
        "size_bytes": rendering.size_bytes,
        "duration_seconds": rendering.duration_seconds,
        "sample_rate": rendering.sample_rate,
        "channels": rendering.channels,
        "bit_depth": rendering.bit_depth,
        "lufs": rendering.lufs,
        "true_peak_dbtp": rendering.true_peak_dbtp,
    }
