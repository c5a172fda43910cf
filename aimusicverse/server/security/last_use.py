"""When keys were last used: written behind, for many keys at once, for one key at most once a minute."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import UTC, datetime, timedelta
from typing import Final

from aimusicverse.server.api_keys import queries as api_keys
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.errors import StoreError

log: Final = logging.getLogger("aimusicverse.server")

#: A key is written down that often, and so old at most is what is shown.
EVERY_SECONDS: Final = 60.0
#: How long a first use waits for others to be written with it.
TOGETHER_SECONDS: Final = 1.0
#: Keys whose last writing is remembered; past that all are forgotten, and some are written sooner.
_MOST_REMEMBERED: Final = 100_000


class LastUse:
    """Remembers which keys were used since they were last written down. Lives on the event loop."""

    def __init__(self, store: Store) -> None:
        self._store = store
        #: Key → when it was last used, in real time, and how far server time was ahead.
        self._used: dict[str, tuple[float, timedelta]] = {}
        #: When keys were last written, by the monotonic clock.
        self._written: dict[str, float] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._writing: set[asyncio.Task[None]] = set()

    def note(self, key_id: str) -> None:
        """A key is used now. Called at every call."""
        is_first = key_id not in self._used
        self._used[key_id] = (time.time(), self._store.clock.offset)
        if is_first:
            self._arm(max(self._due(key_id) - time.monotonic(), TOGETHER_SECONDS))

    def close(self) -> None:
        """Write down what is left, for which the event loop need not run any more. Blocks."""
        if self._used:
            try:
                self._store.write_now(api_keys.note_uses, self._taken(list(self._used)))
            except StoreError as error:
                _say(error)

    def _flush(self) -> None:
        """Write down the keys whose minute is over."""
        self._timer = None
        now = time.monotonic()
        due = [key_id for key_id in self._used if self._due(key_id) <= now]
        if due:
            if len(self._written) > _MOST_REMEMBERED:
                self._written.clear()
            self._written.update(dict.fromkeys(due, now))
            task = asyncio.ensure_future(self._store.write(api_keys.note_uses, self._taken(due)))
            self._writing.add(task)
            task.add_done_callback(self._was_written)
        if self._used:
            self._arm(max(min(map(self._due, self._used)) - now, TOGETHER_SECONDS))

    def _was_written(self, task: asyncio.Task[None]) -> None:
        self._writing.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _say(error)

    def _taken(self, key_ids: list[str]) -> dict[str, datetime]:
        uses = {}
        for key_id in key_ids:
            real, ahead = self._used.pop(key_id)
            uses[key_id] = datetime.fromtimestamp(real, UTC) + ahead
        return uses

    def _due(self, key_id: str) -> float:
        written = self._written.get(key_id)
        return 0.0 if written is None else written + EVERY_SECONDS

    def _arm(self, wait: float) -> None:
        """See that a flush comes in `wait` seconds at the latest."""
        loop = asyncio.get_running_loop()
        if self._timer is not None:
            if self._timer.when() <= loop.time() + wait:
                return
            self._timer.cancel()
        self._timer = loop.call_later(wait, self._flush)


def _say(error: BaseException) -> None:
    log.warning("when keys were last used could not be noted", extra={"error": str(error)})
