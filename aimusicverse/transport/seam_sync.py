"""Where the two worlds really differ, on the sync side. By hand; `seam_async` is its counterpart.

Apart from it, so that a sync client does not load asyncio.
"""

from __future__ import annotations

import time
from types import TracebackType

from aimusicverse.transport.deadline import Deadline

sleep = time.sleep


class TimeLimit:
    """Ends nothing: a blocked thread cannot be called back. Phase timeouts do the work."""

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
