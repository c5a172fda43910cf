"""How long deliveries and events are kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from aimusicverse.server.deliveries import queries
from aimusicverse.server.events import queries as events
from aimusicverse.server.store.transaction import Transaction

#: Rows that one transaction removes: others want to write too.
_TOGETHER: Final = 500


def forget(tx: Transaction, delivery_days: int, event_days: int) -> int:
    """Remove some of what is old; how much. Until it is nothing, there may be more."""
    removed = queries.forget(tx, before=tx.now - timedelta(days=delivery_days), limit=_TOGETHER)
    if not removed and event_days:
        removed = events.forget(tx, before=tx.now - timedelta(days=event_days), limit=_TOGETHER)
    if not removed:
        queries.forget_webhooks(tx)
    return removed
