"""SQLite: one writer, readers of their own, one file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from aimusicverse.clock import ServerClock
from aimusicverse.server.store import errors
from aimusicverse.server.store.sqlite import SqliteStore
from aimusicverse.server.store.tables import owner
from aimusicverse.server.store.transaction import Transaction

pytestmark = pytest.mark.usefixtures("from_nothing")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """A store without a server."""
    store = SqliteStore(tmp_path / "amv.db", clock=ServerClock())
    yield store
    store.close()


def add(tx: Transaction, name: str) -> str:
    tx.execute(sa.insert(owner).values(id=name, name=name, tier="local", created_at=tx.now))
    return name


def names(tx: Transaction) -> list[str]:
    return [row.id for row in tx.all(sa.select(owner.c.id).order_by(owner.c.id))]


def test_whoever_waits_is_woken_after_the_commit_and_sees_it(store: SqliteStore) -> None:
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


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "amv.db"
    path.write_bytes(b"this is not a database, not at all" * 100)
    with pytest.raises(errors.StoreDamaged, match=str(path)):
        SqliteStore(path, clock=ServerClock())
    assert path.read_bytes().startswith(b"this is not")


def test_a_database_with_torn_pages_is_named(tmp_path: Path) -> None:
    path = tmp_path / "amv.db"
    store = SqliteStore(path, clock=ServerClock())
    for n in range(200):
        store.write_now(add, f"{n:03}" + "x" * 30)
    store.close()
    content = bytearray(path.read_bytes())
    for page in range(1, len(content) // 4096):
        content[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    path.write_bytes(content)
    with pytest.raises(errors.StoreDamaged):
        SqliteStore(path, clock=ServerClock()).read_now(names)


def test_a_database_that_another_process_holds_is_busy_not_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aimusicverse.server.store.sqlite.BUSY_SECONDS", 0)
    store = SqliteStore(tmp_path / "amv.db", clock=ServerClock())
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


def test_a_full_disk_is_said_and_survived(store: SqliteStore) -> None:
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


def test_a_log_does_not_grow_because_of_readers(store: SqliteStore) -> None:
    for n in range(300):
        store.write_now(add, f"{n:04}")
        store.read_now(names)
    with sqlite3.connect(store.path) as other:
        busy, pages, folded = other.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    other.close()
    assert (busy, pages) == (0, folded)
