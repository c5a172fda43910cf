"""Work for whoever became free last.

With a common queue work goes round: each thread in its turn opens its connection, and has its statements
prepared there, to do a part of what one could do. Here the others rest until there is more than that.
"""

from __future__ import annotations

import threading
from collections import deque
from queue import SimpleQueue
from typing import Generic, TypeVar

W = TypeVar("W")


class LastFree(Generic[W]):
    """A queue for several threads, each of which brings a place of its own to wait at."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[W] = deque()
        self._free: list[SimpleQueue[W | None]] = []
        self._ended = False

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, work: W) -> None:
        """Hand it to whoever became free last, or keep it until somebody does."""
        with self._lock:
            if self._free:
                self._free.pop().put(work)
            else:
                self._waiting.append(work)

    def get(self, place: SimpleQueue[W | None]) -> W | None:
        """The next piece of work; `None` when it has ended, and all that was put in is taken.

        Args:
            place: of the thread that asks, and of no other.
        """
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            if self._ended:
                return None
            self._free.append(place)
        return place.get()

    def end(self) -> None:
        """Nothing more will be put in."""
        with self._lock:
            self._ended = True
            while self._free:
                self._free.pop().put(None)
