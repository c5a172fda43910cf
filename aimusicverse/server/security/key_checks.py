"""bcrypt on a thread of its own: it must hold up neither the event loop nor those whose key is known."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, ParamSpec, TypeVar

from aimusicverse.secret import Secret
from aimusicverse.server.problems import Refusal
from aimusicverse.server.security import key_hash

P = ParamSpec("P")
T = TypeVar("T")

#: Unknown keys that may wait for the thread, which does about ten in a second. Whoever comes then is told
#: to come back, so that a flood of them takes neither memory nor hours.
MOST_WAITING: Final = 64
#: The thread gives way to all others: on a machine that is busy answering, keys can wait, answers cannot.
_NICENESS: Final = 10


class KeyChecks:
    """Compares secrets with hashes, and makes hashes, one at a time."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="amv-bcrypt", initializer=_give_way)
        self._waiting = 0

    def close(self) -> None:
        """Give the thread back. Checks that still wait are given up."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    async def matches(self, secret: Secret, stored: bytes) -> bool:
        """Whether `secret` is the one behind `stored`.

        Raises:
            Refusal: `authentication_busy`: too many wait already.
        """
        if self._waiting >= MOST_WAITING:
            raise Refusal("authentication_busy", headers={"Retry-After": "5"})
        self._waiting += 1
        try:
            return await self._run(key_hash.matches, secret, stored)
        finally:
            self._waiting -= 1

    async def hashed(self, secret: Secret) -> bytes:
        """The hash to keep of a new secret. Only who has a key gets this far, so it is not refused."""
        return await self._run(key_hash.hashed, secret)

    async def _run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, partial(function, *args, **kwargs)
        )


def _give_way() -> None:
    if sys.platform == "linux":  # where a thread has a priority of its own
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
