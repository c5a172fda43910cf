"""The outbox's statements: add, claim, renew, finish. The same text on every database.

A claim is a lease, in real time by the database's clock, and a number. A worker that dies leaves a lease
that runs out; a worker that comes back too late finds that its number is no longer the row's, and changes
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from aimusicverse.server.ids import new_id
from aimusicverse.server.store.prepared import Prepared, Written
from aimusicverse.server.store.real_time import RealTime
from aimusicverse.server.store.tables import job
from aimusicverse.server.store.transaction import Transaction

TOPIC = "jobs"
LEASE_SECONDS = 30.0


# What is run most is built once: building a statement costs more than running it.
_INSERT = Prepared(sa.insert(job))
_CHANGE = sa.update(job).where(
    job.c.id == sa.bindparam("of"), job.c.claim_no == sa.bindparam("claim"), job.c.state == "waiting"
)
_SET = Prepared(_CHANGE)
_LEASED = RealTime() + sa.bindparam("for", type_=sa.Float)
_RENEW = Prepared(_CHANGE.values(lease_until=_LEASED))
_OF_REF = Prepared(
    sa.select(job.c.id).where(job.c.ref == sa.bindparam("of"), job.c.state == "waiting").limit(1)
)
_DUE = Prepared(sa.select(job.c.due_at).where(job.c.id == sa.bindparam("of")))
_BRING_FORWARD = Prepared(sa.update(job).where(job.c.ref == sa.bindparam("of"), job.c.state == "waiting"))


@cache
def _claim(kinds: frozenset[str] | None) -> Prepared:
    """Claims of some kinds: a lane of its own each, so that one kind does not hold up another."""
    due = (
        sa.select(job.c.id)
        .where(
            job.c.state == "waiting",
            job.c.due_at <= sa.bindparam("due"),
            job.c.lease_until <= RealTime(),
            *_of(kinds),
        )
        .order_by(job.c.due_at, job.c.id)
        .limit(sa.bindparam("limit"))
        .with_for_update(skip_locked=True)
        .cte("due")
        .prefix_with("MATERIALIZED")
    )
    return Prepared(
        sa.update(job)
        .where(job.c.id.in_(sa.select(due.c.id)))
        .values(lease_until=_LEASED, lease_owner=sa.bindparam("who"), claim_no=job.c.claim_no + 1)
        .returning(
            job.c.id,
            job.c.kind,
            job.c.owner_id,
            job.c.ref,
            job.c.payload,
            job.c.claim_no,
            job.c.tries,
            job.c.due_at,
        )
    )


def _of(kinds: frozenset[str] | None) -> list[sa.ColumnElement[bool]]:
    return [] if kinds is None else [sa.or_(*(job.c.kind == kind for kind in sorted(kinds)))]


class ClaimLost(Exception):
    """This claim is no longer the row's: somebody cancelled the job, or took it over."""


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed row."""

    id: str
    kind: str
    owner_id: str
    ref: str
    payload: dict[str, Any]
    claim_no: int
    tries: int
    due_at: datetime


def add(
    tx: Transaction,
    owner_id: str,
    kind: str,
    *,
    ref: str,
    payload: dict[str, Any],
    due_at: datetime | None = None,
) -> None:
    """Work to be done once this transaction is committed, or at `due_at` (server time)."""
    tx.execute(
        _INSERT,
        {
            "id": new_id("job"),
            "kind": kind,
            "owner_id": owner_id,
            "ref": ref,
            "payload": payload,
            "state": "waiting",
            "due_at": due_at or tx.now,
            "lease_until": 0.0,
            "claim_no": 0,
            "tries": 0,
            "created_at": tx.now,
        },
    )
    tx.wake(TOPIC)


def is_yet_to_begin(tx: Transaction, kind: str) -> bool:
    """Whether a job of this kind waits that nobody does: it will see what this transaction writes."""
    free = (job.c.kind == kind, job.c.state == "waiting", job.c.lease_until <= RealTime())
    return tx.one_or_none(sa.select(job.c.id).where(*free).limit(1)) is not None


def claim(tx: Transaction, *, who: str, limit: int, kinds: frozenset[str] | None = None) -> list[Job]:
    """Up to `limit` jobs that are due and free, oldest first, leased to `who`; of these kinds, or of any."""
    rows = tx.all(_claim(kinds), {"due": tx.now, "limit": limit, "for": LEASE_SECONDS, "who": who})
    return sorted((Job(*row) for row in rows), key=lambda claimed: claimed.id)


def renew(tx: Transaction, claimed: Job) -> None:
    """Hold the lease for longer.

    Raises:
        ClaimLost: it is no longer ours.
    """
    _hold(tx.execute(_RENEW, {"of": claimed.id, "claim": claimed.claim_no, "for": LEASE_SECONDS}), claimed)


def check(tx: Transaction, claimed: Job) -> None:
    """Look whether the claim still holds.

    Raises:
        ClaimLost: it does not.
    """
    row = tx.one_or_none(sa.select(job.c.claim_no, job.c.state).where(job.c.id == claimed.id))
    if row is None or row.claim_no != claimed.claim_no or row.state != "waiting":
        raise ClaimLost(claimed.id)


def finish(tx: Transaction, claimed: Job) -> None:
    """The work is done; in the same transaction as its results.

    Raises:
        ClaimLost: it is no longer ours, so the results must not be kept either.
    """
    _change(tx, claimed, state="done", lease_until=0.0)


def try_again(tx: Transaction, claimed: Job, *, due_at: datetime) -> None:
    """The work was really tried and failed; another try is due at `due_at`."""
    _change(tx, claimed, lease_until=0.0, due_at=due_at, tries=claimed.tries + 1)
    tx.wake(TOPIC)


def put_back(
    tx: Transaction,
    claimed: Job,
    *,
    due_at: datetime | None = None,
    tries: int | None = None,
    payload: dict[str, Any] | None = None,
) -> None:
    """The work was interrupted through no fault of its own: free, at once or then, and no try counted, unless
    it is said how many there were. What was brought forward meanwhile falls due then, and no later.
    `payload`: what whoever goes on with it has to know; left out: what he knows already."""
    if due_at is not None:
        meanwhile = tx.one_or_none(_DUE, {"of": claimed.id})
        if meanwhile is not None and meanwhile.due_at != claimed.due_at:
            due_at = min(due_at, meanwhile.due_at)
    values: dict[str, Any] = {} if due_at is None else {"due_at": due_at}
    if tries is not None:
        values["tries"] = tries
    if payload is not None:
        values["payload"] = payload
    _change(tx, claimed, lease_until=0.0, **values)
    tx.wake(TOPIC)


def bring_forward(tx: Transaction, ref: str, *, due_at: datetime) -> bool:
    """Let the waiting job for the object `ref` fall due then; whether there is one. Whoever is at it now goes
    on, and puts it back by itself: to fall due then, if not sooner."""
    if tx.one_or_none(_OF_REF, {"of": ref}) is None:
        return False
    tx.execute(_BRING_FORWARD, {"of": ref, "due_at": due_at, "tries": 0})
    tx.wake(TOPIC)
    return True


def withdraw(tx: Transaction, ref: str) -> None:
    """End all waiting jobs for the object `ref`, running ones too: their claims are lost."""
    tx.execute(
        sa.update(job)
        .where(job.c.ref == ref, job.c.state == "waiting")
        .values(state="done", claim_no=job.c.claim_no + 1, lease_until=0.0)
    )


def release_all_leases(tx: Transaction) -> int:
    """At start-up of a store that is ours alone: whoever held a lease is dead."""
    return tx.execute(
        sa.update(job).where(job.c.state == "waiting", job.c.lease_until > 0).values(lease_until=0.0)
    ).rowcount


def release_leases(tx: Transaction, dead: Sequence[str]) -> int:
    """Free what these held, which are certainly no more; how many jobs."""
    freed = tx.execute(
        sa.update(job)
        .where(job.c.state == "waiting", job.c.lease_until > 0, job.c.lease_owner.in_(dead))
        .values(lease_until=0.0)
    ).rowcount
    if freed:
        tx.wake(TOPIC)
    return freed


def highest_claim(tx: Transaction) -> int:
    """The highest number that a running claim can have."""
    row = tx.one_or_none(sa.select(sa.func.coalesce(sa.func.max(job.c.claim_no), 0).label("highest")))
    return 0 if row is None else int(row.highest)


def fence_all(tx: Transaction, *, above: int) -> None:
    """Free all waiting jobs, and lift their numbers over every claim up to `above`."""
    tx.execute(
        sa.update(job)
        .where(job.c.state == "waiting")
        .values(lease_until=0.0, claim_no=job.c.claim_no + above + 1)
    )


def forget_done(tx: Transaction, before: datetime) -> int:
    """Remove finished rows that are older; how many."""
    return tx.execute(sa.delete(job).where(job.c.state == "done", job.c.due_at < before)).rowcount


def seconds_until_next(tx: Transaction, kinds: frozenset[str] | None = None) -> float | None:
    """When the next waiting job, of these kinds or of any, falls due or free, in seconds from now; `None`
    when there is none."""
    waiting = (job.c.state == "waiting", *_of(kinds))
    due_at = tx.scalar(sa.select(sa.func.min(job.c.due_at)).where(*waiting, job.c.lease_until <= RealTime()))
    free_in = tx.scalar(
        sa.select(sa.func.min(job.c.lease_until) - RealTime()).where(*waiting, job.c.lease_until > RealTime())
    )
    waits = []
    if due_at is not None:
        waits.append((due_at - tx.now).total_seconds())
    if free_in is not None:
        waits.append(free_in)
    return max(0.0, min(waits)) if waits else None


def _change(tx: Transaction, claimed: Job, **values: Any) -> None:
    _hold(tx.execute(_SET, {"of": claimed.id, "claim": claimed.claim_no, **values}), claimed)


def _hold(changed: Written, claimed: Job) -> None:
    if changed.rowcount != 1:
        raise ClaimLost(claimed.id)
