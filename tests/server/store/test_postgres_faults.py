"""PostgreSQL treated badly: nothing acknowledged is lost, nothing is there twice, work goes on by itself."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
import sqlalchemy as sa

from aimusicverse.clock import ServerClock
from aimusicverse.secret import Secret
from aimusicverse.server.api_keys import queries as owners
from aimusicverse.server.events import queries as events
from aimusicverse.server.store import errors, postgres
from aimusicverse.server.store.postgres import PostgresStore
from aimusicverse.server.store.tables import event
from aimusicverse.server.store.transaction import Transaction
from tests.server.databases import OwnPostgres, own_postgres, postgres_database


@pytest.fixture
def server(tmp_path: Path) -> Iterator[OwnPostgres]:
    with own_postgres(tmp_path / "postgres") as server:
        yield server


@pytest.fixture
def url() -> Iterator[Secret]:
    with postgres_database() as url:
        yield url


def append(tx: Transaction, number: int) -> int:
    events.insert(tx, "usr_1", event_id=f"evt_{number:06}", type="x", data={})
    return number


def numbers(tx: Transaction) -> list[int]:
    return [int(row.id[4:]) for row in tx.all(sa.select(event.c.id).order_by(event.c.seq))]


class Load:
    """Writers and readers who go on whatever happens."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._write, args=(n,)) for n in range(3)]
        self._threads.append(threading.Thread(target=self._read))
        self.acknowledged: list[int] = []
        self.refusals: list[errors.StoreError] = []
        self.others: list[Exception] = []

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def goes_on(self) -> None:
        """Wait until writes are acknowledged again."""
        before, deadline = len(self.acknowledged), time.monotonic() + 30
        while len(self.acknowledged) < before + 20:
            assert time.monotonic() < deadline, "no write was acknowledged"
            time.sleep(0.01)

    def _write(self, writer: int) -> None:
        number = writer
        while not self._stop.is_set():
            number += 3
            self._try(lambda number=number: self.acknowledged.append(self._store.write_now(append, number)))  # type: ignore[misc]

    def _read(self) -> None:
        while not self._stop.is_set():
            self._try(lambda: self._store.read_now(numbers))
            time.sleep(0.005)

    def _try(self, call) -> None:  # type: ignore[no-untyped-def]
        try:
            call()
        except errors.StoreError as error:
            self.refusals.append(error)
            time.sleep(0.01)
        except Exception as error:
            self.others.append(error)


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_restart_under_load_loses_and_doubles_nothing(
    server: OwnPostgres, mode: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "aimusicverse.server.store")
    store = PostgresStore(server.url, clock=ServerClock())
    store.write_now(owners.insert_owner, "usr_1", name="x", tier="local")
    with Load(store) as load:
        load.goes_on()
        server.stop(mode)
        time.sleep(0.3)
        server.start()
        load.goes_on()
        deadline = time.monotonic() + 20
        while "the database answers again" not in [record.message for record in caplog.records]:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    kept = store.read_now(numbers)
    store.close()
    assert load.others == []
    assert len(set(kept)) == len(kept)
    assert set(load.acknowledged) <= set(kept)
    assert all("cannot be reached" in str(refusal) for refusal in load.refusals)
    assert "the database does not answer; trying again" in [record.message for record in caplog.records]


def test_a_process_that_freezes_in_a_transaction_holds_nobody_up_for_long(
    url: Secret, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(postgres._OPTIONS, "options", "-c idle_in_transaction_session_timeout=500")
    frozen = PostgresStore(url, clock=ServerClock())
    other = PostgresStore(url, clock=ServerClock())
    other.write_now(owners.insert_owner, "usr_1", name="x", tier="local")
    thawed, inside = threading.Event(), threading.Event()

    def freeze(tx: Transaction) -> None:
        append(tx, 1)  # and with it the turn
        inside.set()
        thawed.wait(20)
        append(tx, 3)

    writing: Future[None] = Future()
    frozen._submit_write(freeze, writing)
    assert inside.wait(10)
    other.write_now(append, 2)
    thawed.set()
    writing.result(20)  # began anew, as a whole
    assert other.read_now(numbers) == [2, 1, 3]
    frozen.close()
    other.close()
