"""One connection, which takes in no more than was asked for.

aiohttp bounds a line of a head, and a body that nobody reads. It does not bound what comes around those:
`100 Continue` without end, chunks of one byte with kilobytes about them, answers that nobody asked for on a
connection that is kept. Here every byte that arrives counts, whatever it is.
"""

from __future__ import annotations

import asyncio
from time import monotonic

from aiohttp import ClientPayloadError
from aiohttp.client_proto import ResponseHandler
from aiohttp.http_exceptions import HttpProcessingError

#: Seconds after which a connection is not taken again: one that is always busy would never learn that its
#: name has moved.
LONGEST_LIFE = 60.0
#: Connections that are kept although nobody uses them.
MOST_IDLE = 128


class IdleLines:
    """Those that wait to be used again, the longest waiting one first."""

    def __init__(self) -> None:
        self._lines: dict[Line, None] = {}

    def add(self, line: Line) -> None:
        """It waits. If too many do, the first is closed."""
        self._lines[line] = None
        if len(self._lines) > MOST_IDLE:
            first = next(iter(self._lines))
            self.discard(first)
            first.cut()

    def discard(self, line: Line) -> None:
        """It is used, or gone."""
        self._lines.pop(line, None)


class Line(ResponseHandler):
    """aiohttp's side of a connection, with a counter.

    Attributes:
        flooded: more came than was asked for, and the connection was cut.
        garbled: what came is not HTTP.
        used: how many exchanges it was taken for.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, idle: IdleLines) -> None:
        super().__init__(loop)
        self._idle = idle
        self._made = monotonic()
        #: aiohttp forgets its own when it begins to close it.
        self._wire: asyncio.Transport | None = None
        self._owner: object | None = None
        self._left = 0
        self._asked_for = 0
        self.flooded = False
        self.garbled = False
        self.used = 0

    @property
    def silent(self) -> bool:
        """Nothing has arrived since it was taken."""
        return self._left == self._asked_for

    @property
    def fit(self) -> bool:
        """Whether it may be taken once more. What came unasked would be read as the next answer."""
        return not self.flooded and not self.should_close and monotonic() - self._made < LONGEST_LIFE

    def take(self, owner: object, most: int) -> None:
        """For one exchange, in which so many bytes may arrive."""
        self._idle.discard(self)
        self._owner = owner
        self._left = self._asked_for = most
        self.used += 1

    def leave(self, owner: object, *, keep: bool) -> None:
        """The exchange is over. Another owner may have it by now, if it was kept: then nothing is done."""
        if self._owner is not owner:
            return
        self._owner = None
        self._left = 0
        if keep and self.fit and self.is_connected():
            self._idle.add(self)
        else:
            self.cut()

    def cut(self) -> None:
        """End it now. `close` would first wait until the other side has read what was sent."""
        if self._wire is not None:
            self._wire.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is there."""
        super().connection_made(transport)
        self._wire = self.transport

    def connection_lost(self, exc: BaseException | None) -> None:
        """It is gone."""
        self._idle.discard(self)
        self._wire = None
        super().connection_lost(exc)

    def set_exception(self, exc: BaseException, *cause: BaseException) -> None:
        """It cannot go on. Whoever waits for more of a body is told too, which aiohttp 3.14 forgets."""
        if isinstance(exc, HttpProcessingError):
            self.garbled = True
            if self._payload is not None:
                self._payload.set_exception(ClientPayloadError())
        super().set_exception(exc, *cause)

    def data_received(self, data: bytes) -> None:
        """Pass on what was asked for, and no more."""
        wanted = data[: self._left]
        self._left -= len(wanted)
        if len(wanted) < len(data) and not self.flooded:
            self.flooded = True
            self._loop.call_soon(self.cut)  # after whoever waits for `wanted` has had it
        if wanted or not data:  # aiohttp says so, with nothing, that it goes on after a pause
            super().data_received(wanted)
