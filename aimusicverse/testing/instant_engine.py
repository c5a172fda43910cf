"""An engine that takes no time: a short real WAV file whose samples follow from the seed."""

from __future__ import annotations

import hashlib
import math
import struct
import wave
from pathlib import Path

from aimusicverse.audio import tags
from aimusicverse.audio.tags import Tags
from aimusicverse.engines.base import EngineError, Job, Order, Progress, Rendering
from aimusicverse.types import Engine, GenerationCreate, Plan, PlanSection

SAMPLE_RATE = 8000
_PERIODS = 200  # of the tone, in one piece that is repeated


class InstantEngine:
    """Makes a tone, at once and without another process. It is no music, and says so."""

    name = "instant"

    def capabilities(self) -> Engine:
        """What it can do."""
        return Engine(
            name=self.name,
            version="1",
            kind="embedded",
            description="A tone for tests, at once. Not music.",
            seedable=True,
            min_duration_seconds=5,
            max_duration_seconds=600,
            licence="Yours.",
            source_type="algorithmicMedia",
        )

    def plan(self, request: GenerationCreate, seed: int) -> Plan:
        """What was asked for, and plain defaults for the rest."""
        edited = request.plan
        duration = edited.duration_seconds if edited else request.duration_seconds
        return Plan(
            engine=self.name,
            genre=edited.genre if edited else _first_word(request.prompt),
            tempo_bpm=request.tempo_bpm or (edited.tempo_bpm if edited else 120),
            key=request.key or (edited.key if edited else "A minor"),
            duration_seconds=duration,
            instruments=["tone"],
            sections=[
                PlanSection(name="verse", bars=1, energy=0.5, start_seconds=0, duration_seconds=duration)
            ],
            seed=seed,
        )

    def start(self, order: Order, workspace: Path) -> Job:
        """Begin; the file is written by `collect`."""
        return _InstantJob(order, workspace)


class _InstantJob:
    def __init__(self, order: Order, workspace: Path) -> None:
        self._order = order
        self._workspace = workspace
        self._cancelled = False

    def progress(self, timeout: float) -> Progress | None:
        return None

    def collect(self) -> Rendering:
        if self._cancelled:
            raise EngineError("engine_failed", "cancelled")
        return write_tone(self._order, self._workspace / "tone.wav")

    def cancel(self) -> None:
        self._cancelled = True


def write_tone(order: Order, path: Path) -> Rendering:
    """A sine of 200–1,000 Hz, one channel, 16 bit, at −20 dBFS (a sine's loudness there: −23 LUFS)."""
    plan = order.plan
    frequency = 200 + plan.seed % 800
    frames = round(plan.duration_seconds * SAMPLE_RATE)
    piece_frames = SAMPLE_RATE * _PERIODS // frequency
    piece = b"".join(
        struct.pack("<h", round(3276 * math.sin(2 * math.pi * frequency * n / SAMPLE_RATE)))
        for n in range(min(frames, piece_frames))
    )
    repeats = -(-frames * 2 // len(piece))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes((piece * repeats)[: frames * 2])
    if order.tags:
        tags.write(path, path, Tags.of(order.tags))
    with path.open("rb") as written:
        sha256 = hashlib.file_digest(written, "sha256").hexdigest()
    return Rendering(
        path=path,
        sha256=sha256,
        size_bytes=path.stat().st_size,
        duration_seconds=frames / SAMPLE_RATE,
        sample_rate=SAMPLE_RATE,
        channels=1,
        bit_depth=16,
        lufs=-23.0,
        true_peak_dbtp=-20.0,
    )


def _first_word(prompt: str) -> str:
    return prompt.split()[0].strip(",.").lower()[:40]
