"""Limits where a process is killed, and where several serve one user."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from aimusicverse.clock import ServerClock
from aimusicverse.secret import Secret
from aimusicverse.server.api_keys import queries as api_keys
from aimusicverse.server.ids import new_id
from aimusicverse.server.security import key_format, key_hash
from aimusicverse.server.security.limits import queries
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.opening import open_store
from aimusicverse.server.users import queries as users
from tests.server.databases import postgres_database
from tests.server.processes import Program, answered_by, programs, until
from tests.server.security.limits.callers import at_once, told


@pytest.fixture
def postgres_url() -> Iterator[Secret]:
    with postgres_database() as url:
        yield url


@contextmanager
def opened(url: Secret | None, folder: Path) -> Iterator[Store]:
    store = open_store(url, folder / "amv.db", clock=ServerClock())
    try:
        yield store
    finally:
        store.close()


def new_user(store: Store, keys: int, *, hour: int, day: int) -> tuple[str, list[str]]:
    """A user of figures of his own, and so many keys of his."""
    user_id = new_id("usr")
    store.write_now(
        users.insert, user_id, name="x", tier="custom", role="user", hourly_limit=hour, daily_limit=day
    )
    made = []
    for _ in range(keys):
        key_id = new_id("key")
        key, secret = key_format.mint(key_id, "live")
        store.write_now(
            api_keys.insert,
            key_id,
            owner_id=user_id,
            name="x",
            mode="live",
            hash=key_hash.hashed(secret),
            scopes=["tracks:read"],
        )
        made.append(key.get_secret_value())
    return user_id, made


def used(store: Store, user_id: str) -> float:
    level = store.read_now(queries.level_of, user_id)
    return 0.0 if level is None else level.hour


@pytest.fixture(scope="module")
def postgres_of_four() -> Iterator[Secret]:
    with postgres_database() as url:
        yield url


@pytest.fixture(scope="module")
def four(postgres_of_four: Secret, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A server of four processes that answer on one port, for users of whom each test has its own."""
    with programs(tmp_path_factory.mktemp("four") / "server", postgres_of_four) as start:
        server = start("serve", "--port", "0", "--workers", "4", "--no-jobs")
        there: set[str] = set()

        def all_are_there() -> bool:
            with server.http() as client:
                there.add(answered_by(client))
            return len(there) == 4

        until(all_are_there, 100)
        yield server


def test_of_a_thousand_calls_at_once_to_four_processes_exactly_ten_pass(
    four: Program, postgres_of_four: Secret, tmp_path: Path
) -> None:
    url = until(four.where)["url"]
    with opened(postgres_of_four, tmp_path) as store:
        # Twelve keys, so that none is suspended for its own hundred.
        user_id, keys = new_user(store, 12, hour=10, day=100)
        counted = at_once([url], [keys[number % 12] for number in range(1_000)])
        assert counted == {200: 10, 429: 990}
        assert used(store, user_id) <= 10


def test_a_user_with_many_calls_is_served_ahead_by_each_process_and_never_too_often(
    four: Program, postgres_of_four: Secret, tmp_path: Path
) -> None:
    url = until(four.where)["url"]
    size = 5_000
    with opened(postgres_of_four, tmp_path) as store:
        user_id, [key] = new_user(store, 1, hour=size, day=1_000_000)
        passed, began = 0, time.monotonic()
        while passed < 2_000:
            counted = at_once([url], [key] * 250)
            assert set(counted) == {200}
            passed += counted[200]
        refilled = (time.monotonic() - began + 1) * size / 3600
        # What was taken ahead and not used comes back.
        until(lambda: abs(used(store, user_id) - passed) <= refilled, 10)
        assert used(store, user_id) >= passed - refilled


def test_calls_over_the_limit_in_several_processes_count_together(
    four: Program, postgres_of_four: Secret, tmp_path: Path
) -> None:
    where = until(four.where)
    with opened(postgres_of_four, tmp_path) as store:
        _, [key] = new_user(store, 1, hour=0, day=0)
        # At most thirty at each: none of them alone would find it too much.
        clients = [four.http_to(f"api-{number + 1}") for number in range(4)]
        for client in clients:
            with closing(client):
                answers = {client.get("/tracks", headers={"X-API-Key": key}).status_code for _ in range(30)}
                assert answers == {429}

        def is_suspended() -> bool:
            answer = httpx.get(f"{where['url']}/api/v1/tracks", headers={"X-API-Key": key})
            return bool(answer.json()["code"] == "api_key_suspended")

        until(is_suspended, 10)


@pytest.mark.long
def test_a_process_that_is_killed_forgets_the_last_second_at_most(tmp_path: Path) -> None:
    folder = tmp_path / "server"
    with programs(folder, None) as start:
        server = start("serve", "--port", "0")
        until(server.where)
        server.end(signal.SIGTERM)
        with opened(None, folder) as store:
            _, [key] = new_user(store, 1, hour=10, day=100)
        server = start("serve", "--port", "0")
        assert _remaining(server, key, calls=6) == 4
        time.sleep(1.2)  # on a machine that is busy the writing, too, takes its time
        server.end(signal.SIGKILL)
        server = start("serve", "--port", "0")
        assert _remaining(server, key) == 3
        server.end(signal.SIGTERM)  # in order: nothing is forgotten
        server = start("serve", "--port", "0")
        assert _remaining(server, key) == 2


@pytest.mark.long
def test_on_postgres_a_process_that_is_killed_forgets_no_call(postgres_url: Secret, tmp_path: Path) -> None:
    with programs(tmp_path / "server", postgres_url) as start:
        server = start("serve", "--port", "0", "--no-jobs")
        until(server.where)
        with opened(postgres_url, tmp_path) as store:
            _, [key] = new_user(store, 1, hour=10, day=100)
        assert _remaining(server, key, calls=6) == 4
        server.end(signal.SIGKILL)
        server = start("serve", "--port", "0", "--no-jobs")
        assert _remaining(server, key) == 3


def _remaining(server: Program, key: str, *, calls: int = 1) -> int:
    """How many calls are left after some more."""
    where = until(server.where)
    with httpx.Client(headers={"X-API-Key": key}, timeout=40) as client:
        answers = [client.get(f"{where['url']}/api/v1/tracks") for _ in range(calls)]
    assert {answer.status_code for answer in answers} == {200}
    return told(answers[-1])[1]
