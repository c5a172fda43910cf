"""Several processes count together; one that is killed takes a second of its records along, and no more."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from aimusicverse.clock import ServerClock
from aimusicverse.secret import Secret
from aimusicverse.server.store.errors import StoreError
from aimusicverse.server.store.opening import open_store
from aimusicverse.server.store.tables import usage
from aimusicverse.server.usage.recorder import FLUSH_SECONDS, Recorder
from tests.server.databases import own_postgres, postgres_database
from tests.server.processes import Start, programs, until
from tests.server.usage.records import at_once, request

pytestmark = pytest.mark.skipif(os.name != "posix", reason="several processes of one socket are for POSIX")


@pytest.fixture
def postgres_url() -> Iterator[Secret]:
    with postgres_database() as url:
        yield url


@pytest.fixture
def start(postgres_url: Secret, tmp_path: Path) -> Iterator[Start]:
    with programs(tmp_path / "server", postgres_url) as start:
        yield start


@pytest.fixture
def start_on_sqlite(tmp_path: Path) -> Iterator[Start]:
    with programs(tmp_path / "server", None) as start:
        yield start


def lists(client: httpx.Client) -> int:
    """How often `GET /tracks` was asked, as the server knows now."""
    found: dict[str, Any] = client.get("/usage/stats?group_by=endpoint").json()
    return next((one["requests"] for one in found["data"] if one["endpoint"] == "GET /tracks"), 0)


def test_what_two_processes_were_asked_adds_up(start: Start) -> None:
    server = start("serve", "--port", "0", "--workers", "2", "--no-jobs")
    with closing(server.http_to("api-1")) as first, closing(server.http_to("api-2")) as second:

        def ask(client: httpx.Client) -> None:
            for _ in range(150):
                assert client.get("/tracks").status_code == 200

        with ThreadPoolExecutor(2) as threads:
            list(threads.map(ask, (first, second)))
        for client in (first, second):
            until(lambda client=client: lists(client) >= 300)  # type: ignore[misc]
            time.sleep(FLUSH_SECONDS * 1.5)
            assert lists(client) == 300


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_kill_9_costs_what_was_not_written_yet_and_nothing_else(
    request: pytest.FixtureRequest, kind: str
) -> None:
    start: Start = request.getfixturevalue("start" if kind == "postgres" else "start_on_sqlite")
    server = start("serve", "--port", "0", "--no-jobs")
    with server.http() as client:
        for _ in range(40):
            assert client.get("/tracks").status_code == 200
        time.sleep(FLUSH_SECONDS * 2.5)
        for _ in range(10):
            assert client.get("/tracks").status_code == 200
        server.end(signal.SIGKILL)
    with start("serve", "--port", "0", "--no-jobs").http() as client:
        assert 40 <= lists(client) <= 50


def test_a_server_that_is_told_to_stop_writes_all_it_has(start_on_sqlite: Start) -> None:
    server = start_on_sqlite("serve", "--port", "0", "--no-jobs")
    with server.http() as client:
        for _ in range(25):
            client.get("/tracks")
    assert server.end(signal.SIGTERM) == 0
    with start_on_sqlite("serve", "--port", "0", "--no-jobs").http() as client:
        assert lists(client) == 25


def test_a_database_that_crashes_and_comes_back_costs_nothing(tmp_path: Path) -> None:
    with own_postgres(tmp_path / "postgres") as database:
        store = open_store(database.url, Path(), clock=ServerClock())
        recorder = Recorder(store, ahead=at_once)
        try:
            for moment in range(30):
                for _ in range(10):
                    recorder.take(*request())
                if moment == 10:
                    database.stop("immediate")
                if moment == 20:
                    database.start()
                recorder.flush_if_possible()
            until(lambda: _written(store) == 300)
            assert recorder.dropped == 0
        finally:
            recorder.close()
            store.close()


def _written(store: Any) -> int | None:
    try:
        return int(store.read_now(lambda tx: tx.scalar(sa.select(sa.func.sum(usage.c.requests)))))
    except StoreError:
        return None
