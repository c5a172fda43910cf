"""An engine that takes no time: a short real WAV file whose samples follow from the seed."""

from __future__ import annotations

import hashlib
import math
import struct
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from aimusicverse.audio import tags
from aimusicverse.audio.tags import Tags
from aimusicverse.engines import midi_file
from aimusicverse.engines.base import EngineError, Job, Order, Progress, Rendering, Stem, StemsRendering
from aimusicverse.types import Engine, GenerationCreate, Plan, PlanSection, Structure, StructureSection

SAMPLE_RATE = 8000
_TICKS = 480  # to a quarter note
_Made = TypeVar("_Made")
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
            outputs=["audio", "stems", "midi", "structure"],
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

    def start(self, order: Order, workspace: Path) -> Job[Rendering]:
        """Begin; the file is written by `collect`."""
        return _InstantJob(lambda: write_tone(order, workspace / "tone.wav"))

    def start_stems(self, order: Order, workspace: Path) -> Job[StemsRendering]:
        """Begin the only part that there is; the file is written by `collect`."""
        return _InstantJob(lambda: write_stem(order, workspace / "01-tone.wav"))

    def midi(self, plan: Plan, *, title: str, humanised: bool = False) -> bytes:
        """One note, the nearest to the tone, as long as the recording."""
        track, end = midi_file.TrackChunk(), round(plan.duration_seconds * plan.tempo_bpm / 60 * _TICKS)
        track.text(0, midi_file.TRACK_NAME, title)
        track.tempo(0, plan.tempo_bpm)
        track.note(0, 0, end, round(69 + 12 * math.log2(_frequency(plan) / 440)), 64)
        return midi_file.simultaneous([track], ticks_per_quarter=_TICKS, end=end)

    def structure(self, plan: Plan) -> Structure:
        """The plan's one section."""
        return Structure(
            estimated=False,
            duration_seconds=plan.duration_seconds,
            tempo_bpm=plan.tempo_bpm,
            key=plan.key,
            time_signature=plan.time_signature,
            sections=[
                StructureSection(
                    index=0,
                    name="verse",
                    start_seconds=0,
                    end_seconds=plan.duration_seconds,
                    first_bar=1,
                    bars=1,
                )
            ],
        )


class _InstantJob(Generic[_Made]):
    def __init__(self, make: Callable[[], _Made]) -> None:
        self._make = make
        self._cancelled = False

    def progress(self, timeout: float) -> Progress | None:
        return None

    def collect(self) -> _Made:
        if self._cancelled:
            raise EngineError("engine_failed", "cancelled")
        return self._make()

    def cancel(self) -> None:
        self._cancelled = True


def write_stem(order: Order, path: Path) -> StemsRendering:
    """The tone, which is all that plays."""
    tone = write_tone(order, path)
    stem = Stem(
        name=path.stem,
        instrument="tone",
        role="lead",
        path=path,
        sha256=tone.sha256,
        size_bytes=tone.size_bytes,
        peak_dbfs=tone.true_peak_dbtp,
    )
    return StemsRendering(
        stems=(stem,),
        gain_db=0.0,
        duration_seconds=tone.duration_seconds,
        sample_rate=tone.sample_rate,
        channels=tone.channels,
        bit_depth=tone.bit_depth,
    )


def write_tone(order: Order, path: Path) -> Rendering:
    """A sine of 200–1,000 Hz, one channel, 16 bit, at −20 dBFS (a sine's loudness there: −23 LUFS)."""
    plan = order.plan
    frequency = _frequency(plan)
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


def _frequency(plan: Plan) -> int:
    return 200 + plan.seed % 800


def _first_word(prompt: str) -> str:
    return prompt.split()[0].strip(",.").lower()[:40]
