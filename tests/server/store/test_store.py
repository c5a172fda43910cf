"""The store, on both databases: nothing lost, nothing half-done, nothing seen too early."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from aimusicverse.secret import Secret
from aimusicverse.server import agreement
from aimusicverse.server.store import errors, postgres, schema, sqlite
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.tables import owner
from aimusicverse.server.store.transaction import Transaction


def add(tx: Transaction, name: str) -> str:
    tx.execute(sa.insert(owner).values(id=name, name=name, tier="local", created_at=tx.now))
    return name


def names(tx: Transaction) -> list[str]:
    return [row.id for row in tx.all(sa.select(owner.c.id).order_by(owner.c.id))]


def test_a_write_is_there_for_the_next_read(store: Store) -> None:
    store.write_now(add, "a")
    assert store.read_now(names) == ["a"]


async def test_many_writes_at_once_are_all_kept(store: Store) -> None:
    await asyncio.gather(*(store.write(add, f"{n:04}") for n in range(500)))
    assert len(await store.read(names)) == 500


async def test_one_failed_write_does_not_undo_its_neighbours(store: Store) -> None:
    def fail_half_way(tx: Transaction) -> None:
        add(tx, "half")
        raise RuntimeError("no")

    results = await asyncio.gather(
        store.write(add, "a"), store.write(fail_half_way), store.write(add, "b"), return_exceptions=True
    )
    assert isinstance(results[1], RuntimeError)
    assert await store.read(names) == ["a", "b"]


async def test_a_broken_rule_of_the_database_fails_only_its_own_write(store: Store) -> None:
    results = await asyncio.gather(
        store.write(add, "a"), store.write(add, "a"), store.write(add, "b"), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["IntegrityError", "str", "str"]
    assert await store.read(names) == ["a", "b"]


def test_a_read_cannot_write(store: Store) -> None:
    with pytest.raises((sa.exc.DBAPIError, errors.StoreError), match=r"read-?only|cannot be used"):
        store.read_now(add, "a")
    store.write_now(add, "b")
    assert store.read_now(names) == ["b"]


def test_a_read_sees_one_moment_even_when_writes_go_on(store: Store) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def look_twice(tx: Transaction) -> tuple[list[str], list[str]]:
        first = names(tx)
        inside.set()
        assert go_on.wait(10)
        return first, names(tx)

    answers: list[tuple[list[str], list[str]]] = []
    reader = threading.Thread(target=lambda: answers.append(store.read_now(look_twice)))
    reader.start()
    assert inside.wait(10)
    store.write_now(add, "a")
    go_on.set()
    reader.join()
    [(first, second)] = answers
    assert first == second


async def test_a_long_read_does_not_hold_up_the_others(store: Store) -> None:
    go_on = threading.Event()
    begun = threading.Event()

    def long(tx: Transaction) -> bool:
        begun.set()
        return go_on.wait(20)

    slow = asyncio.ensure_future(store.read(long))
    await asyncio.to_thread(begun.wait, 10)
    quick = [store.read(names) for _ in range(20)]
    assert await asyncio.wait_for(asyncio.gather(*quick), 10) == [[]] * 20
    assert not slow.done()
    go_on.set()
    assert await slow


def test_a_process_older_than_a_migration_says_so_and_serves_what_it_can(
    store: Store, database_url: Secret | None, tmp_path: Path
) -> None:
    store.write_now(add, "a")
    if database_url is None:
        engine = sqlite.engine(tmp_path / "amv.db")
    else:
        engine = postgres.engine(database_url).execution_options(isolation_level="AUTOCOMMIT")
    assert store.read_now(agreement.clock_offset) == timedelta()
    schema.migrate(engine, schema.revisions()[0])  # takes a table away, as a newer version might
    for _ in range(3):
        with pytest.raises(errors.SchemaUnknown, match="restart"):
            store.read_now(agreement.clock_offset)
        with pytest.raises(errors.SchemaUnknown, match="restart"):
            store.write_now(agreement.set_clock_offset, timedelta(seconds=1))
        assert store.read_now(names) == ["a"]
    store.write_now(add, "b")
    schema.ensure(engine)
    assert store.read_now(agreement.clock_offset) == timedelta()
    assert store.read_now(names) == ["a", "b"]


def test_a_write_that_failed_wakes_nobody(store: Store) -> None:
    woken: list[int] = []

    def write(tx: Transaction) -> None:
        tx.wake("news")
        raise RuntimeError("no")

    with store.signals.listen("news", lambda: woken.append(1)):
        before = len(woken)
        with pytest.raises(RuntimeError):
            store.write_now(write)
        assert len(woken) == before


def test_what_was_accepted_is_finished_by_close(store: Store) -> None:
    futures: list[Future[str]] = [Future() for _ in range(100)]
    for n, future in enumerate(futures):
        store._submit_write(lambda tx, n=n: add(tx, f"{n:03}"), future)  # type: ignore[misc]
    store.close()
    assert [future.result() for future in futures] == [f"{n:03}" for n in range(100)]
    for refused in (store.write_now, store.read_now):
        with pytest.raises(errors.StoreError, match="closed"):
            refused(names)
    store.close()


def test_whoever_is_woken_sees_what_woke_him(store: Store) -> None:
    def write(tx: Transaction) -> None:
        add(tx, "a")
        tx.wake("news")

    seen: list[list[str]] = []
    woken = threading.Event()

    def look() -> None:
        seen.append(store.read_now(names))
        woken.set()

    with store.signals.listen("news", look):
        woken.clear()
        store.write_now(write)
        assert woken.wait(10)
    assert seen[-1] == ["a"]


async def test_who_looks_and_then_writes_is_not_overtaken(store: Store) -> None:
    def add_one_more(tx: Transaction) -> str:
        return add(tx, f"{len(names(tx)):03}")

    await asyncio.gather(*(store.write(add_one_more) for _ in range(40)))
    assert await store.read(names) == [f"{n:03}" for n in range(40)]
