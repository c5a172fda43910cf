"""The SQL of health: processes and their signs of life, and what waits to be done."""

from __future__ import annotations

import os
import socket
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Final

import sqlalchemy as sa

from aimusicverse._version import __version__
from aimusicverse.server.ids import new_id
from aimusicverse.server.store.real_time import RealTime
from aimusicverse.server.store.tables import job, process
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.types.health import JobKind, ServerProcess

#: Whoever was not seen for longer is gone: three signs of life were missed.
GONE_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Presence:
    """A process, as others see it."""

    name: str
    #: 1: it answers requests.
    answers: int
    #: How many jobs it does side by side.
    slots: int
    id: str = field(default_factory=lambda: new_id("prc"))
    host: str = field(default_factory=lambda: socket.gethostname()[:255])
    pid: int = field(default_factory=os.getpid)
    version: str = __version__


def seen(tx: Transaction, presence: Presence) -> None:
    """It is alive; who has not been for a while is removed."""
    found = tx.execute(sa.update(process).where(process.c.id == presence.id).values(seen_at=RealTime()))
    if not found.rowcount:  # the first sign, or the rows were replaced by others
        values = asdict(presence)
        tx.execute(sa.insert(process).values(**values, started_at=RealTime(), seen_at=RealTime()))
    tx.execute(sa.delete(process).where(process.c.seen_at < RealTime() - GONE_SECONDS))


def gone(tx: Transaction, process_id: str) -> None:
    """It has ended in order."""
    tx.execute(sa.delete(process).where(process.c.id == process_id))


def processes(tx: Transaction) -> list[ServerProcess]:
    """Those that are alive."""
    ago = (RealTime() - process.c.seen_at).label("ago")
    rows = tx.all(
        sa.select(process, ago).where(process.c.seen_at >= RealTime() - GONE_SECONDS).order_by(process.c.id)
    )
    return [
        ServerProcess(
            name=row.name,
            host=row.host,
            pid=row.pid,
            version=row.version,
            answers=bool(row.answers),
            slots=row.slots,
            started_at=datetime.fromtimestamp(row.started_at, UTC),
            seen_seconds_ago=round(max(0.0, row.ago), 1),
        )
        for row in rows
    ]


def jobs(tx: Transaction) -> list[JobKind]:
    """What is not done, by kind."""
    due = job.c.due_at <= tx.now
    leased = job.c.lease_until > RealTime()

    def count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.sum(sa.case((condition, 1), else_=0))

    rows = tx.all(
        sa.select(
            job.c.kind,
            count(~leased & ~due).label("later"),
            count(~leased & due).label("due"),
            count(leased).label("running"),
            sa.func.min(sa.case((~leased & due, job.c.due_at))).label("oldest"),
        )
        .where(job.c.state == "waiting")
        .group_by(job.c.kind)
        .order_by(job.c.kind)
    )
    return [
        JobKind(
            kind=row.kind,
            later=int(row.later),
            due=int(row.due),
            running=int(row.running),
            oldest_due_seconds=None
            if row.oldest is None
            else round((tx.now - row.oldest).total_seconds(), 1),
        )
        for row in rows
    ]
