"""From an event to its deliveries, inside the transaction in which it happens."""

from __future__ import annotations

from typing import Final

from aimusicverse.server.deliveries import queries
from aimusicverse.server.ids import new_id
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.webhooks import queries as webhooks
from aimusicverse.types.webhook_request import covers

#: What whoever sends listens to.
TOPIC: Final = "deliveries"


def to_subscribed(
    tx: Transaction, owner_id: str, event_id: str, type: str, *, but: str | None = None
) -> None:
    """A delivery for each endpoint of the owner that asked for events of this type, `but` one."""
    wanting = [
        endpoint.id
        for endpoint in webhooks.subscribed(tx, owner_id)
        if endpoint.id != but and any(covers(pattern, type) for pattern in endpoint.events)
    ]
    if wanting:
        _add(tx, owner_id, event_id, type, wanting)


def deliver(tx: Transaction, owner_id: str, event_id: str, type: str, webhook_id: str) -> str:
    """A delivery to one endpoint, whatever it asked for; its id."""
    return _add(tx, owner_id, event_id, type, [webhook_id])[0]


def wake(tx: Transaction) -> None:
    """Have whoever sends look again."""
    tx.wake(TOPIC)


def _add(tx: Transaction, owner_id: str, event_id: str, type: str, webhook_ids: list[str]) -> list[str]:
    ids = [new_id("dlv") for _ in webhook_ids]
    for delivery_id, webhook_id in zip(ids, webhook_ids, strict=True):
        queries.insert(
            tx, delivery_id, owner_id=owner_id, webhook_id=webhook_id, event_id=event_id, event_type=type
        )
    tx.wake(TOPIC)
    return ids
