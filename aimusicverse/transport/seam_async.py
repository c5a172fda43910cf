"""Where the two worlds really differ, on the async side. By hand; `seam_sync` is its counterpart."""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any

from aimusicverse.errors import ConfigurationError
from aimusicverse.transport.deadline import Deadline
from aimusicverse.transport.lean_httpx import httpx

async_sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


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
    """The event loop that a client belongs to: the one that it was first used in, in each process."""

    __slots__ = ("_loop", "_process")

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._process = os.getpid()

    def check(self) -> None:
        """Say so when another loop uses the client: its connections would wait in the first for ever.

        Raises:
            ConfigurationError: a second event loop.
        """
        running = asyncio.get_running_loop()
        if self._loop is None or self._process != os.getpid():
            self._loop, self._process = running, os.getpid()
        elif self._loop is not running:
            raise ConfigurationError(
                "this AsyncClient belongs to another event loop; make one inside each asyncio.run()"
            )


def own_transport(named: str | None, options: dict[str, Any]) -> httpx.AsyncBaseTransport:
    """A transport of our own. No deadline is needed in it: whatever waits is cancelled.

    Raises:
        ConfigurationError: a name that stands for none, or a package that is not installed.
    """
    if named is None:
        return httpx.AsyncHTTPTransport(**options)
    if named != "aiohttp":
        raise ConfigurationError(f"transport is 'aiohttp' or an httpx.AsyncBaseTransport, not {named!r}")
    try:
        from aimusicverse.transport.aiohttp_transport import AiohttpTransport
    except ModuleNotFoundError as missing:
        name = missing.name
    else:
        return AiohttpTransport(**options)
    raise ConfigurationError(f"this transport needs the package {name}: pip install 'aimusicverse[aiohttp]'")
