"""Who goes on calling over the limit: such a key is suspended, as it is out of control, or in wrong hands."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from aimusicverse.server.security.limits import queries
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.errors import StoreError
from aimusicverse.server.store.transaction import Transaction

log: Final = logging.getLogger("aimusicverse.server.limits")

#: So many calls over the limit within a minute are borne.
BORNE: Final = 100
_COUNTED_AFTER_SECONDS = 1.0

#: Suspends a key, in a transaction.
Suspend = Callable[[Transaction, str], None]


class Excess:
    """Counts calls over the limit, those of all processes together, once a second."""

    def __init__(self, store: Store, suspend: Suspend) -> None:
        self._store = store
        self._suspend = suspend
        self._calls: dict[str, int] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    def add(self, key_id: str) -> None:
        """A call over the limit, with this key."""
        self._calls[key_id] = self._calls.get(key_id, 0) + 1
        if self._timer is None:
            self._set_timer()

    def _set_timer(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(_COUNTED_AFTER_SECONDS, self._count_soon)

    def _count_soon(self) -> None:
        self._timer = None
        calls, self._calls = self._calls, {}
        self._task = asyncio.ensure_future(self._count(calls))

    async def _count(self, calls: dict[str, int]) -> None:
        try:
            for key_id in await self._store.write(self._counted, list(calls.items())):
                log.warning("a key is suspended: it went on calling over the limit", extra={"key": key_id})
        except StoreError as error:
            log.error("calls over the limit cannot be counted", extra={"error": str(error)})

    def _counted(self, tx: Transaction, calls: list[tuple[str, int]]) -> list[str]:
        queries.add_excess(tx, int(tx.now.timestamp()), calls)
        found = queries.excessive(tx, BORNE)
        for key_id in found:
            self._suspend(tx, key_id)
            queries.forget_excess(tx, key_id)
        return found
