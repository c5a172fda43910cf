"""Names looked up, without anybody waiting for the name service of another.

The system's resolver blocks, for half a minute if it comes to that, and cannot be interrupted. So each lookup
has a thread, which ends with it and holds up no exit. There are so many at once and no more, and one for a
name: who asks for a name that is being looked up waits for that answer. No answer is kept.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress

#: Takes a name in ASCII, gives its addresses as text, the preferred one first. It may block.
Lookup = Callable[[str], list[str]]
#: Names at once. A thread that waits costs next to nothing.
MOST_AT_ONCE = 32


def system_lookup(host: str) -> list[str]:
    """As the system does it (`/etc/hosts`, then DNS).

    Raises:
        OSError: there is no such name, or no name service.
    """
    # As bytes: text would go through Python's own idea of IDNA.
    found = socket.getaddrinfo(host.encode("ascii"), None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class _Running:
    """A lookup that runs or waits for its turn, and how many wait for it."""

    __slots__ = ("future", "waiting")

    def __init__(self, future: asyncio.Future[list[str]]) -> None:
        self.future = future
        self.waiting = 0


class Lookups:
    """Belongs to one event loop."""

    def __init__(self, lookup: Lookup = system_lookup, *, most_at_once: int = MOST_AT_ONCE) -> None:
        self._lookup = lookup
        self._free = most_at_once
        self._running: dict[str, _Running] = {}
        self._queue: deque[str] = deque()

    async def addresses(self, host: str) -> list[str]:
        """The addresses of a name, asked for now.

        Raises:
            OSError: there is no such name, or no name service.
        """
        running = self._running.get(host)
        if running is None:
            running = self._running[host] = _Running(asyncio.get_running_loop().create_future())
            self._queue.append(host)
        running.waiting += 1
        try:
            self._start()
            return await asyncio.shield(running.future)
        finally:
            running.waiting -= 1

    def _start(self) -> None:
        while self._free and self._queue:
            host = self._queue.popleft()
            running = self._running[host]
            if not running.waiting:  # whoever asked has given up
                del self._running[host]
                continue
            self._free -= 1
            loop = running.future.get_loop()
            thread = threading.Thread(target=self._look_up, args=(loop, host), name="lookup", daemon=True)
            try:
                thread.start()
            except RuntimeError as error:  # the system has no thread left
                self._done(host, [], OSError(str(error)))

    def _look_up(self, loop: asyncio.AbstractEventLoop, host: str) -> None:
        found: list[str] = []
        problem: Exception | None = None
        try:
            found = self._lookup(host)
        except Exception as error:
            problem = error
        with suppress(RuntimeError):  # the loop was closed meanwhile: nobody waits any more
            loop.call_soon_threadsafe(self._done, host, found, problem)

    def _done(self, host: str, found: list[str], problem: Exception | None) -> None:
        future = self._running.pop(host).future
        self._free += 1
        if problem is None:
            future.set_result(found)
        else:
            future.set_exception(problem)
            future.exception()  # it is no oversight if nobody waits for it any more
        self._start()
