"""The two clocks.

**Server time** is movable: created_at, due_at, expiry of keys and links, event timestamps. Tests move it
forward. **Real time** is not: leases, deadlines, caches, logs.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def real_now() -> float:
    """Real time, unix seconds. For leases and logs; it may jump when the machine's clock is set."""
    return time.time()


class ServerClock:
    """Real time plus an offset. Safe to share between threads."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self._offset = offset
        self._when_moved: tuple[Callable[[], None], ...] = ()

    @property
    def offset(self) -> timedelta:
        """How far server time is ahead of real time."""
        return self._offset

    def now(self) -> datetime:
        """Server time, UTC."""
        return datetime.now(UTC) + self._offset

    def unix(self) -> float:
        """Server time as unix seconds, for reckoning."""
        return time.time() + self._offset.total_seconds()

    def when_moved(self, told: Callable[[], None]) -> None:
        """Have `told` called after each change: what falls due begins at once."""
        self._when_moved = (*self._when_moved, told)

    def set_offset(self, offset: timedelta) -> None:
        """Move server time. It goes back only where all rows are replaced too."""
        self._offset = offset
        for told in self._when_moved:
            told()
