"""The door: what an engine is. Nothing of an engine leaks past it, a service's error least of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar, runtime_checkable

from aimusicverse.engines.soundfont import Soundfont
from aimusicverse.types import Engine as EngineCapabilities
from aimusicverse.types import GenerationCreate, Plan, Structure

Made_co = TypeVar("Made_co", covariant=True)


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
class Kept:
    """What stays of an earlier recording, to the byte: spans from and to a sample of its WAV file `path`."""

    path: Path
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Order:
    """What an engine is to make: the music of `plan`.

    `tags` are written into the file, by the names of the fields of `audio.tags.Tags`; `kept` stays as it is;
    `soundfont` plays what it can.
    """

    plan: Plan
    tags: Mapping[str, str] = field(default_factory=dict)
    kept: Kept | None = None
    soundfont: Soundfont | None = None


@dataclass(frozen=True, slots=True)
class Rendering:
    """A finished recording: a WAV file in the job's folder, measured.

    `warnings`: codes and sentences about what could not be as it should.
    """

    path: Path
    sha256: str
    size_bytes: int
    duration_seconds: float
    sample_rate: int
    channels: int
    bit_depth: int
    lufs: float
    true_peak_dbtp: float
    warnings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Derived:
    """A plan made from another one. Of that one's recording the spans `kept` (seconds, from and to) stay as
    they are; `what` says in words what was done."""

    plan: Plan
    kept: tuple[tuple[float, float], ...]
    what: str


@dataclass(frozen=True, slots=True)
class Stem:
    """What one part of a piece plays, alone: a WAV file in the job's folder.

    `name` is that of the file without its suffix, such as `01-drums`; `role` what the part does in the piece.
    `peak_dbfs`: its highest sample.
    """

    name: str
    instrument: str
    role: str
    path: Path
    sha256: str
    size_bytes: int
    peak_dbfs: float


@dataclass(frozen=True, slots=True)
class StemsRendering:
    """The parts of a piece, each as long as its recording.

    They add up to the mix before mastering, louder by `gain_db`, which is the same for all of them.
    """

    stems: tuple[Stem, ...]
    gain_db: float
    duration_seconds: float
    sample_rate: int
    channels: int
    bit_depth: int


class Job(Protocol[Made_co]):
    """Work on its way, such as a recording. All calls are blocking; `cancel` may come from another thread."""

    def progress(self, timeout: float) -> Progress | None:
        """The next report, or `None` when the job is over. Waits up to `timeout` seconds, then repeats the
        last one."""
        ...

    def collect(self) -> Made_co:
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

    def start(self, order: Order, workspace: Path) -> Job[Rendering]:
        """Begin the recording that `order` asks for; its files go into `workspace`, an empty folder that the
        caller removes."""
        ...

    def midi(self, plan: Plan, *, title: str, humanised: bool = False) -> bytes:
        """The notes of a plan's music as a Standard MIDI File. Fast, the same for the same arguments.

        Only of an engine with `midi` among its outputs.
        """
        ...

    def structure(self, plan: Plan) -> Structure:
        """Sections, bars and chords of a plan's music. Fast, the same for the same plan.

        Only of an engine with `structure` among its outputs.
        """
        ...

    def start_stems(self, order: Order, workspace: Path) -> Job[StemsRendering]:
        """Begin the parts of `order`'s plan, each as a file of its own in `workspace`, as with `start`.

        Raises:
            EngineError: `stems_unavailable`: it makes none; its capabilities do not list them either.
        """
        ...


@runtime_checkable
class Reworks(Protocol):
    """An engine that can also work on from its own recordings."""

    def retake(self, plan: Plan, section: int, take: int | None = None) -> Derived:
        """The same piece with a section (counted from 0, it is there) played anew, and no other."""
        ...

    def extend(self, plan: Plan, request: GenerationCreate, seed: int) -> Derived:
        """The same piece up to `request.extend_from_seconds`, then going on.

        Raises:
            PlanRefused: there is nothing to go on from, or no room.
        """
        ...


def as_json(made: Rendering | StemsRendering) -> dict[str, Any]:
    """What was made as plain JSON values, for a pipe."""
    said = asdict(made)
    for file in (said, *said.get("stems", ())):
        if "path" in file:
            file["path"] = str(file["path"])
    return said


def rendering_from_json(said: Mapping[str, Any]) -> Rendering:
    """The recording of which `as_json` told."""
    warnings = tuple((code, message) for code, message in said["warnings"])
    return Rendering(**{**said, "path": Path(said["path"]), "warnings": warnings})


def stems_from_json(said: Mapping[str, Any]) -> StemsRendering:
    """The stems of which `as_json` told."""
    stems = tuple(Stem(**{**stem, "path": Path(stem["path"])}) for stem in said["stems"])
    return StemsRendering(**{**said, "stems": stems})


def order_as_json(order: Order) -> dict[str, Any]:
    """An order as plain JSON values, for a pipe."""
    kept, soundfont = order.kept, order.soundfont
    return {
        "plan": order.plan.model_dump(mode="json"),
        "tags": dict(order.tags),
        "kept": kept and {"path": str(kept.path), "spans": [list(span) for span in kept.spans]},
        "soundfont": soundfont and {"path": str(soundfont.path), "sha256": soundfont.sha256},
    }


def order_from_json(said: Mapping[str, Any]) -> Order:
    """The order that `order_as_json` wrote."""
    kept, soundfont = said.get("kept"), said.get("soundfont")
    return Order(
        Plan.model_validate(said["plan"]),
        said.get("tags") or {},
        kept and Kept(Path(kept["path"]), tuple((first, last) for first, last in kept["spans"])),
        soundfont and Soundfont(Path(soundfont["path"]), soundfont["sha256"]),
    )
