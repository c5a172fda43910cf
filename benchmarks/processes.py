"""Fresh processes to measure in: their environment, their time, their memory."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from threading import Event, Thread

import psutil

AMV = [str(Path(sys.executable).with_name("amv"))]
PYTHON = [sys.executable]


def environment(data_dir: Path | None = None) -> dict[str, str]:
    """The caller's, without what would change the figures: settings, coverage, missing bytecode."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AMV_", "COVERAGE_", "PYTHON"))
    }
    return kept | ({} if data_dir is None else {"AMV_DATA_DIR": str(data_dir)})


@dataclass(frozen=True, slots=True)
class Usage:
    """What one process cost: wall and CPU (user and system, its children's too) in milliseconds."""

    wall: float
    cpu: float


def run(command: Sequence[str], *, data_dir: Path | None = None, cwd: Path | None = None) -> Usage:
    """Run to the end.

    Raises:
        RuntimeError: it failed; with what it said.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = subprocess.run(
        command, env=environment(data_dir), cwd=cwd, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed ({done.returncode}):\n{done.stdout}{done.stderr}")
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return Usage(wall * 1000, cpu * 1000)


def interleaved(commands: dict[str, Sequence[str]], *, rounds: int) -> dict[str, list[Usage]]:
    """Run each in turn, `rounds` times, after one round that counts for nothing (it fills caches)."""
    for command in commands.values():
        run(command)
    taken: dict[str, list[Usage]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            taken[name].append(run(command))
    return taken


def median_wall(usages: list[Usage]) -> float:
    """Milliseconds."""
    return median(usage.wall for usage in usages)


def median_cpu(usages: list[Usage]) -> float:
    """Milliseconds."""
    return median(usage.cpu for usage in usages)


class PeakMemory:
    """The highest sum of the memory of a process and all its descendants, sampled while it runs.

    PSS (shared pages divided among those who share them) where the system tells it, else RSS.
    """

    SECONDS = 0.02

    def __init__(self, pid: int) -> None:
        self.megabytes = 0.0
        self._root = psutil.Process(pid)
        self._over = Event()
        self._thread = Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        """The peak, in MB (10⁶ bytes)."""
        self._over.set()
        self._thread.join()
        return self.megabytes

    def _watch(self) -> None:
        while not self._over.wait(self.SECONDS):
            try:
                tree = [self._root, *self._root.children(recursive=True)]
            except psutil.NoSuchProcess:
                return
            self.megabytes = max(self.megabytes, sum(map(_memory, tree)) / 1e6)


def _memory(process: psutil.Process) -> int:
    try:
        full = process.memory_full_info()
        return int(getattr(full, "pss", None) or full.rss)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0
