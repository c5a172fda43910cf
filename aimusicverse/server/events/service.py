"""Records what happened, inside the transaction in which it happens, and reads it back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from aimusicverse.server.deliveries import fan_out
from aimusicverse.server.events import queries, samples
from aimusicverse.server.ids import new_id
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.types import Event, EventPage, EventTrigger, Object


def topic(owner: Owner) -> str:
    """What a long poll on this owner's log listens to."""
    return f"events:{owner.id}"


def record(
    tx: Transaction, owner: Owner, type: str, subject: Object, *, without: Collection[str] = ()
) -> None:
    """Write `type` into the log, with the object as it is now, but for the fields `without`, and have it sent
    to whoever asked for it."""
    data = {name: value for name, value in _data_of(subject).items() if name not in without}
    event_id = _append(tx, owner, type, data)
    fan_out.to_subscribed(tx, owner.id, event_id, type, but=subject.id)


def record_test(tx: Transaction, owner: Owner, type: str, subject: Object) -> str:
    """Write an event that is only for trying something out; it is sent to nobody yet. Its id."""
    return _append(tx, owner, type, _data_of(subject), test=True)


def trigger(tx: Transaction, owner: Owner, body: EventTrigger) -> Event:
    """Write a sample into the log, marked as one, and have it sent to whoever asked for its type."""
    event_id = _append(tx, owner, body.type, samples.sample(body.type, body.data), test=True)
    fan_out.to_subscribed(tx, owner.id, event_id, body.type)
    return queries.get(tx, owner, event_id)


def _data_of(subject: Object) -> dict[str, Any]:
    return subject.model_dump(mode="json", exclude_none=True)


def _append(tx: Transaction, owner: Owner, type: str, data: dict[str, Any], *, test: bool = False) -> str:
    event_id = new_id("evt")
    queries.insert(tx, owner.id, event_id=event_id, type=type, data=data, test=test)
    tx.wake(topic(owner))
    return event_id


def last_seq(tx: Transaction, owner: Owner) -> int:
    """The number of the newest event; 0 where there is none."""
    return queries.last_seq(tx, owner)


def page(
    tx: Transaction, owner: Owner, after: int, since: datetime | None, type: str | None, limit: int
) -> EventPage:
    """What came after the number `after`, and from `since` on."""
    events = queries.after(tx, owner, seq=after, since=since, type=type, limit=limit)
    return EventPage(data=events, last_seq=events[-1].seq if events else after)


def get(tx: Transaction, owner: Owner, event_id: str) -> Event:
    """One event."""
    return queries.get(tx, owner, event_id)
