"""Faults on demand: the next calls to a route are answered late, wrongly, in part, or not at all."""

from __future__ import annotations

import asyncio
import re
import threading
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aimusicverse.server.problems import problem_of_status
from aimusicverse.server.settings import PREFIX
from aimusicverse.types.local import Fault

#: Where a request finds its connection, in dev mode.
TRANSPORT = "amv.transport"


def resettable_protocol(base: type[Any]) -> type[Any]:
    """That protocol, telling each request its connection, so that a fault can reset it."""

    class ResettableProtocol(base):  # type: ignore[misc]
        app_state: dict[str, Any]

        def connection_made(self, transport: Any) -> None:
            """Remember the connection where uvicorn copies state into each request."""
            self.app_state = {**self.app_state, TRANSPORT: transport}
            super().connection_made(transport)

    return ResettableProtocol


class Faults:
    """Faults still to be played. Any thread may add; the event loop takes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[tuple[re.Pattern[str], Fault, int]] = []

    def add(self, fault: Fault) -> None:
        """Play `fault` on the next calls to its route, after those that were added before."""
        with self._lock:
            self._waiting.append((_pattern(fault.route), fault, fault.times))

    def clear(self) -> None:
        """Forget all that were not played yet."""
        with self._lock:
            self._waiting.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """The fault for this call, if there is one; counts it."""
        if not self._waiting:
            return None
        called = f"{method} {path.removeprefix(PREFIX)}"
        with self._lock:
            for index, (pattern, fault, left) in enumerate(self._waiting):
                if pattern.fullmatch(called):
                    if left > 1:
                        self._waiting[index] = (pattern, fault, left - 1)
                    else:
                        del self._waiting[index]
                    return fault
        return None


async def play(fault: Fault, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one call as `fault` wants."""
    if fault.delay_seconds:
        await asyncio.sleep(fault.delay_seconds)
    if fault.drop == "before":
        _reset(scope)
    elif fault.status is not None:
        await _refuse(fault, scope, send)
    elif fault.drop == "after":
        await app(scope, receive, _swallow)
        _reset(scope)
    elif fault.cut_body_after is not None:
        await _cut(fault.cut_body_after, app, scope, receive, send)
    elif fault.garbage:
        await app(scope, receive, _swallow)
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [(b"content-type", b"application/json")],
            }
        )
        await send({"type": "http.response.body", "body": b"\x1f\x8b not what was promised"})
    else:
        await app(scope, receive, send)


async def _swallow(message: Message) -> None:
    """An answer that nobody gets."""


def _reset(scope: Scope) -> None:
    scope["state"][TRANSPORT].abort()


async def _refuse(fault: Fault, scope: Scope, send: Send) -> None:
    answer = problem_of_status(fault.status or 500, request_id=scope["amv.request_id"])
    headers = [(b"content-type", b"application/problem+json")]
    if fault.retry_after is not None:
        headers.append((b"retry-after", fault.retry_after.encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.model_dump_json(exclude_none=True).encode()})


async def _cut(after: int, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    left = after

    async def send_some(message: Message) -> None:
        nonlocal left
        if message["type"] == "http.response.body" and left >= 0:
            body = message.get("body", b"")[:left]
            left -= len(message.get("body", b""))
            await send({"type": "http.response.body", "body": body, "more_body": True})
            if left <= 0:
                left = -1
                await asyncio.sleep(0.05)  # let what was sent leave before the reset
                _reset(scope)
        elif message["type"] == "http.response.start":
            await send(message)

    await app(scope, receive, send_some)


def _pattern(route: str) -> re.Pattern[str]:
    """`GET /tracks/{id}` as a pattern; `*` stands for any method, or for any rest of a path."""
    method, _, path = route.partition(" ")
    path = path.removeprefix(PREFIX)
    parts = re.split(r"(\{\w+\}|\*)", path)
    pattern = "".join(
        "[^/]+" if part.startswith("{") else ".*" if part == "*" else re.escape(part) for part in parts
    )
    return re.compile(f"{'[A-Z]+' if method == '*' else method} {pattern}")
