"""Where the two worlds really differ, on the async side. By hand; `seam_sync` is its counterpart."""

from __future__ import annotations

import asyncio
import math
from types import TracebackType

from aimusicverse.errors import ConfigurationError
from aimusicverse.transport.deadline import Deadline

async_sleep = asyncio.sleep


class AsyncTimeLimit:
    """Ends what runs inside it when the deadline passes, wherever it waits."""

    __slots__ = ("_timeout",)

    def __init__(self, deadline: Deadline) -> None:
        left = deadline.left()
        self._timeout = asyncio.timeout(None if left == math.inf else left)

    def expired(self) -> bool:
        """Whether the TimeoutError that came out is this limit's own."""
        return self._timeout.expired()

    async def __aenter__(self) -> AsyncTimeLimit:
        await self._timeout.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._timeout.__aexit__(kind, error, trace)


class AsyncHome:
    """The event loop that a client belongs to: the one that it was first used in."""

    __slots__ = ("_loop",)

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None

    def check(self) -> None:
        """Say so when another loop uses the client: its connections would wait in the first for ever.

        Raises:
            ConfigurationError: a second event loop.
        """
        running = asyncio.get_running_loop()
        if self._loop is None:
            self._loop = running
        elif self._loop is not running:
            raise ConfigurationError(
                "this AsyncClient belongs to another event loop; make one inside each asyncio.run()"
            )
