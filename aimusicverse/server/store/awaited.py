"""An answer that a store's thread gives to a coroutine.

`asyncio.wrap_future` does the same over a future of threads, with a lock, a condition and three callbacks;
with short reads that cost as much as the reading.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, Final, Generic, Protocol, TypeVar

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)


class Asked(Protocol[T_contra]):
    """Who waits for a result: a `concurrent.futures.Future`, or a coroutine."""

    def set_running_or_notify_cancel(self) -> bool:
        """Whether somebody still waits. Said once, before the work begins."""
        ...

    def set_result(self, result: T_contra, /) -> None:
        """The work is done."""
        ...

    def set_exception(self, exception: BaseException | None, /) -> None:
        """The work failed."""
        ...

    def done(self) -> bool:
        """Whether it was answered."""
        ...


class Awaited(Generic[T]):
    """A coroutine of the loop in which this is made."""

    __slots__ = ("_answered", "_loop", "future")

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._answered = False
        #: What the coroutine awaits.
        self.future: Final[asyncio.Future[T]] = self._loop.create_future()

    def set_running_or_notify_cancel(self) -> bool:
        """Whether the coroutine still waits."""
        return not self.future.cancelled()

    def set_result(self, result: T, /) -> None:
        """The work is done."""
        self._settle(False, result)

    def set_exception(self, exception: BaseException | None, /) -> None:
        """The work failed."""
        self._settle(True, exception)

    def done(self) -> bool:
        """Whether it was answered, or nobody waits any more."""
        return self._answered or self.future.cancelled()

    def _settle(self, failed: bool, answer: Any) -> None:
        self._answered = True
        with suppress(RuntimeError):  # the loop is closed, so nobody waits
            self._loop.call_soon_threadsafe(self._tell, failed, answer)

    def _tell(self, failed: bool, answer: Any) -> None:
        if self.future.cancelled():
            return
        if failed:
            self.future.set_exception(answer)
        else:
            self.future.set_result(answer)
