"""A library of many tracks, without rendering one."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from aimusicverse.server.api_keys import queries as owners
from aimusicverse.server.ids import new_id
from aimusicverse.server.playlists import service
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.tables import track
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.tracks import service as tracks
from aimusicverse.server.tracks.known_tracks import KnownTracks
from aimusicverse.types import PlaylistEntry
from tests.server.conftest import Api

SECONDS = 100.5


@dataclass(frozen=True)
class Library:
    """Tracks of an owner in a store, and the way to his playlists."""

    store: Store
    owner: Owner
    track_ids: list[str]

    def write(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return self.store.write_now(as_owner(function, self.owner), *arguments)

    def read(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return self.store.read_now(as_owner(function, self.owner), *arguments)

    def entries(self, playlist_id: str) -> list[PlaylistEntry]:
        """All that is shown, page by page."""
        found: list[PlaylistEntry] = []
        after = None
        while True:
            part = self.read(service.stretch, playlist_id, after, 100, KnownTracks())
            found += part.entries[:100]
            if len(part.entries) <= 100:
                return found
            after = part.marks[99]

    def delete(self, track_id: str) -> None:
        self.write(tracks.delete, track_id, None)

    def restore(self, track_id: str) -> None:
        self.write(tracks.restore, track_id)


def as_owner(function: Callable[..., Any], owner: Owner) -> Callable[..., Any]:
    """As a call does it."""

    def run(tx: Transaction, *arguments: Any) -> Any:
        tx.act_for(owner.id)
        return function(tx, owner, *arguments)

    return run


def library(store: Store, size: int, *, owner: Owner | None = None) -> Library:
    """`size` tracks, in a store, of a new owner or of this one."""
    known = owner or Owner(new_id("usr"))
    ids = [new_id("trk") for _ in range(size)]
    random.Random(7).shuffle(ids)

    def insert(tx: Transaction) -> None:
        if owner is None:
            owners.insert_owner(tx, known.id, name="x", tier="local")
        rows = [row_of(tx, known, identifier, number) for number, identifier in enumerate(ids)]
        for start in range(0, size, 500):
            tx.execute(sa.insert(track), rows[start : start + 500])

    store.write_now(insert)
    return Library(store, known, ids)


def row_of(tx: Transaction, owner: Owner, identifier: str, number: int) -> dict[str, Any]:
    return {
        "id": identifier,
        "owner_id": owner.id,
        "status": "ready",
        "title": f"Song {number}",
        "duration_seconds": SECONDS,
        "tags": ["lofi"],
        "sample_rate": 44_100,
        "channels": 2,
        "bit_depth": 24,
        "lufs": -14.0,
        "true_peak_dbtp": -1.0,
        "master_sha256": "0" * 64,
        "master_size": 1,
        "provenance": {"engine": "x", "engine_version": "1", "prompt": "x", "licence": "yours"},
        "created_at": tx.now,
        "updated_at": tx.now,
    }


@pytest.fixture
def songs(store: Store) -> Library:
    """Twelve tracks in a store of their own."""
    return library(store, 12)


@pytest.fixture
def shelf(api: Api) -> list[str]:
    """Six tracks of the owner of a server's key."""
    store = api.server.services.store
    owner_id = store.read_now(owners.first_owner)
    assert owner_id
    return library(store, 6, owner=Owner(owner_id)).track_ids
