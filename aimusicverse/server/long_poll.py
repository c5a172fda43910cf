"""Waiting for a state: one request that answers when there is something to say, or the time is up."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

from fastapi import Query

from aimusicverse.server.call import CallContext

T = TypeVar("T")

#: `?wait=0..60`
Wait = Annotated[int, Query(ge=0, le=60, description="Answer when there is news, or after so many seconds.")]


async def until(
    call: CallContext, topic: str, wait: float, look: Callable[[], Awaitable[T]], enough: Callable[[T], bool]
) -> T:
    """What `look` gives once it is `enough`, or after `wait` seconds, or when the server stops."""
    if wait <= 0:
        return await look()
    services = call.services
    deadline = time.monotonic() + wait
    with services.store.signals.subscribe(topic) as news, services.store.signals.listen(CLOSING, news.notify):
        while True:
            found = await look()
            left = deadline - time.monotonic()
            if left <= 0 or services.closing or enough(found):
                return found
            began = time.monotonic()
            await news.wait(left)
            call.hold(time.monotonic() - began)


#: The topic that wakes every long poll when the server stops.
CLOSING = "closing"
