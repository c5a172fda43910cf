"""Wake-ups within one process: long polls and workers sleep here until a commit concerns them."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Final

log: Final = logging.getLogger("aimusicverse.server.store")

Callback = Callable[[], None]


class Signals:
    """Topics and who listens. A wake-up carries nothing: whoever is woken reads the database."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: dict[str, set[Callback]] = {}

    @contextmanager
    def listen(self, topic: str, callback: Callback) -> Iterator[None]:
        """Call `callback`, on the thread that commits, for each commit that concerns `topic`."""
        with self._lock:
            self._listeners.setdefault(topic, set()).add(callback)
        try:
            yield
        finally:
            with self._lock:
                listeners = self._listeners[topic]
                listeners.discard(callback)
                if not listeners:
                    del self._listeners[topic]

    def wake(self, topics: Iterable[str]) -> None:
        """Wake all listeners of `topics`."""
        with self._lock:
            callbacks = [callback for topic in topics for callback in self._listeners.get(topic, ())]
        _call(callbacks)

    def wake_all(self) -> None:
        """Wake everybody: it is not known what was missed."""
        with self._lock:
            callbacks = [callback for listeners in self._listeners.values() for callback in listeners]
        _call(callbacks)

    @contextmanager
    def subscribe(self, topic: str) -> Iterator[Subscription]:
        """A subscription for the running event loop. Subscribe first, then read: nothing falls between."""
        subscription = Subscription(asyncio.get_running_loop())
        with self.listen(topic, subscription.notify):
            yield subscription


def _call(callbacks: list[Callback]) -> None:
    for callback in callbacks:
        try:
            callback()
        except Exception:
            # It runs on the thread that all writes need: one listener's defect must not end it.
            log.exception("a listener met a defect")


class Subscription:
    """Wakes one coroutine."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._event = asyncio.Event()

    def notify(self) -> None:
        """From any thread."""
        try:
            self._loop.call_soon_threadsafe(self._event.set)
        except RuntimeError:
            # The loop was closed between the look-up and the call: nobody waits there any more.
            if not self._loop.is_closed():
                raise

    async def wait(self, timeout: float) -> bool:
        """Whether something happened within `timeout` seconds."""
        try:
            async with asyncio.timeout(timeout):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True
