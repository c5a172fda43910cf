"""A server with stand-in stores and a bot, on each database; `amv` and a client that talk to it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from aimusicverse import Client
from aimusicverse.cli.app import main
from aimusicverse.local_sandbox import LocalSandbox
from aimusicverse.secret import Secret
from aimusicverse.types import Distribution
from tests.notify.bot_api import TOKEN, BotApi
from tests.server.conftest import (  # noqa: F401
    Api,
    database_name,
    database_url,
    first_key,
    hashes,
    receiver,
    start,
)
from tests.server.notifications.conftest import _soon, telegram  # noqa: F401

#: How long a stand-in store looks at a release, on the server's clock.
REVIEW = timedelta(seconds=20)


class World:
    """Somebody with a server, a terminal and a chat."""

    def __init__(self, api: Api, client: Client, capfd: pytest.CaptureFixture[str]) -> None:
        self.api = api
        self.client = client
        self._capfd = capfd
        stand_ins = api.server.services.stand_ins
        assert stand_ins is not None
        self.sandbox = LocalSandbox(stand_ins)

    def amv(self, *words: str, code: int = 0) -> str:
        """What `amv` prints."""
        self._capfd.readouterr()
        ended = main(words)
        out, errors = self._capfd.readouterr()
        assert ended == code, errors
        return out

    def data(self, *words: str) -> Any:
        """The same as JSON."""
        return json.loads(self.amv(*words, "--json"))

    def until(self, one: Distribution | str, *statuses: str) -> Distribution:
        """Let the server's clock run on, as far as a store needs to look at it, until it is so everywhere."""
        for _ in range(40):
            found = self.client.distributions.get(one, wait=2)
            if {delivery.status for delivery in found.deliveries} <= set(statuses):
                return found
            if any(delivery.status == "processing" for delivery in found.deliveries):
                self.api.advance(REVIEW)
        raise AssertionError(f"it never came to be {statuses}: {found.deliveries}")

    def until_heard(self, one: str, platform: str) -> None:
        """Until the server knows how often it was heard there."""
        end = time.monotonic() + 60
        while True:
            found = self.client.distributions.get(one)
            if any(at.platform == platform and at.streams for at in found.deliveries):
                return
            assert time.monotonic() < end, f"nobody hears it: {found.deliveries}"
            time.sleep(0.1)


@pytest.fixture
def world(
    start: Callable[..., Api],  # noqa: F811
    telegram: BotApi,  # noqa: F811
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[World]:
    """All of it, in a working folder of its own."""
    api = start(
        mode="test",
        sandbox_review_seconds=REVIEW.total_seconds(),
        telegram_token=Secret(TOKEN),
        telegram_url=telegram.url,
    )
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("AMV_BASE_URL", api.server.url)
    monkeypatch.setenv("AMV_API_KEY", api.key)
    monkeypatch.setenv("AMV_CONFIG_DIR", str(tmp_path))
    with Client(api.key, api.server.url) as client:
        yield World(api, client, capfd)
