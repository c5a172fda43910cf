"""SIGINT and SIGTERM as what a program waits for, and the exit code that goes with them."""

from __future__ import annotations

import math
import queue
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130


class Stop:
    """What the main thread waits for: a signal, or whoever else wants the end."""

    def __init__(self) -> None:
        # Its `put` may come in the middle of its `get`, as a signal does; that of an Event may not.
        self._wanted: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self._over = False
        self._first: int | None = None

    def want(self, number: int | None = None) -> None:
        """End, because of this signal or without one. A second one changes nothing. From any thread."""
        self._wanted.put(number)

    def wait(self, seconds: float = math.inf) -> bool:
        """Until the end is wanted, or so long; whether it is."""
        deadline = time.monotonic() + seconds
        while not self._over:
            try:
                # Not longer: only this thread runs signal handlers, and where a signal reaches the process in
                # another one, nothing wakes this one up.
                self._first = self._wanted.get(timeout=min(0.5, max(0.0, deadline - time.monotonic())))
                self._over = True
            except queue.Empty:
                if time.monotonic() >= deadline:
                    break
        return self._over

    @property
    def exit_code(self) -> int:
        """130 after SIGINT; else 0: being asked to stop is not a failure."""
        return INTERRUPTED if self._first == signal.SIGINT else 0


@contextmanager
def stop_by_signal(*, deaf_to_interrupt: bool = False) -> Iterator[Stop]:
    """Catch both signals while the block runs.

    Args:
        deaf_to_interrupt: ignore SIGINT: a parent, which Ctrl-C reaches too, decides.
    """
    stop = Stop()

    def wanted(number: int, _frame: FrameType | None) -> None:
        stop.want(number)

    previous = {
        signal.SIGTERM: signal.signal(signal.SIGTERM, wanted),
        signal.SIGINT: signal.signal(signal.SIGINT, signal.SIG_IGN if deaf_to_interrupt else wanted),
    }
    try:
        yield stop
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
