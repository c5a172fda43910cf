"""Several worker processes on one outbox: each job has its effect once, whoever is killed or stands still."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from aimusicverse.secret import Secret
from aimusicverse.server.api_keys import queries as owners
from aimusicverse.server.jobs import outbox
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.tables import job as jobs
from aimusicverse.server.store.transaction import Transaction
from tests.server.conftest import Api
from tests.server.databases import ADMIN
from tests.server.processes import Start, programs, until

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals that freeze and kill are POSIX's")

WORKER = (sys.executable, "-m", "tests.server.jobs.worker_process")


@pytest.fixture(scope="module")
def database_name() -> str:
    """Several processes are for PostgreSQL."""
    return "postgres"


@pytest.fixture
def begin(database_url: Secret, tmp_path: Path) -> Iterator[Start]:
    """Starts workers; by default their folder is that of the server."""
    (tmp_path / "server").mkdir(mode=0o700, exist_ok=True)
    with programs(tmp_path / "server", database_url) as start:
        yield lambda *words, **options: start(*words, command=WORKER, **options)


@pytest.fixture
def box(store: Store) -> Store:
    store.write_now(owners.insert_owner, "usr_1", name="x", tier="local")
    store.write_now(
        lambda tx: tx.execute(sa.text("CREATE TABLE effect (job text NOT NULL, claim_no integer NOT NULL)"))
    )
    return store


def add(store: Store, total: int, seconds: float = 0.0) -> None:
    for first in range(0, total, 500):
        store.write_now(_add, range(first, min(first + 500, total)), seconds)


def _add(tx: Transaction, numbers: range, seconds: float) -> None:
    for number in numbers:
        outbox.add(tx, "usr_1", "count", ref=f"j{number}", payload={"seconds": seconds})


def effects(store: Store) -> list[str]:
    return [row.job for row in store.read_now(lambda tx: tx.all(sa.text("SELECT job FROM effect")))]


def left(store: Store) -> int:
    waiting = sa.select(sa.func.count()).select_from(jobs).where(jobs.c.state == "waiting")
    return int(store.read_now(lambda tx: tx.scalar(waiting)))


def all_once(store: Store, total: int, seconds: float = 60) -> None:
    until(lambda: left(store) == 0, seconds)
    assert sorted(effects(store)) == sorted(f"j{number}" for number in range(total))


def kill_again_and_again(store: Store, begin: Start, *, every: float, times: int) -> None:
    workers = [begin("count", "30") for _ in range(3)]
    for _ in range(times):
        victim = random.choice([worker for worker in workers if worker.said("ready")] or workers)
        time.sleep(every)
        victim.end(signal.SIGKILL)
        workers[workers.index(victim)] = begin("count", "30")


def test_a_thousand_jobs_are_each_done_once_by_three_processes(box: Store, begin: Start) -> None:
    workers = [begin("count", "30") for _ in range(3)]
    for worker in workers:
        until(lambda worker=worker: worker.said("ready"))  # type: ignore[misc]
    add(box, 1000)
    all_once(box, 1000)
    lines = [line for worker in workers for line in worker.lines()]
    assert not [line for line in lines if "exception" in line]


def test_workers_that_are_killed_every_half_second_lose_nothing_and_do_nothing_twice(
    box: Store, begin: Start
) -> None:
    add(box, 300, seconds=0.02)
    kill_again_and_again(box, begin, every=0.5, times=6)
    all_once(box, 300, seconds=25)  # under a lease: what the dead held was taken up at once


def test_connections_that_are_cut_again_and_again_cost_nothing(
    box: Store, begin: Start, database_url: Secret
) -> None:
    workers = [begin("count", "30") for _ in range(2)]
    for worker in workers:
        until(lambda worker=worker: worker.said("ready"))  # type: ignore[misc]
    add(box, 300, seconds=0.02)
    name = sa.make_url(database_url.get_secret_value()).database
    with psycopg.connect(ADMIN, autocommit=True) as admin:
        for _ in range(6):
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            time.sleep(0.3)
    all_once(box, 300)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_twenty_thousand_jobs_are_each_done_once_when_nothing_dies(box: Store, begin: Start) -> None:
    for _ in range(3):
        begin("count", "30")
    add(box, 20_000)
    all_once(box, 20_000, seconds=600)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_twenty_thousand_jobs_survive_a_minute_of_a_kill_every_second(box: Store, begin: Start) -> None:
    add(box, 20_000)
    kill_again_and_again(box, begin, every=1.0, times=60)
    all_once(box, 20_000, seconds=600)


def test_a_worker_that_stood_still_beyond_its_lease_is_refused_and_leaves_no_second_track(
    start: Any, begin: Start
) -> None:
    api: Api = start(jobs=False)
    frozen = begin("render", "2", "1.5")
    until(lambda: frozen.said("ready"))
    generation = api.post("/generate", json={"prompt": "lofi", "duration_seconds": 5}).json()["id"]
    until(lambda: api.get(f"/generations/{generation}").json()["status"] == "processing")
    os.kill(frozen.pid, signal.SIGSTOP)
    other = begin("render", "2", "0.2")
    ended = api.wait(generation)
    assert ended["status"] == "completed"
    assert not other.said("interrupted work is taken up again")  # it lives: only its lease ran out
    os.kill(frozen.pid, signal.SIGCONT)
    until(lambda: frozen.said("job given up: it is somebody else's now"))
    assert api.wait(generation)["tracks"] == ended["tracks"]
    assert len(ended["tracks"]) == len(api.get("/tracks").json()["data"]) == 1
    types = api.event_types()
    assert types.count("track.created") == types.count("generation.completed") == 1
    assert types[-1] == "generation.completed"


def test_workers_of_another_folder_take_over_once_a_lease_has_run_out(
    box: Store, begin: Start, tmp_path: Path
) -> None:
    add(box, 8, seconds=0.3)
    here = begin("count", "3")
    until(lambda: box.read_now(lambda tx: tx.scalar(sa.select(sa.func.max(jobs.c.lease_until)))) > 0)
    here.end(signal.SIGKILL)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    begin("count", "3", folder=elsewhere)
    all_once(box, 8, seconds=20)
