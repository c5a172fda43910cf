"""Who keeps the buckets of users: this process alone, or the database for several."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from typing import Any, Final, NamedTuple

from aimusicverse.server.security.limits import queries
from aimusicverse.server.security.limits.buckets import Level, Sizes
from aimusicverse.server.store.base import Store

#: How many users are kept in memory; the others are in the database.
KEPT: Final = 50_000


class Taken(NamedTuple):
    """What came of a call.

    Attributes:
        passed: whether both buckets had one, and it was taken.
        level: of the buckets then.
    """

    passed: bool
    level: Level


class Ledger(ABC):
    """The buckets of all users, as one event loop uses them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tasks: set[asyncio.Task[None]] = set()
        #: How often the rows were replaced, as by a restored snapshot; and how often that was seen.
        self._replaced = self._seen = 0
        self._listening = store.signals.listen(queries.TOPIC, self._were_replaced)
        self._listening.__enter__()

    @abstractmethod
    def take(self, owner_id: str, sizes: Sizes, now: float) -> Taken | None:
        """Take a call from a user's buckets; `None` when that cannot be said at once: then one must `ask`."""

    @abstractmethod
    async def ask(self, owner_id: str, sizes: Sizes) -> Taken:
        """The same, with the database.

        Raises:
            StoreError: it does not answer.
        """

    @abstractmethod
    def look(self, owner_id: str, sizes: Sizes, now: float) -> Level:
        """The buckets of a user who has just called, as far as is known here; nothing is taken."""

    def close(self) -> None:
        """Write down what is not written yet. Called when the event loop has ended; blocks."""
        self._listening.__exit__(None, None, None)

    @abstractmethod
    def _start_over(self) -> None:
        """Forget all that is in memory."""

    def _are_as_written(self) -> None:
        """Begin with the rows that are there now, if they were replaced."""
        if self._seen != self._replaced:
            self._seen = self._replaced
            self._start_over()

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)  # the loop alone would not keep it
        task.add_done_callback(self._tasks.discard)
        return task

    def _were_replaced(self) -> None:  # from any thread
        self._replaced += 1
