"""A real server over a quick engine, on a real socket."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

from aimusicverse.clock import ServerClock
from aimusicverse.secret import Secret
from aimusicverse.server import agreement
from aimusicverse.server.running import RunningServer
from aimusicverse.server.security.key_format import Mode
from aimusicverse.server.settings import Settings
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.opening import open_store
from tests.server.cheap_hashes import cheaply
from tests.server.databases import DATABASES, lent_database
from tests.server.deliveries.receiver import Receiver, receiving
from tests.server.deliveries.sending import Sending
from tests.server.quick_engine import QuickEngine
from tests.server.store.s3_stand_in import StandIn


class Api:
    """HTTP to a server, with its key, under the prefix."""

    def __init__(self, server: RunningServer, engine: QuickEngine) -> None:
        self.server = server
        self.engine = engine
        self.key = server.api_key.get_secret_value()
        self.http = httpx.Client(
            base_url=f"{server.url}/api/v1",
            headers={"Authorization": f"Bearer {self.key}"},
            timeout=30,
        )
        self.get = self.http.get
        self.post = self.http.post
        self.patch = self.http.patch
        self.delete = self.http.delete

    def generate(self, **fields: Any) -> dict[str, Any]:
        """A generation that has ended."""
        body = {"prompt": "lofi hip hop", "duration_seconds": 5, **fields}
        created = self.post("/generate", json=body)
        assert created.status_code == 202, created.text
        return self.wait(created.json()["id"])

    def wait(self, generation_id: str) -> dict[str, Any]:
        """A generation once it has ended."""
        answer: dict[str, Any] = self.get(f"/generations/{generation_id}?wait=20").json()
        return answer

    def advance(self, by: timedelta) -> None:
        """Move server time."""
        self.server.services.store.write_now(agreement.advance_clock, by)

    def event_types(self) -> list[str]:
        """The log, as types."""
        return [event["type"] for event in self.get("/events").json()["data"]]


@pytest.fixture(scope="session")
def first_key() -> Callable[[], AbstractContextManager[None]]:
    """Where a server makes its first key, whose hash would be half of a start."""
    return cheaply


@pytest.fixture(autouse=True)
def hashes() -> Iterator[None]:
    """Keys are hashed cheaply, but in the tests of keys (`security/conftest.py`)."""
    with cheaply():
        yield


@pytest.fixture(scope="module", params=DATABASES)
def database_name(request: pytest.FixtureRequest) -> str:
    """Which kind of database a test runs on: each runs on both."""
    return str(request.param)


@pytest.fixture
def sqlite_only(database_name: str) -> None:
    """For a promise about a file."""
    if database_name != "sqlite":
        pytest.skip("this is about SQLite's file")


@pytest.fixture
def database_url(database_name: str) -> Iterator[Secret | None]:
    """A database without a row; None for a file in the data folder."""
    with nullcontext() if database_name == "sqlite" else lent_database() as url:
        yield url


@pytest.fixture
def start(
    tmp_path: Path, database_url: Secret | None, first_key: Callable[[], AbstractContextManager[None]]
) -> Iterator[Callable[..., Api]]:
    """Start servers; all are closed at the end. By default on one folder and one database."""
    running: list[Api] = []

    def start(
        folder: Path | None = None, engine: QuickEngine | None = None, mode: Mode = "live", **settings: Any
    ) -> Api:
        engine = engine or QuickEngine()
        settings.setdefault("database_url", database_url)
        with first_key():
            server = RunningServer(
                Settings.from_environment({}, data_dir=folder or tmp_path / "server", port=0, **settings),
                engines={engine.name: engine},
                mode=mode,
            )
        api = Api(server, engine)
        running.append(api)
        return api

    yield start
    for api in running:
        api.engine.held.clear()
        api.http.close()
        api.server.close()


@pytest.fixture
def api(start: Callable[..., Api]) -> Api:
    """A server that has just started."""
    return start()


@pytest.fixture(scope="module")
def shared(
    tmp_path_factory: pytest.TempPathFactory,
    database_name: str,
    first_key: Callable[[], AbstractContextManager[None]],
) -> Iterator[Api]:
    """One server for a whole file of tests that leave no trace."""
    engine = QuickEngine()
    with nullcontext() if database_name == "sqlite" else lent_database() as url:
        settings = Settings.from_environment(
            {}, data_dir=tmp_path_factory.mktemp("server"), port=0, database_url=url
        )
        with first_key():
            server = RunningServer(settings, engines={engine.name: engine})
        api = Api(server, engine)
        yield api
        api.http.close()
        api.server.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """An endpoint that accepts everything, unless a test says otherwise."""
    with receiving() as one:
        yield one


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


@pytest.fixture
def store(tmp_path: Path, database_url: Secret | None) -> Iterator[Store]:
    """A store without a server."""
    store = open_store(database_url, tmp_path / "amv.db", clock=ServerClock())
    yield store
    store.close()


@pytest.fixture(scope="session")
def stand_in() -> Iterator[StandIn]:
    """An S3 store on a loopback port."""
    store = StandIn()
    yield store
    store.close()


@pytest.fixture
def bucket(stand_in: StandIn) -> Iterator[str]:
    """A new bucket in it; no fault is played before, nor left."""
    name = f"music-{secrets.token_hex(6)}"
    stand_in.well_again()
    stand_in.bucket(name)
    stand_in.calls()
    stand_in.users()
    yield name
    stand_in.well_again()
