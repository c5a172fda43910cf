"""`amv generate` of a minute, from the start of the process to the finished file; nothing runs beforehand."""

from __future__ import annotations

import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median

import soundfile

from benchmarks.processes import AMV, PYTHON, PeakMemory, environment, run
from benchmarks.table import Row

ROUNDS = 3
SECONDS = 60
PROMPT = "lofi hip hop, rainy night, 80 bpm"


def measure() -> list[Row]:
    """Median of the times, highest of the memories."""
    times, peaks = [], []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        _generate(place, "warm-up", seconds=5)
        for turn in range(ROUNDS):
            seconds, megabytes = _generate(place, str(turn), seconds=SECONDS)
            times.append(seconds)
            peaks.append(megabytes)
    bare = run([*PYTHON, "-c", "import numpy, soundfile, uvicorn, fastapi, sqlalchemy"]).wall / 1000
    return [
        Row(
            f"amv generate, {SECONDS} s of lofi, cold, to the file, s",
            median(times),
            3,
            ("importing its libraries", bare),
            note=f"{SECONDS / median(times):.1f} × real time; slowest of {ROUNDS}: {max(times):.1f} s",
        ),
        Row("…peak memory of all its processes together, MB", max(peaks), 700),
    ]


def _generate(place: Path, name: str, *, seconds: int) -> tuple[float, float]:
    file = place / f"{name}.wav"
    began = time.perf_counter()
    with subprocess.Popen(
        [*AMV, "generate", PROMPT, "--duration", str(seconds), "--seed", "1", "-o", str(file)],
        env=environment(place / f"data-{name}"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        memory = PeakMemory(process.pid)
        said, _ = process.communicate()
        took = time.perf_counter() - began
        peak = memory.stop()
    if process.returncode:
        raise RuntimeError(f"amv generate failed ({process.returncode}):\n{said.decode()}")
    sound = soundfile.info(file)
    if sound.frames != seconds * sound.samplerate:
        raise RuntimeError(f"{file} lasts {sound.duration} s instead of {seconds}")
    return took, peak
