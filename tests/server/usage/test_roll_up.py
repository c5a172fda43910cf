"""Hours become days and days are forgotten, and on the way no request is lost or counted twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aimusicverse.server.alerts import queries as alerts
from aimusicverse.server.api_keys import queries as owners
from aimusicverse.server.jobs import outbox
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.errors import StoreBusy
from aimusicverse.server.store.tables import alert, api_minute, job, usage, usage_part
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.usage import queries, service
from aimusicverse.server.usage.recorder import Recorder
from aimusicverse.server.usage.roll_up_job import RollUpJob
from aimusicverse.server.usage.service import ROLL_UP, Keeping
from tests.server.conftest import Api
from tests.server.usage.conftest import by, stats
from tests.server.usage.records import at_once, principal, request

DAY = 86_400
#: A midnight, UTC.
MIDNIGHT = datetime(2026, 1, 15, tzinfo=UTC).timestamp()
KEEPING = Keeping(timedelta(days=2), timedelta(days=30))
ADDED = ("requests", "limited", "bytes", "micros", *(f"step_{step}" for step in range(62)))


def fill(store: Store, records: list[Any]) -> None:
    recorder = Recorder(store, ahead=at_once)
    for each in records:
        recorder.take(*each)
    recorder.flush()


def sums(store: Store) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """All that adds up, by the day and the kind of request."""
    found: dict[tuple[Any, ...], tuple[int, ...]] = {}
    for row in store.read_now(lambda tx: tx.all(sa.select(usage))):
        kind = (
            queries.day_of(row.start),
            row.owner_id,
            row.key_id,
            row.route,
            row.method,
            row.status,
            row.client,
        )
        added = tuple(getattr(row, name) for name in ADDED)
        found[kind] = tuple(map(sum, zip(found.get(kind, (0,) * len(ADDED)), added, strict=True)))
    return found


def spans(store: Store) -> set[tuple[str, datetime]]:
    rows = store.read_now(lambda tx: tx.all(sa.select(usage.c.span, usage.c.start)))
    return {(row.span, row.start) for row in rows}


def roll_up(store: Store, now: datetime) -> None:
    """As the job does, at a moment of server time."""
    store.clock.set_offset(now - datetime.now(UTC))
    before = queries.day_of(now - KEEPING.hourly)
    while store.write_now(queries.roll_up_one, before):
        pass


RECORDS = st.lists(
    st.builds(
        request,
        at=st.floats(MIDNIGHT, MIDNIGHT + 5 * DAY - 1),
        who=st.sampled_from((None, principal(), principal(key="key_2"), principal("usr_2", "key_3"))),
        status=st.sampled_from((200, 404, 500)),
        seconds=st.floats(0, 20),
        size=st.integers(0, 10**9),
        limited=st.sampled_from((None, "hour", "day")),
    ),
    min_size=1,
    max_size=60,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(RECORDS, st.integers(0, 8))
def test_every_sum_is_the_same_before_and_after(store: Store, records: list[Any], days: int) -> None:
    store.write_now(lambda tx: tx.execute(sa.delete(usage)))
    fill(store, records)
    before = sums(store)
    now = datetime.fromtimestamp(MIDNIGHT, UTC) + timedelta(days=days, hours=7)
    roll_up(store, now)
    assert sums(store) == before
    border = queries.day_of(now - KEEPING.hourly)
    assert all(span == "day" if start < border else span == "hour" for span, start in spans(store))


def test_what_comes_late_is_added_to_its_day(store: Store) -> None:
    fill(store, [request(at=MIDNIGHT + 100)])
    roll_up(store, datetime.fromtimestamp(MIDNIGHT, UTC) + timedelta(days=9))
    fill(store, [request(at=MIDNIGHT + 7_300), request(at=MIDNIGHT + 100, status=404)])
    before = sums(store)
    roll_up(store, datetime.fromtimestamp(MIDNIGHT, UTC) + timedelta(days=9))
    assert sums(store) == before
    assert {span for span, _ in spans(store)} == {"day"}
    assert sum(each[0] for each in before.values()) == 3


def claimed(store: Store) -> outbox.Job:
    def make(tx: Transaction) -> outbox.Job:
        if owners.first_owner(tx) is None:
            owners.insert_owner(tx, "usr_0", name="x", tier="local")
        outbox.add(tx, "usr_0", ROLL_UP, ref="usage", payload={})
        [one] = outbox.claim(tx, who="me", limit=1)
        return one

    return store.write_now(make)


def test_the_job_forgets_what_is_too_old_by_any_measure(store: Store) -> None:
    now = datetime.fromtimestamp(MIDNIGHT, UTC) + timedelta(days=40, hours=3)
    fill(store, [request(at=MIDNIGHT + number * DAY) for number in range(41)])
    store.clock.set_offset(now - datetime.now(UTC))

    def prepare(tx: Transaction) -> None:
        queries.set_last_part(tx, "wrt_mine", 1)
        tx.execute(
            sa.update(usage_part)
            .where(usage_part.c.writer != "wrt_mine")
            .values(written_at=tx.now - timedelta(days=8))
        )
        for days, name in ((100, "old"), (1, "new")):
            row = alerts.insert(tx, rule=name, subject="", value=1, threshold=0)
            tx.execute(
                sa.update(alert).where(alert.c.id == row.id).values(cleared_at=tx.now - timedelta(days=days))
            )

    store.write_now(prepare)
    RollUpJob(store, KEEPING)(claimed(store), threading.Event())
    found = sorted(spans(store), key=lambda one: one[1])
    assert [span for span, _ in found] == ["day"] * 28 + ["hour"] * 3
    assert found[0][1] == queries.day_of(now - timedelta(days=30))
    minutes = store.read_now(lambda tx: tx.all(sa.select(api_minute)))
    assert [row.minute for row in minutes] == [queries.day_of(now)]
    assert [row.writer for row in store.read_now(lambda tx: tx.all(sa.select(usage_part)))] == ["wrt_mine"]
    assert [row.rule for row in store.read_now(lambda tx: tx.all(sa.select(alert)))] == ["new"]
    assert [row.state for row in store.read_now(lambda tx: tx.all(sa.select(job)))] == ["done"]


def test_kept_for_ever_means_that(store: Store) -> None:
    fill(store, [request(at=MIDNIGHT)])
    store.clock.set_offset(timedelta(days=4_000))
    RollUpJob(store, Keeping(timedelta(days=2), None))(claimed(store), threading.Event())
    assert {span for span, _ in spans(store)} == {"day"}


def test_a_job_that_is_interrupted_is_put_back_and_goes_on_where_it_was(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "_AT_ONCE", 1)
    fill(store, [request(at=MIDNIGHT + number * DAY) for number in range(5)])
    before = sums(store)
    store.clock.set_offset(datetime.fromtimestamp(MIDNIGHT, UTC) + timedelta(days=20) - datetime.now(UTC))
    stopping = threading.Event()
    stopping.set()
    RollUpJob(store, KEEPING)(claimed(store), stopping)
    assert sorted(span for span, _ in spans(store)) == ["day"] + ["hour"] * 4
    [again] = store.write_now(outbox.claim, who="me", limit=1)
    RollUpJob(store, KEEPING)(again, threading.Event())
    assert {span for span, _ in spans(store)} == {"day"}
    assert sums(store) == before


def test_a_day_that_begins_while_one_is_done_gets_one_of_its_own(store: Store) -> None:
    first = claimed(store)
    assert not store.read_now(outbox.is_yet_to_begin, ROLL_UP)
    fill(store, [request(at=MIDNIGHT)])
    store.write_now(outbox.finish, first)
    [second] = store.write_now(outbox.claim, who="me", limit=2)
    assert (second.kind, second.id != first.id) == (ROLL_UP, True)


def test_a_day_that_begins_while_one_waits_adds_no_other(store: Store) -> None:
    waiting = claimed(store)
    store.write_now(outbox.put_back, waiting)
    fill(store, [request(at=MIDNIGHT)])
    assert [job.id for job in store.write_now(outbox.claim, who="me", limit=2)] == [waiting.id]


def test_two_workers_at_it_lose_and_double_nothing(store: Store) -> None:
    fill(
        store,
        [request(at=MIDNIGHT + number * 3_600, who=principal(f"usr_{number % 7}")) for number in range(150)],
    )
    before = sums(store)
    store.clock.set_offset(datetime.fromtimestamp(MIDNIGHT, UTC) + timedelta(days=20) - datetime.now(UTC))
    border = queries.day_of(store.clock.now() - KEEPING.hourly)
    together = threading.Barrier(3)

    def work() -> None:
        together.wait()
        more = True
        while more:
            with suppress(StoreBusy):  # too many got in each other's way: a job is put back then
                more = store.write_now(queries.roll_up_one, border)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sums(store) == before
    assert {span for span, _ in spans(store)} == {"day"}


def test_a_server_rolls_up_by_itself_and_tells_the_same(
    start: Callable[..., Api], monkeypatch: pytest.MonkeyPatch
) -> None:
    api = start(usage_hourly_days=2)
    for _ in range(5):
        api.get("/tracks")
    stats(api)
    asked_on = queries.day_of(api.server.services.clock.now())
    api.advance(timedelta(days=10))
    api.get("/playlists")  # the first request of a day
    stats(api)
    store = api.server.services.store
    deadline = time.monotonic() + 60
    while ("day", asked_on) not in spans(store):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    days = by(api, "day")
    assert days[asked_on.strftime("%Y-%m-%dT00:00:00.000Z")] == 6
    ago = {"from": (asked_on - timedelta(days=1)).isoformat().replace("+00:00", "Z")}
    hours = {one["start"]: one["seconds"] for one in stats(api, group_by="hour", **ago)["data"]}
    assert hours[asked_on.strftime("%Y-%m-%dT00:00:00.000Z")] == DAY
    assert by(api, "endpoint", **ago)["GET /tracks"] == 5
