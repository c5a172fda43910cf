"""The store: one writer, readers of their own, nothing lost, nothing half-done."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from aimusicverse.clock import ServerClock
from aimusicverse.server.store import errors
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
    assert isinstance(results[1], sa.exc.IntegrityError)
    assert await store.read(names) == ["a", "b"]


def test_a_read_cannot_write(store: Store) -> None:
    with pytest.raises((sa.exc.OperationalError, errors.StoreError), match=r"readonly|cannot be used"):
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
    assert answers == [([], [])]


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


def test_whoever_waits_is_woken_after_the_commit_and_sees_it(store: Store) -> None:
    seen: list[list[str]] = []

    def write(tx: Transaction) -> None:
        add(tx, "a")
        tx.wake("news")

    def look() -> None:
        with sqlite3.connect(store.path) as other:
            seen.append([row[0] for row in other.execute("SELECT id FROM owner")])
        other.close()

    with store.signals.listen("news", look):
        store.write_now(write)
        store.write_now(lambda tx: None)
    assert seen == [["a"]]


def test_a_write_that_failed_wakes_nobody(store: Store) -> None:
    woken: list[int] = []

    def write(tx: Transaction) -> None:
        tx.wake("news")
        raise RuntimeError("no")

    with store.signals.listen("news", lambda: woken.append(1)), pytest.raises(RuntimeError):
        store.write_now(write)
    assert woken == []


def test_what_was_accepted_is_finished_by_close(tmp_path: Path) -> None:
    store = Store(tmp_path / "amv.db", clock=ServerClock())
    futures = [store._submit(store._writes, add, f"{n:03}") for n in range(200)]
    store.close()
    assert all(future.result() for future in futures)
    with pytest.raises(errors.StoreError, match="closed"):
        store.write_now(add, "late")
    store.close()


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "amv.db"
    path.write_bytes(b"this is not a database, not at all" * 100)
    with pytest.raises(errors.StoreDamaged, match=str(path)):
        Store(path, clock=ServerClock())
    assert path.read_bytes().startswith(b"this is not")


def test_a_database_with_torn_pages_is_named(tmp_path: Path) -> None:
    path = tmp_path / "amv.db"
    store = Store(path, clock=ServerClock())
    for n in range(200):
        store.write_now(add, f"{n:03}" + "x" * 30)
    store.close()
    content = bytearray(path.read_bytes())
    for page in range(1, len(content) // 4096):
        content[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    path.write_bytes(content)
    with pytest.raises(errors.StoreDamaged):
        Store(path, clock=ServerClock()).read_now(names)


def test_a_database_that_another_process_holds_is_busy_not_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aimusicverse.server.store.sqlite.BUSY_SECONDS", 0)
    store = Store(tmp_path / "amv.db", clock=ServerClock())
    other = sqlite3.connect(store.path, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(errors.StoreBusy, match="locked"):
            store.write_now(add, "a")
        other.execute("ROLLBACK")
        store.write_now(add, "b")
        assert store.read_now(names) == ["b"]
    finally:
        other.close()
        store.close()


def test_a_full_disk_is_said_and_survived(store: Store) -> None:
    def fill(tx: Transaction) -> None:
        for n in range(2000):
            add(tx, f"{n:05}" + "x" * 35)

    # SQLite's own limit on pages gives the very error of a full disk.
    store.write_now(lambda tx: tx.execute(sa.text("PRAGMA max_page_count=1")))
    with pytest.raises(errors.StoreFull, match="no room left"):
        store.write_now(fill)
    store.write_now(lambda tx: tx.execute(sa.text("PRAGMA max_page_count=1000000")))
    store.write_now(add, "a")
    assert store.read_now(names) == ["a"]


def test_a_log_does_not_grow_because_of_readers(store: Store) -> None:
    for n in range(300):
        store.write_now(add, f"{n:04}")
        store.read_now(names)
    with sqlite3.connect(store.path) as other:
        busy, pages, folded = other.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    other.close()
    assert (busy, pages) == (0, folded)
