"""The recorder loses nothing that it has room for, counts nothing twice, and says what it had to drop."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from aimusicverse.server.store.base import Store
from aimusicverse.server.store.errors import StoreBusy
from aimusicverse.server.store.tables import usage, usage_part
from aimusicverse.server.usage import recorder as module
from aimusicverse.server.usage.recorder import Recorder
from tests.server.usage.records import AT, at_once, principal, request


@pytest.fixture
def recorder(store: Store) -> Iterator[Recorder]:
    """One whose thread sleeps, unless a test starts it."""
    recorder = Recorder(store, ahead=at_once)
    yield recorder
    recorder.close()


def written(store: Store) -> int:
    return int(
        store.read_now(lambda tx: tx.scalar(sa.select(sa.func.coalesce(sa.func.sum(usage.c.requests), 0))))
    )


class Breaking:
    """A store's `write_now` that fails when it is told to, before or after the commit."""

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        self.fail: str | None = None
        self._write = store.write_now
        monkeypatch.setattr(store, "write_now", self)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.fail == "before":
            raise StoreBusy("away")
        result = self._write(*args, **kwargs)
        if self.fail == "after":
            raise StoreBusy("the answer was lost")
        return result


def test_what_is_taken_is_written_and_only_once(recorder: Recorder, store: Store) -> None:
    for _ in range(3):
        recorder.take(*request())
    recorder.flush()
    recorder.flush()
    assert written(store) == 3
    recorder.take(*request())
    recorder.flush()
    assert written(store) == 4


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_part_whose_write_fails_counts_once_whether_or_not_it_was_committed(
    recorder: Recorder, store: Store, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    breaking = Breaking(store, monkeypatch)
    breaking.fail = moment
    for number in range(5):
        recorder.take(*request(status=200 + number))
        recorder.flush_if_possible()
    assert recorder.dropped == 0
    breaking.fail = None
    recorder.flush()
    assert written(store) == 5


def test_a_database_that_is_away_for_long_costs_what_there_is_no_room_for_and_that_is_said(
    recorder: Recorder, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 10)
    monkeypatch.setattr("aimusicverse.server.usage.tally.MOST_CELLS", 4)
    for _ in range(12):
        recorder.take(*request())
    assert (recorder.waiting, recorder.dropped) == (10, 2)
    breaking = Breaking(store, monkeypatch)
    breaking.fail = "before"
    recorder.flush_if_possible()
    for status in range(200, 208):
        recorder.take(*request(status=status))
        recorder.flush_if_possible()
    assert recorder.dropped == 2 + 4
    breaking.fail = None
    recorder.flush()
    assert written(store) == 10 + 4


def test_a_failure_is_logged_but_not_every_second(
    recorder: Recorder, store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    Breaking(store, monkeypatch).fail = "before"
    for _ in range(5):
        recorder.take(*request())
        recorder.flush_if_possible()
    assert [line.message for line in caplog.records if "usage" in line.name] == [
        "usage is not written down; it is kept and tried again"
    ]
    monkeypatch.undo()


def test_metrics_know_of_requests_that_the_database_does_not_know_yet(
    recorder: Recorder, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    Breaking(store, monkeypatch).fail = "before"
    recorder.take(*request())
    recorder.flush_if_possible()
    recorder.take(*request())
    recorder.flush_if_possible()
    [counts] = recorder.totals.all().values()
    assert sum(counts[3:]) == 2
    monkeypatch.undo()


def test_nothing_is_lost_between_threads_that_take_and_the_one_that_writes(
    recorder: Recorder, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FLUSH_SECONDS", 0.001)
    recorder.start()

    def take() -> None:
        for number in range(5_000):
            recorder.take(*request(status=200 + number % 3))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    recorder.flush()
    assert (written(store), recorder.dropped) == (20_000, 0)


def test_it_writes_by_itself_and_the_rest_when_it_is_closed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FLUSH_SECONDS", 0.01)
    recorder = Recorder(store, ahead=at_once)
    recorder.start()
    recorder.take(*request())
    deadline = time.monotonic() + 30
    while written(store) < 1:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    monkeypatch.setattr(module, "FLUSH_SECONDS", 3600)
    time.sleep(0.05)
    recorder.take(*request())
    recorder.close()
    recorder.close()
    assert written(store) == 2
    assert store.read_now(lambda tx: tx.all(sa.select(usage_part))) == []


def test_two_processes_add_to_the_same_rows(store: Store) -> None:
    recorders = [Recorder(store, ahead=at_once), Recorder(store, ahead=at_once)]
    for recorder in recorders * 3:
        recorder.take(*request(seconds=0.003))
        recorder.flush()
    [row] = store.read_now(lambda tx: tx.all(sa.select(usage)))
    assert (row.requests, row.micros, row.bytes) == (6, 18_000, 600)
    assert sum(getattr(row, f"step_{step}") for step in range(62)) == 6


def test_writers_at_the_same_time_do_not_get_in_each_others_way(store: Store) -> None:
    recorders = [Recorder(store, ahead=at_once) for _ in range(4)]
    start = threading.Barrier(4)

    def work(recorder: Recorder, order: int) -> None:
        start.wait()
        for number in range(10):
            kinds = [request(status=status, at=AT + number) for status in (200, 404, 500)]
            for each in kinds[::order]:
                recorder.take(*each)
            recorder.flush()

    threads = [
        threading.Thread(target=work, args=(recorder, 1 if number % 2 else -1))
        for number, recorder in enumerate(recorders)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert written(store) == 4 * 10 * 3


def test_off_it_neither_counts_nor_runs(store: Store) -> None:
    recorder = Recorder(store, on=False)
    recorder.start()
    recorder.close()
    assert not recorder.on


def test_a_second_of_many_users_is_one_transaction(
    recorder: Recorder, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = []
    write = store.write_now
    monkeypatch.setattr(
        store, "write_now", lambda *args, **kwargs: counted.append(1) or write(*args, **kwargs)
    )
    for number in range(300):
        recorder.take(*request(who=principal(f"usr_{number}", f"key_{number}")))
    recorder.flush()
    assert len(counted) == 1
    assert written(store) == 300


def test_the_clock_may_be_moved_while_sums_are_written(
    recorder: Recorder, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder.take(*request())
    write = store.write_now

    def moved_first(*arguments: Any, **more: Any) -> Any:
        # As whoever moves it does: on the thread that all writes need.
        recorder.take(*request())
        write(lambda tx: store.clock.set_offset(timedelta(hours=1)))
        return write(*arguments, **more)

    monkeypatch.setattr(store, "write_now", moved_first)
    flushing = threading.Thread(target=recorder.flush, daemon=True)
    flushing.start()
    flushing.join(10)
    assert not flushing.is_alive()
    monkeypatch.undo()
    recorder.flush()
    assert written(store) == 2
