"""One release to every store of the sandbox, by the table's connectors: each has it once, on its day."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import uvicorn

from aimusicverse.platforms import oauth
from aimusicverse.platforms.base import Standing, Surroundings
from aimusicverse.platforms.http import open_client
from aimusicverse.platforms.store_addresses import address_of
from aimusicverse.platforms.table import connector, route
from aimusicverse.sandbox.sandbox import Sandbox
from aimusicverse.secret import Secret
from tests.platforms.apple_music.delivering import Apple, Journal

STORES = ("soundcloud", "youtube_music", "spotify", "ddex", "ddex_43", "apple_music")
APP = oauth.App("test-app", Secret("test-app-secret"), "http://127.0.0.1:1/return")
#: For everybody, once it is out.
_PUBLIC = {"soundcloud.sharing": "public", "youtube.privacy": "public", "youtube.publish_at": None}
needs_ffmpeg = pytest.mark.skipif(
    shutil.which("ffmpeg") is None, reason="makes a video: install Debian's ffmpeg"
)


class SignedIn:
    """An account at a stand-in, connected in a browser as a person does it."""

    settings: Mapping[str, Any] = {}

    def __init__(self, platform: str, around: Surroundings) -> None:
        self._address, verifier = address_of(platform, around), oauth.verifier()
        where = oauth.authorize_url(
            self._address,
            APP.client_id,
            APP.redirect_uri,
            self._address.scopes,
            "s",
            oauth.challenge(verifier),
        )
        back = parse_qs(urlsplit(httpx.get(where, trust_env=False).headers["location"]).query)
        with open_client(self._address) as client:
            self._tokens = oauth.exchange(client, self._address, APP, back["code"][0], verifier)

    def secret(self, name: str) -> Secret | None:
        return None

    def access_token(self, *, other_than: str | None = None) -> str:
        if other_than is not None and self._tokens.refresh is not None:
            with open_client(self._address) as client:
                self._tokens = oauth.refresh(client, self._address, APP, self._tokens.refresh)
        return self._tokens.access.get_secret_value()


class Stores:
    """All of them on one socket, and a delivery to each."""

    def __init__(self, apple: Apple, port: int) -> None:
        self.apple = apple
        url = f"http://127.0.0.1:{port}/_sandbox"
        folder = apple.folder / "sandbox"
        self.sandbox = Sandbox(folder, apple.clock.now, timedelta(seconds=20), url)
        self.around = Surroundings(sandbox_url=url, sandbox_folder=folder)
        self.journals = {platform: Journal(apple.clock) for platform in STORES}
        self.accounts: dict[str, SignedIn] = {}

    def sign_in(self) -> None:
        for platform in STORES:
            found = route(platform)
            if found is not None and "sandbox" in found.needs_account:
                self.accounts[platform] = SignedIn(platform, self.around)

    def deliver(self, platform: str) -> Standing:
        made = connector(platform, None, self.accounts.get(platform), self.around)
        try:
            return made.deliver(self.apple.parcel(_PUBLIC), self.journals[platform])
        finally:
            made.close()

    def all(self, step: str) -> dict[str, str]:
        """How it stands in each, once the stores have done their part."""
        self.sandbox.advance()
        found = {}
        for platform in STORES:
            made = connector(platform, None, self.accounts.get(platform), self.around)
            try:
                found[platform] = getattr(made, step)(self.journals[platform]).stands
            finally:
                made.close()
        return found


@pytest.fixture
def stores(tmp_path: Any) -> Iterator[Stores]:
    from starlette.applications import Starlette
    from starlette.routing import Mount

    listening = socket.create_server(("127.0.0.1", 0))
    made = Stores(Apple(tmp_path), listening.getsockname()[1])
    app = Starlette(routes=[Mount("/_sandbox", made.sandbox.app)])
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    made.sign_in()
    yield made
    server.should_exit = True
    thread.join()
    listening.close()
    made.sandbox.close()


@needs_ffmpeg
def test_every_store_has_the_release_once_and_opens_it_when_it_is_time(stores: Stores) -> None:
    for platform in STORES:
        assert stores.deliver(platform).stands in ("processing", "ready")
    stores.all("look")
    stores.apple.clock.move(seconds=21)
    assert stores.all("look") == dict.fromkeys(STORES, "ready")
    assert not [one for one in stores.sandbox.releases() if one.status == "live"]
    stores.apple.clock.at = stores.apple.parcel().release_at or stores.apple.clock.at
    stores.all("release")
    assert stores.all("look") == dict.fromkeys(STORES, "live")
    found = stores.sandbox.releases()
    assert sorted(one.store for one in found) == sorted(STORES)
    assert {one.status for one in found} == {"live"}
    assert all("Paper Lanterns" in one.title for one in found)
    stores.apple.clock.move(days=2)
    assert all(one.streams > 0 for one in stores.sandbox.releases())


@needs_ffmpeg
def test_delivered_again_every_store_still_has_it_once(stores: Stores) -> None:
    for _ in range(2):
        for platform in STORES:
            stores.deliver(platform)
        stores.all("look")
        stores.apple.clock.move(seconds=21)
    assert stores.all("look") == dict.fromkeys(STORES, "ready")
    assert sorted(one.store for one in stores.sandbox.releases()) == sorted(STORES)
