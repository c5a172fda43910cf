"""Waiting before the limit is hit, instead of being sent away."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from time import monotonic, time

from aimusicverse.transport.rate_limit import rate_limit_of

#: The bucket that the headers speak of is refilled evenly within it.
_PERIOD = 3600.0


class Allowance:
    """The server's token bucket as it must look now, going by what it said last. Threads may share it.

    A call takes a token; with none left it is told how long the next one takes, and those who come after it
    wait their turn. It is a guess: other clients of the same owner take from the same bucket, so a refusal
    is still possible, and is tried again like any other.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tokens: float | None = None
        self._per_second = 0.0
        self._size = 0.0
        self._at = 0.0
        self._queued = 0

    def seen(self, headers: Mapping[str, str]) -> None:
        """Take over what an answer says."""
        limit = rate_limit_of(headers)
        if limit is None or limit.limit <= 0:
            return
        per_second = limit.limit / _PERIOD
        # `remaining` is rounded down; how long the bucket takes to be full again tells the rest. That goes by
        # the server's clock, so it is trusted no further than the fraction of a token.
        missing = (limit.reset_at.timestamp() - time()) * per_second
        fraction = min(1.0, max(0.0, limit.limit - missing - limit.remaining))
        with self._lock:
            self._tokens = limit.remaining + fraction - self._queued
            self._per_second, self._size, self._at = per_second, float(limit.limit), monotonic()

    def take(self, left: float) -> float:
        """Seconds to wait for a token; 0 to ask at once, also where waiting would outlast `left` seconds.

        Whoever was told to wait says `arrived()` when the wait is over.
        """
        with self._lock:
            if self._tokens is None:
                return 0.0
            now = monotonic()
            self._tokens = min(self._size, self._tokens + (now - self._at) * self._per_second)
            self._at = now
            wait = max(0.0, (1.0 - self._tokens) / self._per_second)
            if wait >= left:
                return 0.0  # the server's refusal says it better
            self._tokens -= 1.0
            if wait:
                self._queued += 1
            return wait

    def arrived(self) -> None:
        """A wait is over, one way or another."""
        with self._lock:
            self._queued -= 1
