"""How long the server waits for those who are slow on purpose (slowloris, slow bodies, slow readers).

All connections are looked at once a second: that costs a request nothing, and a second is fine enough. Real
time. What the server itself holds up, such as a body that nobody reads yet, counts for nobody.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Final, Literal, NamedTuple

import uvicorn

Waiting = Literal["head", "body", "answer"]

#: Over how many seconds a body must keep its pace: one that stops for less is not cut.
BODY_SECONDS: Final = 20.0
#: The same for whoever reads an answer. A player that pauses comes back for the rest with a `Range`.
ANSWER_SECONDS: Final = 60.0
_TICK_SECONDS: Final = 0.1
_TICKS: Final = 864_000  # of a day: the counter begins anew
#: How often a server that stops looks whether its last answer has gone.
_END_SECONDS: Final = 0.005

log: Final = logging.getLogger("aimusicverse.server")


class _Wait(NamedTuple):
    """Since when a connection keeps us waiting, and how far it had come then."""

    what: Waiting
    request: Any
    resumed: int
    since: float
    amount: int

    def is_still(self, what: Waiting, connection: Any) -> bool:
        """Whether it is that one, and not another of its kind."""
        return what == self.what and connection.cycle is self.request and connection.resumed == self.resumed


class Patience:
    """Cuts connections that keep the server waiting."""

    def __init__(self, head_seconds: float, bytes_per_second: int) -> None:
        """Set the bounds.

        Args:
            head_seconds: for a whole head, from the connection or its first byte.
            bytes_per_second: that a body must bring, and a reader take, on average; 0 for any.
        """
        self._head_seconds = head_seconds
        self._bytes_per_second = bytes_per_second
        self._waits: dict[Any, _Wait] = {}

    def look(self, connections: Iterable[Any], now: float) -> None:
        """Cut those who have been waited for too long.

        Args:
            connections: `connection.Guarded`, all of them.
            now: in seconds, of a clock that never goes back.
        """
        before, self._waits = self._waits, {}
        for connection in connections:
            found = _waited_for(connection)
            if found is None:
                continue
            what, amount = found
            wait = before.get(connection)
            if wait is None or not wait.is_still(what, connection):
                wait = _Wait(what, connection.cycle, connection.resumed, now, amount)
            elif (allowed := self._allowed(what)) is not None and now - wait.since >= allowed:
                if what == "head" or amount - wait.amount < self._bytes_per_second * allowed:
                    connection.cut(what)
                    continue
                wait = wait._replace(since=now, amount=amount)
            self._waits[connection] = wait

    def _allowed(self, what: Waiting) -> float | None:
        if what == "head":
            return self._head_seconds
        if not self._bytes_per_second:
            return None
        return BODY_SECONDS if what == "body" else ANSWER_SECONDS


def _waited_for(connection: Any) -> tuple[Waiting, int] | None:
    """What the server waits for there, and a number that grows as it comes."""
    cycle = connection.cycle
    if connection.timeout_keep_alive_task is not None:
        return None  # between requests: uvicorn's own timer runs
    if cycle is None or cycle.response_complete:
        return "head", 0  # or the rest of a body that was answered before it had ended
    if connection.flow.write_paused:
        return "answer", -connection.transport.get_write_buffer_size()
    if cycle.more_body and not connection.flow.read_paused and not cycle.waiting_for_100_continue:
        return "body", connection.received
    return None


class PatientServer(uvicorn.Server):
    """uvicorn's server, which looks after the clock ten times a second anyway; it stops without waiting."""

    def __init__(self, config: uvicorn.Config, patience: Patience) -> None:
        super().__init__(config)
        self._patience = patience
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()

    def stop(self) -> None:
        """From any thread: take no more, and end once what is being answered has ended."""
        self.should_exit = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)

    async def main_loop(self) -> None:
        """Ten times a second look after the clock, until somebody says stop."""
        self._loop = asyncio.get_running_loop()
        counter = 0
        while not await self.on_tick(counter):
            counter = (counter + 1) % _TICKS
            with suppress(TimeoutError):
                async with asyncio.timeout(_TICK_SECONDS):
                    await self._stop.wait()

    async def on_tick(self, counter: int) -> bool:
        """Once a second, look at the connections."""
        if counter % 10 == 0:
            now = asyncio.get_running_loop().time()
            self._patience.look(list(self.server_state.connections), now)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's, but over in the moment in which the last answer has gone.

        A connection that was accepted in the last moment is told to end, too.
        """
        for server in self.servers:
            server.close()
        for listener in sockets or ():
            listener.close()
        state = self.server_state
        told: set[object] = set()
        try:
            async with asyncio.timeout(self.config.timeout_graceful_shutdown):
                while True:
                    for connection in list(state.connections):
                        if connection not in told:
                            told.add(connection)
                            connection.shutdown()
                    await asyncio.sleep(_END_SECONDS)
                    if self.force_exit or not (state.connections or state.tasks):
                        break
                for server in self.servers:
                    await server.wait_closed()
        except TimeoutError:
            log.error("requests that would not end are cut", extra={"requests": len(state.tasks)})
            for task in state.tasks:
                task.cancel(msg="the server stops")
