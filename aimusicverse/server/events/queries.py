"""The SQL of the event log."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from aimusicverse.server.problems import NotFound
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.prepared import Prepared
from aimusicverse.server.store.tables import event
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.types import Event

# What is run most is built once: building a statement costs more than running it.
_INSERT = Prepared(sa.insert(event).inline())


def insert(tx: Transaction, owner_id: str, *, event_id: str, type: str, data: dict[str, Any]) -> None:
    """Append to the log; the database numbers it."""
    tx.execute(
        _INSERT, {"id": event_id, "owner_id": owner_id, "type": type, "timestamp": tx.now, "data": data}
    )


def after(tx: Transaction, owner: Owner, *, seq: int, type: str | None, limit: int) -> list[Event]:
    """What came after `seq`, in order."""
    query = sa.select(event).where(event.c.owner_id == owner.id, event.c.seq > seq)
    if type is not None:
        query = query.where(event.c.type == type)
    return [_to_event(row) for row in tx.all(query.order_by(event.c.seq).limit(limit))]


def get(tx: Transaction, owner: Owner, event_id: str) -> Event:
    """One event."""
    row = tx.one_or_none(sa.select(event).where(event.c.owner_id == owner.id, event.c.id == event_id))
    if row is None:
        raise NotFound("event", event_id)
    return _to_event(row)


def _to_event(row: sa.Row[Any]) -> Event:
    return Event(id=row.id, seq=row.seq, type=row.type, timestamp=row.timestamp, data=row.data)
