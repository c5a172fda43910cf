"""Records what happened, inside the transaction in which it happens, and reads it back."""

from __future__ import annotations

from aimusicverse.server.events import queries
from aimusicverse.server.ids import new_id
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.types import Event, EventPage, Object


def topic(owner: Owner) -> str:
    """What a long poll on this owner's log listens to."""
    return f"events:{owner.id}"


def record(tx: Transaction, owner: Owner, type: str, subject: Object) -> None:
    """Write `type` into the log, with the object as it is now."""
    queries.insert(
        tx,
        owner.id,
        event_id=new_id("evt"),
        type=type,
        data=subject.model_dump(mode="json", exclude_none=True),
    )
    tx.wake(topic(owner))


def page(tx: Transaction, owner: Owner, after: int, type: str | None, limit: int) -> EventPage:
    """What came after the number `after`."""
    events = queries.after(tx, owner, seq=after, type=type, limit=limit)
    return EventPage(data=events, last_seq=events[-1].seq if events else after)


def get(tx: Transaction, owner: Owner, event_id: str) -> Event:
    """One event."""
    return queries.get(tx, owner, event_id)
