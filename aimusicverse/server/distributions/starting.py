"""Lets a delivery's job do its next step. Each delivery has one job at most that waits or runs."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from aimusicverse.server.jobs import outbox
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.transaction import Transaction

DELIVER: Final = "deliver"


def begin(tx: Transaction, owner: Owner, delivery_id: str, due_at: datetime | None = None) -> None:
    """At once, or then. Whoever is at it just now is let go on: he puts the job back by himself."""
    if not outbox.bring_forward(tx, delivery_id, due_at=due_at or tx.now):
        first(tx, owner, delivery_id, due_at)


def first(tx: Transaction, owner: Owner, delivery_id: str, due_at: datetime | None = None) -> None:
    """`begin` of one that never had a job: nothing is looked up, so that many at once do not meet there."""
    outbox.add(tx, owner.id, DELIVER, ref=delivery_id, payload={}, due_at=due_at or tx.now)
