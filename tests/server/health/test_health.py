"""`GET /admin/health` says how the server is, and goes on saying it when half of it is gone."""

from __future__ import annotations

import shutil
import threading
from collections import namedtuple
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from aimusicverse.server.health import presence, queries, service
from aimusicverse.server.health.queries import Presence
from aimusicverse.server.jobs import outbox
from aimusicverse.server.running import RunningWorker
from aimusicverse.server.settings import Settings
from aimusicverse.server.store.base import Queued, Store
from aimusicverse.server.store.blobs import BlobsUnavailable
from aimusicverse.server.store.errors import StoreError
from aimusicverse.server.store.tables import process
from aimusicverse.types.health import DiskSpace, JobKind
from tests.server.conftest import Api
from tests.server.processes import until

Disk = namedtuple("Disk", "total used free")


def health(api: Api) -> dict[str, Any]:
    answer = api.get("/admin/health")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def checks(api: Api) -> dict[str, str]:
    return {one["name"]: one["status"] for one in health(api)["checks"]}


def test_a_server_that_is_well_says_so(api: Api) -> None:
    until(lambda: health(api)["processes"])
    found = health(api)
    assert found["status"] == "ok", found
    assert set(checks(api)) == {"database", "jobs", "workers", "audio_store", "disk", "usage"}
    [alive] = found["processes"]
    assert (alive["name"], alive["answers"], alive["slots"]) == ("server", True, 2)
    assert found["answered_by"] == "server"
    assert 0 < found["disk"]["free_bytes"] < found["disk"]["total_bytes"]
    assert found["store_queue"] == {"writes": 0, "reads": 0}


def test_work_that_nobody_begins_is_a_warning_and_then_failing(start: Callable[..., Api]) -> None:
    api = start(jobs=False)
    until(lambda: health(api)["processes"])
    assert checks(api)["workers"] == "warning"
    api.post("/generate", json={"prompt": "lofi", "duration_seconds": 5})
    assert (checks(api)["jobs"], checks(api)["workers"]) == ("ok", "failing")
    api.advance(timedelta(seconds=90))
    assert checks(api)["jobs"] == "warning"
    api.advance(timedelta(minutes=11))
    assert checks(api)["jobs"] == "failing"
    found = health(api)
    assert found["status"] == "failing"
    [render] = [kind for kind in found["jobs"] if kind["kind"] == "render"]
    assert (render["due"], render["running"], render["later"]) == (1, 0, 0)
    assert 740 < render["oldest_due_seconds"] < 900


def test_jobs_that_run_and_those_that_are_not_due_are_told_apart(store: Store) -> None:
    from aimusicverse.server.api_keys import queries as owners

    store.write_now(owners.insert_owner, "usr_1", name="x", tier="local")

    def add(kind: str, **options: Any) -> None:
        store.write_now(lambda tx: outbox.add(tx, "usr_1", kind, ref="x", payload={}, **options))

    add("a")
    store.write_now(outbox.claim, who="me", limit=1)
    add("a")
    add("b", due_at=store.clock.now() + timedelta(hours=1))
    found = store.read_now(queries.jobs)
    assert [(kind.kind, kind.later, kind.due, kind.running) for kind in found] == [
        ("a", 0, 1, 1),
        ("b", 1, 0, 0),
    ]
    assert [kind.oldest_due_seconds is None for kind in found] == [False, True]


