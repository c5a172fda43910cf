"""States of a whole server: empty it for the next test, keep it, go back to it."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from aimusicverse.server import agreement
from aimusicverse.server.api_keys import queries as api_keys
from aimusicverse.server.artwork import service as artwork
from aimusicverse.server.deliveries import fan_out
from aimusicverse.server.deliveries import queries as deliveries
from aimusicverse.server.generation import service as generation
from aimusicverse.server.ids import new_id
from aimusicverse.server.jobs import outbox
from aimusicverse.server.security.limits import queries as limits
from aimusicverse.server.stems import service as stems
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.tables import api_key, metadata, owner, server, stem_set
from aimusicverse.server.store.tables import artwork as artworks
from aimusicverse.server.store.tables import generation as generations
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.stores.stand_ins import StandIns

log: Final = logging.getLogger("aimusicverse.server.local")


class States:
    """Keeps snapshots beside the database until the server ends."""

    def __init__(
        self,
        store: Store,
        folder: Path,
        settle: Callable[[], None] = lambda: None,
        stand_ins: StandIns | None = None,
    ) -> None:
        """Nothing is kept yet.

        Args:
            store: whose state it is.
            folder: where snapshots are kept.
            settle: has written what is still to be written of what was before.
            stand_ins: of stores, which are part of the state.
        """
        self._stand_ins = stand_ins
        self._store = store
        self._settle = settle
        self._folder = folder
        self._kept: dict[str, Path] = {}

    def close(self) -> None:
        """Remove all snapshots."""
        for path in self._kept.values():
            path.unlink(missing_ok=True)
            shutil.rmtree(_beside(path), ignore_errors=True)
        self._kept.clear()

    @property
    def any_kept(self) -> bool:
        """Whether a snapshot may still name blobs that no row names now."""
        return bool(self._kept)

    def reset(self) -> None:
        """Delete every row but the embedded owner and his key; server time is real time again."""
        self._settle()
        self._store.write_now(_delete_all)
        if self._stand_ins is not None:
            self._stand_ins.clear()

    def keep(self) -> str:
        """Copy the state as it is now; the snapshot's id."""
        self._settle()
        snapshot_id = new_id("snp")
        path = self._folder / f"{snapshot_id}.db"
        self._store.copy_to(path)
        if self._stand_ins is not None:
            self._stand_ins.keep(_beside(path))
        self._kept[snapshot_id] = path
        return snapshot_id

    def restore(self, snapshot_id: str) -> None:
        """Go back to a snapshot. Work that runs now is abandoned; work that was due then is due again.

        Raises:
            KeyError: there is none of that id.
        """
        path = self._kept[snapshot_id]
        self._settle()
        running = self._store.write_now(_begin_epoch)
        self._store.replace_with(path)
        if self._stand_ins is not None:
            self._stand_ins.restore(_beside(path))
        self._store.write_now(_fence, running)


def _beside(path: Path) -> Path:
    """Where a snapshot has what stand-in stores know."""
    return path.with_suffix(".sandbox")


def _delete_all(tx: Transaction) -> None:
    _wake_all(tx)
    first = sa.select(sa.func.min(owner.c.id)).scalar_subquery()
    for table in reversed(metadata.sorted_tables):
        if table is api_key:
            of_folder = sa.and_(table.c.owner_id == first, table.c.origin == api_keys.IN_FOLDER)
            tx.execute(sa.delete(table).where(sa.not_(of_folder)))
        elif table is owner:
            tx.execute(sa.delete(table).where(table.c.id != first))
        elif table is server:
            agreement.set_clock_offset(tx, timedelta())
        else:
            tx.execute(sa.delete(table))
    tx.wake(api_keys.TOPIC)
    tx.wake(limits.TOPIC)


def _begin_epoch(tx: Transaction) -> int:
    """The highest claim that somebody may hold now."""
    return max(outbox.highest_claim(tx), deliveries.highest_claim(tx))


def _fence(tx: Transaction, epoch: int) -> None:
    """No claim from before the restore fits a row from after it."""
    outbox.fence_all(tx, above=epoch)
    deliveries.fence_all(tx, above=epoch)
    _wake_all(tx)
    tx.wake(api_keys.TOPIC)
    tx.wake(limits.TOPIC)
    tx.wake(agreement.CLOCK)
    tx.wake(outbox.TOPIC)
    fan_out.wake(tx)


def _wake_all(tx: Transaction) -> None:
    """Whoever waits for an object looks again."""
    for row in tx.all(sa.select(generations.c.id)):
        tx.wake(generation.topic(row.id))
    for row in tx.all(sa.select(artworks.c.id)):
        tx.wake(artwork.topic(row.id))
    for row in tx.all(sa.select(stem_set.c.track_id)):
        tx.wake(stems.topic(row.track_id))
