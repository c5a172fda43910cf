"""Stems go with their track. Apart from the service, which asks for tracks."""

from __future__ import annotations

from aimusicverse.server.jobs import outbox
from aimusicverse.server.stems import queries
from aimusicverse.server.store.transaction import Transaction


def forget(tx: Transaction, track_ids: list[str]) -> set[str]:
    """Tracks are gone for good, whoever's they were: what is being made of them is stopped, what there is
    forgotten. The hashes of the stems' files."""
    for track_id in queries.unfinished(tx, track_ids):
        outbox.withdraw(tx, track_id)
        tx.wake(topic(track_id))
    return queries.forget(tx, track_ids)


def topic(track_id: str) -> str:
    """What those listen to who wait for the stems of a track."""
    return f"stems:{track_id}"