def test_a_database_that_is_away_is_a_line_of_the_answer(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    health(api)

    async def away(*_: Any, **__: Any) -> None:
        raise StoreError("the database is away")

    monkeypatch.setattr(api.server.services.store, "read", away)
    found = health(api)
    assert (found["status"], found["jobs"]) == ("failing", [])
    assert {one["name"]: one["detail"] for one in found["checks"]}["database"] == "the database is away"


def test_an_audio_store_that_is_away_is_another(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise BlobsUnavailable("the bucket is away")

    monkeypatch.setattr(api.server.services.blobs, "check", away)
    assert checks(api)["audio_store"] == "failing"


@pytest.mark.parametrize(
    ("free", "status"),
    [(50 * 10**9, "ok"), (4 * 10**9, "warning"), (400 * 10**6, "failing"), (0, "failing")],
)
def test_a_disk_that_is_almost_full_is_told(
    api: Api, monkeypatch: pytest.MonkeyPatch, free: int, status: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(100 * 10**9, 0, free))
    assert checks(api)["disk"] == status


def test_a_small_disk_is_not_full_only_because_it_is_small() -> None:
    assert service.of_disk(DiskSpace(total_bytes=2 * 10**9, free_bytes=10**9)).status == "ok"


def test_requests_that_were_not_counted_are_told(api: Api, start: Callable[..., Api]) -> None:
    api.server.services.usage._refused = 3
    assert checks(api)["usage"] == "warning"


def test_a_slow_database_is_told() -> None:
    assert service.of_database(service.SLOW_DATABASE_MS + 1).status == "warning"


def test_nobody_who_works_is_failing_only_when_there_is_work() -> None:
    due = JobKind(kind="render", later=0, due=1, running=0, oldest_due_seconds=1)
    assert service.of_workers([], [due]).status == "failing"
    assert service.of_workers([], []).status == "warning"


def alive(store: Store) -> list[str]:
    return [one.name for one in store.read_now(queries.processes)]


def test_who_was_not_seen_for_long_is_gone_and_removed_by_the_others(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write_now(queries.seen, Presence("dead", 1, 0))
    store.write_now(queries.seen, Presence("alive", 1, 0))
    store.write_now(
        lambda tx: tx.execute(
            sa.update(process).where(process.c.name == "dead").values(seen_at=process.c.seen_at - 61)
        )
    )
    assert alive(store) == ["alive"]
    store.write_now(queries.seen, Presence("another", 0, 2))
    rows = store.read_now(lambda tx: tx.all(sa.select(process.c.name).order_by(process.c.name)))
    assert [row.name for row in rows] == ["alive", "another"]


def test_signs_of_life_are_repeated_and_taken_back_at_the_end(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "SECONDS", 0.02)
    me = Presence("me", 1, 2)
    with presence.present(store, me):
        until(lambda: alive(store))
        store.write_now(lambda tx: tx.execute(sa.delete(process)))  # as a reset does
        until(lambda: alive(store))
        store.write_now(lambda tx: tx.execute(sa.update(process).values(seen_at=process.c.seen_at - 30)))
        until(lambda: store.read_now(queries.processes)[0].seen_seconds_ago < 5)
    assert alive(store) == []


def test_a_database_that_is_away_does_not_end_them(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "SECONDS", 0.02)
    write, failing = store.write_now, threading.Event()
    failing.set()

    def sometimes(*args: Any, **kwargs: Any) -> Any:
        if failing.is_set():
            raise StoreError("away")
        return write(*args, **kwargs)

    monkeypatch.setattr(store, "write_now", sometimes)
    with presence.present(store, Presence("me", 1, 2)):
        failing.clear()
        until(lambda: alive(store))
        failing.set()


def test_a_process_that_only_does_jobs_is_seen(start: Callable[..., Api], database_name: str) -> None:
    if database_name == "sqlite":
        pytest.skip("on SQLite one process does all")
    api = start(jobs=False)
    settings = api.server.services.settings
    worker = RunningWorker(
        Settings.from_environment(
            {}, data_dir=settings.data_dir, database_url=settings.database_url, render_slots=3
        )
    )
    try:
        names = until(lambda: len(found := health(api)["processes"]) == 2 and found)
        assert {(one["name"], one["answers"], one["slots"]) for one in names} == {
            ("server", True, 0),
            ("worker", False, 3),
        }
        assert checks(api)["workers"] == "ok"
    finally:
        worker.close()
    assert [one["name"] for one in health(api)["processes"]] == ["server"]


def test_what_waits_for_the_database_is_counted(store: Store) -> None:
    held = threading.Event()
    with ThreadPoolExecutor(20) as threads:
        waiting = [threads.submit(store.write_now, lambda tx: held.wait(20)) for _ in range(20)]
        until(lambda: store.queued.writes > 0)
        held.set()
        assert all(one.result() for one in waiting)
    assert store.queued == Queued(0, 0)
