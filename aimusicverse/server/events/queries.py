"""The SQL of the event log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from aimusicverse.server.problems import NotFound
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.prepared import Prepared
from aimusicverse.server.store.tables import delivery, event
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.types import Event

# What is run most is built once: building a statement costs more than running it.
_INSERT = Prepared(sa.insert(event).inline())
_ONE = Prepared(
    sa.select(event).where(event.c.owner_id == sa.bindparam("owner"), event.c.id == sa.bindparam("event"))
)


def insert(
    tx: Transaction, owner_id: str, *, event_id: str, type: str, data: dict[str, Any], test: bool = False
) -> None:
    """Append to the log; the database numbers it."""
    tx.execute(
        _INSERT,
        {
            "id": event_id,
            "owner_id": owner_id,
            "type": type,
            "timestamp": tx.now,
            "data": data,
            "test": int(test),
        },
    )


def last_seq(tx: Transaction, owner: Owner) -> int:
    """The number of the newest event; 0 where there is none."""
    newest = sa.select(sa.func.coalesce(sa.func.max(event.c.seq), 0))
    return int(tx.scalar(newest.where(event.c.owner_id == owner.id)))


def after(
    tx: Transaction, owner: Owner, *, seq: int, since: datetime | None = None, type: str | None, limit: int
) -> list[Event]:
    """What came after `seq`, and from `since` on, in order."""
    query = sa.select(event).where(event.c.owner_id == owner.id, event.c.seq > seq)
    if since is not None:
        query = query.where(event.c.timestamp >= since)
    if type is not None:
        query = query.where(event.c.type == type)
    return [_to_event(row) for row in tx.all(query.order_by(event.c.seq).limit(limit))]


def later_by(tx: Transaction, owner: Owner, *, after: int, count: int) -> int | None:
    """The number of the `count`-th event after `after`; None: there are not so many."""
    found = sa.select(event.c.seq).where(event.c.owner_id == owner.id, event.c.seq > after)
    seq: int | None = tx.scalar(found.order_by(event.c.seq).offset(count - 1).limit(1))
    return seq


def stretch(
    tx: Transaction, owner: Owner, *, after: int, up_to: int | None, since: datetime | None, limit: int
) -> list[tuple[int, str, str]]:
    """Number, id and type of what came after `after`, up to `up_to`, and from `since` on, but for what was
    only tried out."""
    query = sa.select(event.c.seq, event.c.id, event.c.type).where(
        event.c.owner_id == owner.id, event.c.seq > after, event.c.test == 0
    )
    if up_to is not None:
        query = query.where(event.c.seq <= up_to)
    if since is not None:
        query = query.where(event.c.timestamp >= since)
    return [tuple(row) for row in tx.all(query.order_by(event.c.seq).limit(limit))]


def get(tx: Transaction, owner: Owner, event_id: str) -> Event:
    """One event."""
    row = tx.one_or_none(_ONE, {"owner": owner.id, "event": event_id})
    if row is None:
        raise NotFound("event", event_id)
    return _to_event(row)


def forget(tx: Transaction, *, before: datetime, limit: int) -> int:
    """Remove some of the oldest events from before a time; how many. What is still delivered stays."""
    # The log is in the order of time, so this looks at what is old and no further.
    kept = sa.select(event.c.seq).where(event.c.timestamp >= before).order_by(event.c.seq).limit(1)
    told = sa.exists(sa.select(delivery.c.id).where(delivery.c.event_id == event.c.id))
    old = sa.select(event.c.seq).where(sa.not_(told)).order_by(event.c.seq).limit(limit)
    first_kept = tx.scalar(kept)
    if first_kept is not None:
        old = old.where(event.c.seq < first_kept)
    return tx.execute(sa.delete(event).where(event.c.seq.in_(old))).rowcount


def _to_event(row: sa.Row[Any]) -> Event:
    return Event(
        id=row.id, seq=row.seq, type=row.type, timestamp=row.timestamp, data=row.data, test=bool(row.test)
    )
