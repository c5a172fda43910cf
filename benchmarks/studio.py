"""The studio: how long a recording takes, warm and cold, what memory it needs, how honest its progress is.

Warm is a process that has rendered a piece already; wall time, so run this on a quiet machine. The floors are
transforms (numpy's FFT) over as many samples as the recording has: what any program would pay that looks at
each of them a few times.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import mean
from typing import Any

from benchmarks import generate_cold
from benchmarks.processes import PYTHON, environment
from benchmarks.table import Row

#: Seconds of music → the bar for the mean over all genres (s).
WARM = {60: 1.3, 30: 0.8}
#: Seconds of music → the bar for the highest memory of a render process (MB).
MEMORY = {60: 220, 600: 260}
#: Those whose memory is looked at: few notes, many, long ones, long tails.
GENRES = ("techno", "ambient", "cinematic", "pop")
PROGRESS_SECONDS = (30, 60, 180)
PROGRESS_BAR = 0.1
_RATE = 44_100

#: Renders what each line says, and answers with the seconds that took.
_WARM = """
import sys, tempfile, time
from pathlib import Path
from aimusicverse.engines.base import Order
from aimusicverse.engines.studio.plan import make_plan
from aimusicverse.engines.studio.render import render
from aimusicverse.types import GenerationCreate
for line in sys.stdin:
    seconds, genre = line.rstrip().split(" ", 1)
    plan = make_plan(GenerationCreate(prompt=genre, duration_seconds=float(seconds)), 1)
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        render(Order(plan), Path(folder), lambda *_: None)
        print(time.perf_counter() - began, flush=True)
"""
#: A render process started by a small one, so that its memory is read apart from others'.
_CHILD = """
import resource, subprocess, sys
subprocess.run([sys.executable, "-m", "aimusicverse.engines.host"], stdin=0, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e6)
"""


def measure() -> list[Row]:
    """Warm times, cold times, memory, progress."""
    return [*_warm(), *generate_cold.measure(), *_memory(), *_progress()]


def _warm() -> Iterator[Row]:
    from aimusicverse.engines.studio.genres import GENRES as ALL_GENRES

    with _renderer() as render:
        render("pop", 10)
        for seconds, bar in WARM.items():
            took = {genre: min(render(genre, seconds) for _ in range(2)) for genre in ALL_GENRES}
            worst = max(took, key=lambda genre: took[genre])
            floor = ("16 transforms of it", 16 * _transform(seconds))
            yield Row(
                f"{seconds} s of music, warm, mean of {len(took)} genres, s", mean(took.values()), bar, floor
            )
            yield Row("…the slowest genre, s", took[worst], None, note=worst)


@contextmanager
def _renderer() -> Iterator[Any]:
    with subprocess.Popen(
        [*PYTHON, "-c", _WARM],
        env=environment() | {"OPENBLAS_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:

        def render(genre: str, seconds: float) -> float:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(f"{seconds} {genre}\n")
            process.stdin.flush()
            return float(process.stdout.readline())

        try:
            yield render
        finally:
            process.kill()


def _transform(seconds: int) -> float:
    """Seconds for one transform there and back of a stereo recording, in blocks of 65,536 samples."""
    import numpy as np

    block = np.random.default_rng(1).standard_normal((2, 1 << 16), dtype=np.float32)
    count = -(-seconds * _RATE // block.shape[1])

    def once() -> float:
        began = time.perf_counter()
        for _ in range(count):
            np.fft.irfft(np.fft.rfft(block))
        return time.perf_counter() - began

    return min(once() for _ in range(3))


def _memory() -> Iterator[Row]:
    for seconds, bar in MEMORY.items():
        peaks = {genre: _peak(genre, seconds) for genre in GENRES}
        worst = max(peaks, key=lambda genre: peaks[genre])
        yield Row(
            f"peak memory of the render process, {seconds} s of music, MB", peaks[worst], bar, note=worst
        )


def _peak(genre: str, seconds: int) -> float:
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(
            [*PYTHON, "-c", _CHILD],
            env=environment() | {"OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(_order(genre, seconds, folder)) + "\n")
        process.stdin.flush()  # and left open: its end would end the render process
        return float(process.stdout.read().split()[-1])


def _order(genre: str, seconds: int, folder: str) -> dict[str, Any]:
    from aimusicverse.engines.base import Order, order_as_json

    return {"engine": "studio", "workspace": folder, **order_as_json(Order(_plan(genre, seconds)))}


def _plan(genre: str, seconds: int) -> Any:
    from aimusicverse.engines.studio.plan import make_plan
    from aimusicverse.types import GenerationCreate

    return make_plan(GenerationCreate(prompt=genre, duration_seconds=seconds), 1)


def _progress() -> Iterator[Row]:
    """How far what a job says of itself is from the share of its time that is over.

    As with times, the better of two runs counts where the first is beyond the bar: what a job says of itself
    cannot know when the machine is about to pause.
    """
    from aimusicverse.engines.studio.genres import GENRES as ALL_GENRES

    for seconds in PROGRESS_SECONDS:
        off = {genre: _dishonesty(genre, seconds) for genre in ALL_GENRES}
        again = [genre for genre in off if off[genre] > PROGRESS_BAR]
        for genre in again:
            off[genre] = min(off[genre], _dishonesty(genre, seconds))
        worst = max(off, key=lambda genre: off[genre])
        yield Row(
            f"progress, {seconds} s of music, farthest from the time of {len(off)} genres, %",
            100 * off[worst],
            100 * PROGRESS_BAR,
            note=f"{worst}; mean {100 * mean(off.values()):.1f}; twice: {', '.join(again) or 'none'}",
        )


def _dishonesty(genre: str, seconds: int) -> float:
    from aimusicverse.engines.base import Order
    from aimusicverse.engines.studio.engine import StudioEngine

    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        job = StudioEngine().start(Order(_plan(genre, seconds)), Path(folder))
        told = []
        while report := job.progress(30):
            told.append((time.perf_counter() - began, report.fraction))
        took = time.perf_counter() - began
        job.collect()
    return max(abs(fraction - at / took) for at, fraction in told)
