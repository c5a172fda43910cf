"""Where the two worlds really differ, on the sync side. By hand; `seam_async` is its counterpart.

Apart from it, so that a sync client does not load asyncio.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

from aimusicverse.errors import ConfigurationError
from aimusicverse.transport.deadline import Deadline
from aimusicverse.transport.lean_httpx import httpx
from aimusicverse.transport.network import DeadlineTransport

sleep: Callable[[float], None] = time.sleep


class TimeLimit:
    """Ends nothing: a blocked thread cannot be called back. The network looks at the clock instead."""

    __slots__ = ()

    def __init__(self, deadline: Deadline) -> None:
        pass

    def expired(self) -> bool:
        """Never."""
        return False

    def __enter__(self) -> TimeLimit:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass


class Home:
    """Threads may share a client; there is nothing to check."""

    __slots__ = ()

    def check(self) -> None:
        """Nothing."""


def own_transport(named: str | None, options: dict[str, Any]) -> httpx.BaseTransport:
    """A transport of our own, over a network that keeps deadlines.

    Raises:
        ConfigurationError: a name, which only an AsyncClient takes.
    """
    if named is not None:
        raise ConfigurationError(f"transport is an httpx.BaseTransport, not {named!r}")
    return DeadlineTransport(**options)
