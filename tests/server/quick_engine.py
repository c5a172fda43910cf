"""Engines for tests of the server: they make real WAV files at once, or misbehave when told to."""

from __future__ import annotations

import hashlib
import struct
import threading
import time
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from aimusicverse.audio import tags
from aimusicverse.audio.tags import Tags
from aimusicverse.engines.base import (
    EngineError,
    Order,
    PlanRefused,
    Progress,
    Rendering,
    Stem,
    StemsRendering,
)
from aimusicverse.types import Engine, GenerationCreate, Plan, PlanSection, Structure

SAMPLE_RATE = 8000
Made = TypeVar("Made")


class QuickEngine:
    """Makes a tone whose samples follow from the plan's seed. Waits while `held`."""

    def __init__(self, name: str = "quick") -> None:
        self.name = name
        self.version = "1"
        self.outputs = ["audio", "stems"]
        self.held = threading.Event()
        self.started = threading.Semaphore(0)
        self.failures: list[EngineError] = []
        self.running = 0
        self.most_running = 0
        self._lock = threading.Lock()

    def capabilities(self) -> Engine:
        return Engine(
            name=self.name,
            version=self.version,
            kind="embedded",
            description="for tests",
            seedable=True,
            min_duration_seconds=5,
            max_duration_seconds=600,
            outputs=self.outputs,
            licence="yours",
        )

    def plan(self, request: GenerationCreate, seed: int) -> Plan:
        if "refuse" in request.prompt:
            raise PlanRefused("unplayable", "cannot be played", field="plan.key")
        return Plan(
            engine=self.name,
            genre="lofi" if "lofi" in request.prompt else "house",
            tempo_bpm=request.tempo_bpm or 80,
            key=request.key or "A minor",
            duration_seconds=request.duration_seconds,
            instruments=["piano"],
            sections=[PlanSection(name="verse", bars=1, energy=0.5, start_seconds=0, duration_seconds=3)],
            seed=seed,
        )

    def start(self, order: Order, workspace: Path) -> QuickJob[Rendering]:
        return self._begin(lambda: recording(order, workspace / "master.wav"))

    def start_stems(self, order: Order, workspace: Path) -> QuickJob[StemsRendering]:
        return self._begin(lambda: _stems(order, workspace))

    def _begin(self, make: Callable[[], Made]) -> QuickJob[Made]:
        with self._lock:
            self.running += 1
            self.most_running = max(self.most_running, self.running)
        self.started.release()
        return QuickJob(self, make, self._ended)

    def midi(self, plan: Plan, *, title: str, humanised: bool = False) -> bytes:
        raise EngineError("midi_unavailable", "the quick engine writes no notes")

    def structure(self, plan: Plan) -> Structure:
        raise EngineError("structure_unavailable", "the quick engine has no structure")

    def _ended(self) -> None:
        with self._lock:
            self.running -= 1


class QuickJob(Generic[Made]):
    def __init__(self, engine: QuickEngine, make: Callable[[], Made], ended: Callable[[], None]) -> None:
        self._engine = engine
        self._make = make
        self._ended: Callable[[], None] | None = ended
        self.cancelled = threading.Event()

    def progress(self, timeout: float) -> Progress | None:
        if self._engine.held.is_set() and not self.cancelled.is_set():
            time.sleep(min(timeout, 0.01))
            return Progress("render", 0.5)
        return None

    def collect(self) -> Made:
        if self._engine.failures:
            raise self._engine.failures.pop(0)
        return self._make()

    def cancel(self) -> None:
        self.cancelled.set()
        if self._ended is not None:
            self._ended()
            self._ended = None


def recording(order: Order, path: Path, *, add: int = 0) -> Rendering:
    """A WAV file whose samples are the plan's seed, and what is known of it."""
    plan = order.plan
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        frame = struct.pack("<hh", (plan.seed + add) % 30000, 1)
        file.writeframes(frame * round(plan.duration_seconds * SAMPLE_RATE))
    tags.write(path, path, Tags.of(order.tags))
    return Rendering(
        path=path,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        size_bytes=path.stat().st_size,
        duration_seconds=plan.duration_seconds,
        sample_rate=SAMPLE_RATE,
        channels=2,
        bit_depth=16,
        lufs=-14.0,
        true_peak_dbtp=-1.0,
    )


def _stems(order: Order, workspace: Path) -> StemsRendering:
    """A bass and a piano, a step away from the recording, so that no two files are the same."""
    stems = []
    for number, (instrument, role) in enumerate((("bass", "bass"), ("piano", "chords")), 1):
        made = recording(order, workspace / f"{number:02d}-{instrument}.wav", add=number)
        stems.append(
            Stem(made.path.stem, instrument, role, made.path, made.sha256, made.size_bytes, -6.0 - number)
        )
    return StemsRendering(tuple(stems), -2.5, order.plan.duration_seconds, SAMPLE_RATE, 2, 16)
