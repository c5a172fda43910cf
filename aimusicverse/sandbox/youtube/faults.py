"""Faults by order: late, wrong, in the middle of a body, or after all was done and before it was answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aimusicverse.sandbox.orders import Order
from aimusicverse.sandbox.surroundings import Surroundings

STORE: Final = "youtube_music"


def faulty(name: str | Callable[[Scope], str], app: ASGIApp, surroundings: Surroundings) -> ASGIApp:
    """That app, which breaks down when it is ordered to.

    An order with `after_bytes` first lets as much of the body through; with more than there is, the call is
    done and its answer lost. One with status 200 is slow, and nothing else.

    Args:
        name: of the call, as orders name it.
        app: that does it.
        surroundings: of the sandbox.
    """

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        call = name if isinstance(name, str) else name(scope)
        order = await run_in_threadpool(surroundings.orders.take, STORE, "fault", call)
        if order is None:
            await app(scope, receive, send)
            return
        if order.seconds:
            await asyncio.sleep(order.seconds)
        if order.status == 200:
            await app(scope, receive, send)
            return
        if order.after_bytes:
            await app(scope, _some(receive, order.after_bytes), _nobody)
        elif order.status:
            await _drained(receive)
        await _play(order, send)

    return answer


def _some(receive: Receive, most: int) -> Receive:
    left = most

    async def some() -> Message:
        nonlocal left
        if left <= 0:
            return {"type": "http.disconnect"}
        message = await receive()
        body = message.get("body", b"")
        if len(body) >= left:
            message = {**message, "body": body[:left], "more_body": True}
        left -= len(body)
        return message

    return some


async def _nobody(message: Message) -> None:
    """Hears the answer."""


async def _drained(receive: Receive) -> None:
    while (message := await receive()).get("more_body"):
        if message["type"] == "http.disconnect":
            return


async def _play(order: Order, send: Send) -> None:
    if not order.status:
        # More is promised than comes: the server hangs up, and whoever called has no answer.
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})
        return
    headers = [(b"content-type", b"application/json; charset=UTF-8")]
    headers += [(key.lower().encode(), value.encode()) for key, value in (order.headers or {}).items()]
    await send({"type": "http.response.start", "status": order.status, "headers": headers})
    await send({"type": "http.response.body", "body": order.body.encode()})
