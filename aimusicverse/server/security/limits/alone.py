"""The buckets of users where one process has the database alone: in memory, and written down soon after.

A call costs no look into the database but a user's first one. What is not written yet when the process is
killed is forgotten: the calls of the last moments.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from aimusicverse.server.security.limits import buckets, queries
from aimusicverse.server.security.limits.buckets import Level, Sizes
from aimusicverse.server.security.limits.ledger import KEPT, Ledger, Taken
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.errors import StoreError

log: Final = logging.getLogger("aimusicverse.server.limits")

#: When what changed is written down: after half of what may be forgotten; the writing has the other half.
WRITTEN_AFTER_SECONDS: Final = 0.5


class LoneLedger(Ledger):
    """In memory, for as many users as call."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._levels: dict[str, Level] = {}
        self._unwritten: set[str] = set()
        self._reading: dict[str, asyncio.Task[None]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._writing = False

    def take(self, owner_id: str, sizes: Sizes, now: float) -> Taken | None:
        """Take a call from a user's buckets; `None` for the first call of a user."""
        self._are_as_written()
        level = self._levels.get(owner_id)
        if level is None:
            return None
        taken, then = buckets.take(level, sizes, now)
        self._levels[owner_id] = then
        if taken or then.at < level.at:  # what is only refilled, the row says as well
            self._unwritten.add(owner_id)
            if self._timer is None:
                self._set_timer()
        return Taken(taken > 0, then)

    async def ask(self, owner_id: str, sizes: Sizes) -> Taken:
        """Take a call, once the user's row was read. Who calls meanwhile waits for the same reading."""
        while (taken := self.take(owner_id, sizes, self._store.clock.unix())) is None:
            await self._is_read(owner_id)
        return taken

    def look(self, owner_id: str, sizes: Sizes, now: float) -> Level:
        """A user's buckets now."""
        self._are_as_written()
        return buckets.at_time(self._levels.get(owner_id, Level(0.0, 0.0, now)), sizes, now)

    def close(self) -> None:
        """Write down the last calls."""
        super().close()
        self._are_as_written()
        if self._unwritten:
            try:
                self._store.write_now(queries.keep, self._changes())
            except StoreError as error:
                log.error("the last calls are not counted", extra={"error": str(error)})

    def _start_over(self) -> None:
        self._levels.clear()
        self._unwritten.clear()
        self._reading.clear()

    async def _is_read(self, owner_id: str) -> None:
        reading = self._reading.get(owner_id)
        if reading is None:
            reading = self._reading[owner_id] = self._begin(self._read(owner_id, self._seen))
        # Shielded, because a caller who hangs up must not take the answer from the others.
        await asyncio.shield(reading)

    async def _read(self, owner_id: str, seen: int) -> None:
        try:
            level = await self._store.read(queries.level_of, owner_id)
        finally:
            if seen == self._seen:
                self._reading.pop(owner_id, None)
        if seen == self._replaced:
            self._levels.setdefault(owner_id, level or Level(0.0, 0.0, self._store.clock.unix()))

    def _set_timer(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(WRITTEN_AFTER_SECONDS, self._write_soon)

    def _write_soon(self) -> None:
        self._timer = None
        self._are_as_written()
        if self._writing:  # one after the other, so that none overtakes another
            self._set_timer()
        elif self._unwritten:
            self._writing = True
            self._begin(self._write(self._changes()))

    def _changes(self) -> list[tuple[str, Level]]:
        changed = [(owner_id, self._levels[owner_id]) for owner_id in self._unwritten]
        self._unwritten.clear()
        return changed

    async def _write(self, changed: list[tuple[str, Level]]) -> None:
        try:
            await self._store.write(queries.keep, changed)
        except StoreError as error:  # limits hold all the same, and the next time may go well
            log.error("calls cannot be counted durably", extra={"error": str(error)})
            self._unwritten.update(owner_id for owner_id, _ in changed if owner_id in self._levels)
            if self._timer is None:
                self._set_timer()
            return
        finally:
            self._writing = False
        if len(self._levels) > KEPT:
            self._levels = {owner_id: self._levels[owner_id] for owner_id in self._unwritten}
