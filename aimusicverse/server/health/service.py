"""Judges what was found: ok, a warning, or failing; and says what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aimusicverse.server.deliveries.queries import Waiting, waiting
from aimusicverse.server.health import queries
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.types.health import Condition, DiskSpace, HealthCheck, JobKind, ServerProcess

#: A database that takes longer for the smallest question is slow, milliseconds.
SLOW_DATABASE_MS: Final = 250
#: Jobs that have been due for longer are late, and then very late, seconds.
LATE_SECONDS: Final = 60
VERY_LATE_SECONDS: Final = 600
#: Free space below which there is soon none: a share of the disk, or bytes, whichever is less.
LOW_SHARE: Final = 0.10
LOW_BYTES: Final = 5_000_000_000
NO_SHARE: Final = 0.01
NO_BYTES: Final = 500_000_000
_WORSE: Final = ("ok", "warning", "failing")


@dataclass(frozen=True, slots=True)
class Rows:
    """What the database says."""

    processes: list[ServerProcess]
    jobs: list[JobKind]
    deliveries: Waiting = Waiting(0, 0)


def rows(tx: Transaction) -> Rows:
    """Read it."""
    return Rows(queries.processes(tx), queries.jobs(tx), waiting(tx))


def worst(checks: Sequence[HealthCheck]) -> str:
    """Of them all."""
    return max((check.status for check in checks), key=_WORSE.index)


def of_database(milliseconds: float) -> HealthCheck:
    """It has answered."""
    if milliseconds > SLOW_DATABASE_MS:
        return _check(
            "database", "warning", f"it took {milliseconds:.0f} ms to answer: is it busy, or far away?"
        )
    return _check("database", "ok", f"it answered in {milliseconds:.1f} ms")


def of_jobs(jobs: Sequence[JobKind]) -> HealthCheck:
    """Whether work is begun in time."""
    due = sum(kind.due for kind in jobs)
    oldest = max((kind.oldest_due_seconds or 0.0 for kind in jobs), default=0.0)
    if oldest <= LATE_SECONDS:
        return _check("jobs", "ok", f"{due} due, {sum(kind.running for kind in jobs)} running")
    detail = f"{due} due, the oldest for {oldest:.0f} s: add workers (`amv worker`), or slots"
    return _check("jobs", "failing" if oldest > VERY_LATE_SECONDS else "warning", detail)


def of_workers(processes: Sequence[ServerProcess], jobs: Sequence[JobKind]) -> HealthCheck:
    """Whether there is anybody who does the work."""
    slots = sum(process.slots for process in processes)
    if slots:
        count = sum(1 for process in processes if process.slots)
        return _check("workers", "ok", f"{slots} jobs side by side in {count} process(es)")
    waiting = any(kind.due for kind in jobs)
    return _check("workers", "failing" if waiting else "warning", "nobody does jobs: start `amv worker`")


def of_disk(disk: DiskSpace) -> HealthCheck:
    """Whether there is room."""
    free, share = disk.free_bytes, disk.free_bytes / max(1, disk.total_bytes)
    detail = f"{free / 1e9:.1f} GB free of {disk.total_bytes / 1e9:.1f} GB"
    if free < NO_BYTES and share < NO_SHARE:
        return _check("disk", "failing", f"{detail}: free some now")
    if free < LOW_BYTES and share < LOW_SHARE:
        return _check("disk", "warning", f"{detail}: free some, or move to a larger one")
    return _check("disk", "ok", detail)


def of_usage(*, on: bool, waiting: int, dropped: int) -> HealthCheck:
    """Whether requests are counted."""
    if not on:
        return _check("usage", "ok", "requests are not counted (AMV_USAGE=0)")
    if dropped:
        return _check(
            "usage", "warning", f"{dropped} requests were not counted: the database was away for long"
        )
    return _check("usage", "ok", f"{waiting} records wait to be written")


def failing(name: str, detail: str) -> HealthCheck:
    """It does not work."""
    return _check(name, "failing", detail)


def of_audio_store() -> HealthCheck:
    """It has answered."""
    return _check("audio_store", "ok", "it can be used")


def _check(name: str, status: Condition, detail: str) -> HealthCheck:
    return HealthCheck(name=name, status=status, detail=detail)
