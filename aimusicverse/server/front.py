"""The outermost layer (plain ASGI): request id, size limit, the last resort against errors, the log."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from typing import Final

from fastapi import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aimusicverse.server.admission import Admission
from aimusicverse.server.door.answer_headers import complete
from aimusicverse.server.door.door import Door
from aimusicverse.server.ids import new_id
from aimusicverse.server.local import faults
from aimusicverse.server.meant_routes import MeantRoutes
from aimusicverse.server.problems import Refusal
from aimusicverse.server.scope_keys import EXTRA_HEADERS
from aimusicverse.server.services import Services
from aimusicverse.server.stores.sandbox_door import is_of_the_sandbox

log: Final = logging.getLogger("aimusicverse.server.access")


class Front:
    """Gives the shared application one server's services, and every answer what all answers have."""

    def __init__(
        self,
        app: ASGIApp,
        services: Services,
        door: Door | None = None,
        meant: MeantRoutes | None = None,
    ) -> None:
        """`meant`: the routes of `app`, under which refused requests are recorded too."""
        self._meant = meant or MeantRoutes(())
        self._app = Admission(app, services, self._meant)
        self._services = services
        self._usage = services.usage
        self._door = door or Door(services.settings)

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
        status = sent = 0
        verdict = self._door.look(scope)

        async def send_named(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message.setdefault("headers", [])
                headers.append((b"x-request-id", request_id.encode()))
                headers.extend(scope.get(EXTRA_HEADERS, ()))
                complete(headers, verdict.headers)
            else:
                sent += len(message.get("body", b""))
            await send(message)

        try:
            if verdict.refusal is not None:
                self._meant.note(scope)
                await _refuse(send_named, verdict.refusal, request_id)
            elif verdict.preflight is not None:
                await _answer(send_named, 204, verdict.preflight)
            else:
                if verdict.count_to is not None:
                    receive = _limited(receive, verdict.count_to)
                await self._serve(scope, receive, send_named)
        except Exception:
            log.exception("a request met a defect", extra={"request_id": request_id, "path": scope["path"]})
            if not status:
                await _refuse(send_named, Refusal("internal_error"), request_id)
        finally:
            seconds = time.perf_counter() - began
            if (usage := self._usage).on and not is_of_the_sandbox(scope["path"]):
                usage.take(scope, began, status, seconds, sent)
            if log.isEnabledFor(logging.INFO):
                route = scope.get("route")
                log.info(
                    "request",
                    extra={
                        "request_id": request_id,
                        "method": scope["method"],
                        "route": getattr(route, "path", None) or scope["path"],
                        "status": status,
                        "ms": round(seconds * 1000, 2),
                    },
                )

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        dev = None if is_of_the_sandbox(scope["path"]) else self._services.dev  # which has orders of its own
        fault = dev.faults.take(scope["method"], scope["path"]) if dev is not None else None
        if fault is not None:
            await faults.play(fault, self._app, scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _limited(receive: Receive, most: int) -> Receive:
    read = 0

    async def limited() -> Message:
        nonlocal read
        message = await receive()
        if message["type"] == "http.request":
            read += len(message.get("body", b""))
            if read > most:
                raise HTTPException(413)  # the one kind of exception that FastAPI's body reader lets through
        return message

    return limited


async def _refuse(send: Send, refusal: Refusal, request_id: str) -> None:
    body = refusal.problem(request_id).model_dump_json(exclude_none=True).encode()
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        *((name.lower().encode(), value.encode()) for name, value in refusal.headers.items()),
    ]
    await _answer(send, refusal.status, headers, body)


async def _answer(send: Send, status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes = b"") -> None:
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})
    await send({"type": "http.response.body", "body": body})
