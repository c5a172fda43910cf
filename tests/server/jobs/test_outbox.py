"""The outbox: claimed once, fenced, never lost."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from aimusicverse.server.api_keys import queries as owners
from aimusicverse.server.jobs import outbox
from aimusicverse.server.jobs.worker import Worker
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.errors import StoreError
from aimusicverse.server.store.real_time import RealTime
from aimusicverse.server.store.tables import job as jobs


@pytest.fixture(autouse=True)
def _owner(store: Store) -> None:
    store.write_now(owners.insert_owner, "usr_1", name="x", tier="local")


def add(store: Store, ref: str = "x", **options: object) -> None:
    store.write_now(lambda tx: outbox.add(tx, "usr_1", "test", ref=ref, payload={"ref": ref}, **options))  # type: ignore[arg-type]


def claim(store: Store, limit: int = 10) -> list[outbox.Job]:
    return store.write_now(outbox.claim, who="me", limit=limit)


def test_a_job_is_claimed_once(store: Store) -> None:
    add(store)
    assert len(claim(store)) == 1
    assert claim(store) == []


def test_a_job_is_not_due_before_its_time_on_the_servers_clock(store: Store) -> None:
    add(store, due_at=store.clock.now() + timedelta(hours=1))
    assert claim(store) == []
    assert 3500 < (store.read_now(outbox.seconds_until_next) or 0) <= 3600
    store.clock.set_offset(timedelta(hours=1))
    assert len(claim(store)) == 1


def test_a_job_that_runs_does_not_hide_one_that_falls_due_sooner(store: Store) -> None:
    add(store, "running")
    claim(store)
    add(store, "soon", due_at=store.clock.now() + timedelta(seconds=5))
    assert 0 < (store.read_now(outbox.seconds_until_next) or 0) <= 5


def test_without_work_there_is_nothing_to_wait_for(store: Store) -> None:
    assert store.read_now(outbox.seconds_until_next) is None


def test_a_lease_that_ran_out_is_claimed_again_and_fences_the_first(store: Store) -> None:
    add(store)
    [first] = claim(store)
    store.write_now(lambda tx: tx.execute(sa.update(jobs).values(lease_until=RealTime() - 0.001)))
    [second] = claim(store)
    assert second.claim_no == first.claim_no + 1
    for late in (outbox.finish, outbox.renew, outbox.put_back):
        with pytest.raises(outbox.ClaimLost):
            store.write_now(late, first)
    store.write_now(outbox.finish, second)
    assert second.tries == 0  # a crash is not a try


def test_a_try_that_failed_counts_and_comes_again(store: Store) -> None:
    add(store)
    [job] = claim(store)
    store.write_now(lambda tx: outbox.try_again(tx, job, due_at=tx.now))
    [again] = claim(store)
    assert again.tries == 1


def test_a_withdrawn_job_loses_its_claim(store: Store) -> None:
    add(store)
    [job] = claim(store)
    store.write_now(outbox.withdraw, "x")
    with pytest.raises(outbox.ClaimLost):
        store.read_now(outbox.check, job)
    with pytest.raises(outbox.ClaimLost):
        store.write_now(outbox.finish, job)


def test_leases_of_the_dead_are_released_at_once(store: Store) -> None:
    add(store)
    claim(store)
    assert store.write_now(outbox.release_all_leases) == 1
    assert len(claim(store)) == 1


def test_leases_of_one_that_died_are_released_and_no_others(store: Store) -> None:
    add(store, "a")
    add(store, "b")
    [first] = store.write_now(outbox.claim, who="dead", limit=1)
    store.write_now(outbox.claim, who="alive", limit=1)
    assert store.write_now(outbox.release_leases, ["dead", "long ago"]) == 1
    assert [job.ref for job in claim(store)] == [first.ref]


def test_a_job_that_was_put_back_is_taken_by_a_worker_that_sleeps(store: Store) -> None:
    done = threading.Event()

    def handle(job: outbox.Job, stopping: threading.Event) -> None:
        store.write_now(outbox.finish, job)
        done.set()

    add(store)
    [job] = store.write_now(outbox.claim, who="another", limit=1)
    worker = Worker(store, {"test": handle}, slots=1, housekeeping=lambda: None)
    worker.start()
    try:
        assert not done.wait(0.3)
        store.write_now(outbox.put_back, job)
        assert done.wait(5)
    finally:
        worker.stop()


def test_a_database_that_is_away_for_a_moment_costs_a_job_no_try(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aimusicverse.server.jobs.worker._STORE_RETRY_SECONDS", 0.0)
    tries: list[int] = []
    done = threading.Event()

    def handle(job: outbox.Job, stopping: threading.Event) -> None:
        tries.append(job.tries)
        if len(tries) < 3:
            raise StoreError("away")
        store.write_now(outbox.finish, job)
        done.set()

    worker = Worker(store, {"test": handle}, slots=1, housekeeping=lambda: None)
    worker.start()
    try:
        add(store)
        assert done.wait(20)
    finally:
        worker.stop()
    assert tries == [0, 0, 0]


def test_finished_jobs_are_forgotten_after_a_while(store: Store) -> None:
    add(store)
    [job] = claim(store)
    store.write_now(outbox.finish, job)
    assert store.write_now(lambda tx: outbox.forget_done(tx, tx.now - timedelta(days=1))) == 0
    assert store.write_now(lambda tx: outbox.forget_done(tx, tx.now + timedelta(days=1))) == 1


def test_a_worker_does_each_job_once_and_a_failed_one_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aimusicverse.server.jobs.worker._RETRY_SECONDS", (0,))
    done: list[str] = []
    all_done, lock = threading.Event(), threading.Lock()
    failed_once: set[str] = set()

    def handle(job: outbox.Job, stopping: threading.Event) -> None:
        if job.ref == "7" and job.ref not in failed_once:
            failed_once.add(job.ref)
            raise RuntimeError("the first try fails")
        store.write_now(outbox.finish, job)
        with lock:
            done.append(job.ref)
            if len(done) == 20:
                all_done.set()

    worker = Worker(store, {"test": handle}, slots=3, housekeeping=lambda: None)
    worker.start()
    try:
        for n in range(20):
            add(store, str(n))
        assert all_done.wait(20)
    finally:
        worker.stop()
    assert sorted(done, key=int) == [str(n) for n in range(20)]


def test_moving_the_clock_begins_what_falls_due(store: Store) -> None:
    done = threading.Event()

    def handle(job: outbox.Job, stopping: threading.Event) -> None:
        store.write_now(outbox.finish, job)
        done.set()

    worker = Worker(store, {"test": handle}, slots=1, housekeeping=lambda: None)
    worker.start()
    store.clock.when_moved(worker.wake)
    try:
        add(store, due_at=store.clock.now() + timedelta(hours=1))
        assert not done.wait(0.2)
        store.clock.set_offset(timedelta(hours=1))
        assert done.wait(5)
    finally:
        worker.stop()


def test_a_defect_in_housekeeping_does_not_end_the_worker(store: Store) -> None:
    done = threading.Event()

    def handle(job: outbox.Job, stopping: threading.Event) -> None:
        store.write_now(outbox.finish, job)
        done.set()

    def break_down() -> None:
        raise RuntimeError("defect")

    worker = Worker(store, {"test": handle}, slots=1, housekeeping=break_down)
    worker.start()
    try:
        add(store)
        assert done.wait(20)
    finally:
        worker.stop()
