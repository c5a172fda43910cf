"""The outermost layer (plain ASGI): request id, size limit, the last resort against errors, the log."""

from __future__ import annotations

import logging
import time
from typing import Any, Final

from fastapi import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aimusicverse.server.deprecations import EXTRA_HEADERS
from aimusicverse.server.ids import new_id
from aimusicverse.server.local import faults
from aimusicverse.server.problems import problem
from aimusicverse.server.services import Services
from aimusicverse.server.settings import PREFIX

log: Final = logging.getLogger("aimusicverse.server.access")

MAX_BODY_BYTES = 1024 * 1024
#: What reads a body of any size, in pieces.
_STREAMED = frozenset({("POST", "/_local/upload"), ("POST", f"{PREFIX}/tracks")})


class Front:
    """Gives the shared application one server's services, and every answer what all answers have."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self._app = app
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1000})
            return
        request_id = new_id("req")
        scope["amv.services"] = self._services
        scope["amv.request_id"] = request_id
        began = time.perf_counter()
        status = 0

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message.setdefault("headers", [])
                headers.append((b"x-request-id", request_id.encode()))
                headers.extend(scope.get(EXTRA_HEADERS, ()))
            await send(message)

        try:
            if not _is_streamed(scope) and _content_length(scope) > MAX_BODY_BYTES:
                # The rest of the body is not read, so the connection cannot go on.
                await _answer(send_named, "body_too_large", request_id, [(b"connection", b"close")])
            else:
                await self._serve(scope, receive, send_named)
        except Exception:
            log.exception("a request met a defect", extra={"request_id": request_id, "path": scope["path"]})
            if not status:
                await _answer(send_named, "internal_error", request_id)
        finally:
            if log.isEnabledFor(logging.INFO):
                route = scope.get("route")
                log.info(
                    "request",
                    extra={
                        "request_id": request_id,
                        "method": scope["method"],
                        "route": getattr(route, "path", None) or scope["path"],
                        "status": status,
                        "ms": round((time.perf_counter() - began) * 1000, 2),
                    },
                )

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        dev = self._services.dev
        fault = dev.faults.take(scope["method"], scope["path"]) if dev is not None else None
        if fault is not None:
            await faults.play(fault, self._app, scope, _limited(receive), send)
        else:
            await self._app(scope, receive if _is_streamed(scope) else _limited(receive), send)


def _is_streamed(scope: Scope) -> bool:
    return (scope["method"], scope["path"]) in _STREAMED


def _content_length(scope: Scope) -> int:
    """What the request says of its body; 0 when it says nothing, as with chunks."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


def _limited(receive: Receive) -> Receive:
    read = 0

    async def limited() -> Message:
        nonlocal read
        message = await receive()
        if message["type"] == "http.request":
            read += len(message.get("body", b""))
            if read > MAX_BODY_BYTES:
                raise HTTPException(413)  # the one kind of exception that FastAPI's body reader lets through
        return message

    return limited


async def _answer(
    send: Any, code: str, request_id: str, headers: list[tuple[bytes, bytes]] | None = None
) -> None:
    answer = problem(code, request_id=request_id)
    body = answer.model_dump_json(exclude_none=True).encode()
    await send(
        {
            "type": "http.response.start",
            "status": answer.status,
            "headers": [
                (b"content-type", b"application/problem+json"),
                (b"content-length", str(len(body)).encode()),
                *(headers or []),
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})
