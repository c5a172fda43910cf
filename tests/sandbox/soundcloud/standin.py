"""The stand-in for SoundCloud on a real socket, which writes down what it was asked and what it answered."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn

from aimusicverse.clock import ServerClock
from aimusicverse.sandbox.orders import Order, Orders
from aimusicverse.sandbox.releases import SandboxRelease
from aimusicverse.sandbox.soundcloud import app, releases
from aimusicverse.sandbox.state import State
from aimusicverse.sandbox.surroundings import Surroundings

#: Larger bodies are counted, and only their beginning is kept.
_KEPT = 2 * 1024 * 1024


@dataclass
class Exchange:
    """One call."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytearray = field(default_factory=bytearray)
    size: int = 0
    status: int = 0
    answer_type: str = ""
    answer: bytearray = field(default_factory=bytearray)


class StandIn:
    """Running; its clock can be moved, and it does as it is told."""

    def __init__(self, folder: Path, review: timedelta) -> None:
        self.clock = ServerClock()
        self.state = State(folder / "sandbox.db")
        self.exchanges: list[Exchange] = []
        self.most_seen = 0
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.surroundings = Surroundings(
            folder, self.clock.now, review, self.url, self.state, Orders(self.state)
        )
        self._inner = app(self.surroundings)
        self._server = uvicorn.Server(
            uvicorn.Config(
                self._app,
                host="127.0.0.1",
                port=port,
                log_level="critical",
                lifespan="off",
                interface="asgi3",
                timeout_graceful_shutdown=1,
            )
        )
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def move(self, by: timedelta) -> None:
        self.clock.set_offset(self.clock.offset + by)

    def order(self, **what: Any) -> None:
        self.surroundings.orders.give(Order("soundcloud", **what))

    def releases(self) -> list[SandboxRelease]:
        return releases(self.surroundings)

    def there(self) -> list[SandboxRelease]:
        """Those that were not taken down."""
        return [one for one in self.releases() if one.status != "taken_down"]

    def asked(self, method: str, path: str) -> list[Exchange]:
        return [one for one in self.exchanges if (one.method, one.path) == (method, path)]

    def start(self) -> None:
        self._thread.start()
        waiting = threading.Event()
        while not self._server.started:
            assert self._thread.is_alive()
            waiting.wait(0.01)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self.state.close()

    async def _app(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise AssertionError(scope["type"])
        path = scope["path"]
        exchange = Exchange(
            scope["method"],
            path.removeprefix("/soundcloud"),
            scope["query_string"].decode(),
            {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]},
        )
        self.exchanges.append(exchange)

        async def heard() -> Any:
            message = await receive()
            piece = message.get("body", b"")
            exchange.size += len(piece)
            exchange.body += piece[: max(0, _KEPT - len(exchange.body))]
            return message

        async def said(message: Any) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                exchange.answer_type = dict(message["headers"]).get(b"content-type", b"").decode()
            exchange.answer += message.get("body", b"")
            await send(message)

        inner = dict(scope) | {"root_path": "/soundcloud"}
        await self._inner(inner, heard, said)


@contextmanager
def stand_in(folder: Path, review: timedelta = timedelta()) -> Iterator[StandIn]:
    """One, until the block ends."""
    running = StandIn(folder, review)
    running.start()
    try:
        yield running
    finally:
        running.stop()
