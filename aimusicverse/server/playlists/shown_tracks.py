"""Playlists are told when a track is deleted or restored. Apart from the service, which asks for tracks."""

from __future__ import annotations

from aimusicverse.server.events import service as events
from aimusicverse.server.playlists import queries
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.transaction import Transaction


def hide(tx: Transaction, owner: Owner, track_id: str) -> None:
    """Neither show nor count a track any more; its entries keep their places."""
    _set(tx, owner, track_id, shown=False)


def show(tx: Transaction, owner: Owner, track_id: str) -> None:
    """Show and count a track again, wherever it stood."""
    _set(tx, owner, track_id, shown=True)


def forget(tx: Transaction, track_ids: list[str]) -> None:
    """Give up the places of tracks that are gone for good, whoever's they were; none is shown any more."""
    queries.forget_tracks(tx, track_ids)


def _set(tx: Transaction, owner: Owner, track_id: str, *, shown: bool) -> None:
    sign = 1 if shown else -1
    totals = queries.totals_of_track(tx, owner, track_id, shown=not shown)
    if totals:
        queries.set_shown(tx, owner, track_id, shown=shown)
    for playlist_id, (count, milliseconds) in totals.items():
        queries.change(tx, owner, playlist_id, tracks=sign * count, milliseconds=sign * milliseconds)
        events.record(tx, owner, "playlist.updated", queries.get(tx, owner, playlist_id))
