"""Decides about tracks."""

from __future__ import annotations

from aimusicverse.server.events import service as events
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.tracks import queries
from aimusicverse.types import Track


def get(tx: Transaction, owner: Owner, track_id: str) -> Track:
    """One track."""
    return queries.get(tx, owner, track_id)


def page(tx: Transaction, owner: Owner, genre: str | None, before: str | None, limit: int) -> list[Track]:
    """One more than `limit` tracks, if there are so many, newest first."""
    return queries.newest(tx, owner, genre=genre, before=before, limit=limit + 1)


def add(tx: Transaction, owner: Owner, new: Track, *, generation_id: str | None) -> None:
    """A finished recording joins the library."""
    queries.insert(tx, owner, new, generation_id=generation_id)
    events.record(tx, owner, "track.created", new)


def delete(tx: Transaction, owner: Owner, track_id: str) -> None:
    """Remove a track from the library. Its audio stays on the disk, for a restore."""
    gone = queries.get(tx, owner, track_id)
    queries.mark_deleted(tx, owner, track_id)
    events.record(tx, owner, "track.deleted", gone.model_copy(update={"status": queries.DELETED}))
