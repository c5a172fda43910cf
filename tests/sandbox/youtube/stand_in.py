"""A YouTube of a test's own: the stand-in, on a loopback port, with a clock that can be moved."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from aimusicverse.platforms import oauth
from aimusicverse.platforms.base import Surroundings as AroundConnectors
from aimusicverse.platforms.http import open_client
from aimusicverse.platforms.store_addresses import StoreAddress, address_of
from aimusicverse.sandbox.orders import Order, Orders
from aimusicverse.sandbox.releases import SandboxRelease
from aimusicverse.sandbox.state import State
from aimusicverse.sandbox.surroundings import Surroundings
from aimusicverse.sandbox.youtube import app, releases
from aimusicverse.secret import Secret

STORE = "youtube_music"
NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
REVIEW = timedelta(seconds=20)
APP = oauth.App("app-of-tests", Secret("its-secret"), "http://127.0.0.1:1/return")


@dataclass
class Clock:
    """Server time, which only moves when it is told to."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at

    def forward(self, by: timedelta) -> None:
        self.at += by


@dataclass
class StandIn:
    """A stand-in that answers, and what is behind it."""

    url: str
    clock: Clock
    around: Surroundings
    heard: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    @property
    def address(self) -> StoreAddress:
        return address_of(STORE, self.around_connectors())

    def around_connectors(self, ffmpeg: str = "ffmpeg") -> AroundConnectors:
        return AroundConnectors(sandbox_url=self.url, ffmpeg=ffmpeg)

    def order(self, what: Any, **more: Any) -> None:
        self.around.orders.give(Order(STORE, what, **more))

    def reviewed(self) -> None:
        self.clock.forward(REVIEW + timedelta(seconds=1))

    def releases(self) -> list[SandboxRelease]:
        return releases(self.around)

    def records(self, kind: str) -> dict[str, dict[str, Any]]:
        return self.around.state.all(STORE, kind)

    def calls(self, method: str, ending: str) -> int:
        return sum(1 for said, path, _ in self.heard if said == method and path.endswith(ending))

    def sign_in(self, **more: str) -> oauth.Tokens:
        """As a person with a browser."""
        address, verifier = self.address, oauth.verifier()
        where = oauth.authorize_url(
            address, APP.client_id, APP.redirect_uri, address.scopes, "state-1", oauth.challenge(verifier)
        )
        with open_client(address) as client:
            sent_to = client.get(where, params={**dict(httpx.URL(where).params), **more}).headers["location"]
            query = parse_qs(urlsplit(sent_to).query)
            assert query["state"] == ["state-1"]
            return oauth.exchange(client, address, APP, query["code"][0], verifier)

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.sign_in().access.get_secret_value()}"}


@contextmanager
def stand_in(folder: Path, **more: Any) -> Iterator[StandIn]:
    """One that keeps its memory in `folder`."""
    clock = Clock()
    state = State(folder / "sandbox.db")
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        around = Surroundings(folder, clock.now, REVIEW, url, state, Orders(state))
        found = StandIn(url, clock, around)
        inner = Starlette(routes=[Mount("/youtube", app(around, **more))])

        async def listening(scope: Any, receive: Any, send: Any) -> None:
            headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
            found.heard.append((scope["method"], scope["path"], headers))
            await inner(scope, receive, send)

        server = uvicorn.Server(
            uvicorn.Config(listening, log_config=None, log_level="critical", lifespan="off")
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield found
        finally:
            server.should_exit = True
            thread.join(20)
            state.close()
    assert not thread.is_alive()
