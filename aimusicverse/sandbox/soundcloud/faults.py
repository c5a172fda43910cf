"""Breaking down as ordered: slow, refused, hung up, with or without having done what was asked."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from aimusicverse.sandbox.orders import Order, Orders

Work = Callable[[Request], Awaitable[Response]]
_LINK = "https://developers.soundcloud.com/docs/api/explorer/open-api"


class HungUp(Response):
    """The connection breaks: an answer is promised, and its end never comes."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Begin an answer; the server hangs up when nothing follows."""
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]},
        )


class _EnoughRead(Exception):
    """So much of the body has come as was ordered."""


def error(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    """An error as the description has it; a 401 is empty (soundcloud/api, issue 562)."""
    if status == 401:
        return Response(status_code=401, headers=headers)
    content = json.dumps({"code": status, "message": message, "link": _LINK})
    return Response(content, status, headers, media_type="application/json; charset=utf-8")


async def carried_out(orders: Orders, store: str, call: str, request: Request, work: Work) -> Response:
    """Answer a call, or play the fault that was ordered for it.

    With `after_bytes` so much of the body is read before. Where the body is no longer than that, all that was
    asked is done, and only the answer is lost. Status 200 is no fault: it only takes its time.
    """
    order = await run_in_threadpool(orders.take, store, "fault", call)
    if order is None:
        return await work(request)
    if order.status == 200:
        await asyncio.sleep(order.seconds)
        return await work(request)
    if order.after_bytes:
        with contextlib.suppress(_EnoughRead):
            await work(Request(request.scope, _until(request.receive, order.after_bytes)))
    await asyncio.sleep(order.seconds)
    return _fault(order)


def _fault(order: Order) -> Response:
    if order.status == 0:
        return HungUp()
    if order.body:
        return Response(order.body, order.status, order.headers)
    return error(order.status, order.reason or "an error that was ordered", order.headers)


def _until(receive: Receive, most: int) -> Receive:
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise _EnoughRead
        return message

    return counted
