"""The two clocks.

**Server time** is movable: created_at, due_at, expiry of keys and links, event timestamps. Tests move it
forward. **Real time** is not: leases, deadlines, caches, logs.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def real_now() -> float:
    """Real time, unix seconds. For leases and logs; it may jump when the machine's clock is set."""
    return time.time()


class ServerClock:
    """Real time plus an offset that only grows within one state. Safe to share between threads."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self._offset = offset
        self._lock = threading.Lock()
        #: Called after each step: what falls due begins at once.
        self.on_advance: Callable[[], None] = lambda: None

    @property
    def offset(self) -> timedelta:
        """How far server time is ahead of real time."""
        return self._offset

    def now(self) -> datetime:
        """Server time, UTC."""
        return datetime.now(UTC) + self._offset

    def advance(self, by: timedelta) -> datetime:
        """Move server time forward and return the new time.

        Raises:
            ValueError: a negative step: what has happened cannot unhappen.
        """
        if by < timedelta():
            raise ValueError("server time only moves forward")
        with self._lock:
            self._offset += by
        self.on_advance()
        return self.now()

    def reset(self, offset: timedelta = timedelta()) -> None:
        """Another state, another time: only when all rows are replaced too."""
        with self._lock:
            self._offset = offset
