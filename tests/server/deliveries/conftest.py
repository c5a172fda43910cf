"""A server that sends, and somebody who receives."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, nullcontext
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from aimusicverse.server.running import RunningServer
from aimusicverse.server.settings import Settings
from tests.server.conftest import Api
from tests.server.databases import lent_database
from tests.server.deliveries.receiver import PATIENCE, Receiver, receiving
from tests.server.quick_engine import QuickEngine


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """An endpoint that accepts everything, unless a test says otherwise."""
    with receiving() as one:
        yield one


class Sending:
    """A server in dev mode, and what a test does with its webhooks."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.store = api.server.services.store

    def webhook(self, url: str, **fields: Any) -> dict[str, Any]:
        """A new endpoint, whose first test event is on its way."""
        made = self.api.post("/webhooks", json={"url": url, **fields})
        assert made.status_code == 201, made.text
        answer: dict[str, Any] = made.json()
        return answer

    def trigger(self, type: str = "generation.completed", **data: Any) -> dict[str, Any]:
        """A made-up event."""
        made = self.api.post("/events/trigger", json={"type": type, "data": data})
        assert made.status_code == 201, made.text
        answer: dict[str, Any] = made.json()
        return answer

    def deliveries(self, webhook: dict[str, Any], **query: str) -> list[dict[str, Any]]:
        """Those to an endpoint, newest first, but for the first test event."""
        page = self.api.get(f"/webhooks/{webhook['id']}/deliveries", params={"limit": "100", **query})
        assert page.status_code == 200, page.text
        return [one for one in page.json()["data"] if one["event_type"] != "endpoint.test"]

    def delivery(self, delivery_id: str) -> dict[str, Any]:
        """One, with what was answered."""
        answer: dict[str, Any] = self.api.get(f"/deliveries/{delivery_id}").json()
        return answer

    def until(self, look: Callable[[], Any]) -> Any:
        """What `look` finds, once it finds something."""
        end = time.monotonic() + PATIENCE
        while not (found := look()):
            assert time.monotonic() < end, "it never came to be"
            time.sleep(0.01)
        return found

    def settled(self, webhook: dict[str, Any], status: str, count: int = 1) -> list[dict[str, Any]]:
        """The deliveries to an endpoint of a status, once there are `count`."""

        def look() -> list[dict[str, Any]] | None:
            found = self.deliveries(webhook, status=status)
            return found if len(found) >= count else None

        found: list[dict[str, Any]] = self.until(look)
        return found

    def tried(self, webhook: dict[str, Any], times: int = 1) -> dict[str, Any]:
        """The newest delivery to an endpoint, once it was tried so often."""

        def look() -> dict[str, Any] | None:
            found = self.deliveries(webhook)
            return found[0] if found and len(found[0]["attempts"]) >= times else None

        found: dict[str, Any] = self.until(look)
        return found

    def let_it_die(self, webhook: dict[str, Any]) -> dict[str, Any]:
        """The newest delivery to an endpoint, after all tries that it has."""
        for times in range(1, 7):
            self.tried(webhook, times)
            self.api.advance(timedelta(seconds=18))
        [found, *_] = self.settled(webhook, "dead")
        return found

    def forget_endpoints(self) -> None:
        """Remove all that this test has made."""
        for webhook in self.api.get("/webhooks?limit=100").json()["data"]:
            assert self.api.delete(f"/webhooks/{webhook['id']}").status_code == 204


@pytest.fixture(scope="session")
def kept_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Api]]:
    """A server for each kind of database, which starts when it is first asked for."""
    with ExitStack() as undo:

        @cache
        def running(database_name: str) -> Api:
            url = undo.enter_context(nullcontext() if database_name == "sqlite" else lent_database())
            settings = Settings.from_environment(
                {}, data_dir=tmp_path_factory.mktemp("sends") / "server", port=0, database_url=url
            )
            engine = QuickEngine()
            api = Api(RunningServer(settings, engines={engine.name: engine}, mode="test"), engine)
            undo.callback(api.server.close)
            undo.callback(api.http.close)
            return api

        yield running


@pytest.fixture
def sending(kept_server: Callable[[str], Api], database_name: str) -> Iterator[Sending]:
    """A server whose key is a test key, and which has no endpoint. Its clock has moved, perhaps."""
    one = Sending(kept_server(database_name))
    yield one
    one.forget_endpoints()


@pytest.fixture
def sending_alone(start: Callable[..., Api]) -> Sending:
    """A server that no other test has used, nor will."""
    return Sending(start(mode="test"))
