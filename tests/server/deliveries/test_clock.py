"""Clocks that jump: nothing is stuck for longer than a moment, and nothing is sent more often than it may."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import cycle

import pytest

from aimusicverse import clock
from aimusicverse.server.deliveries import dispatcher, queries
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.real_time import RealTime
from tests.server.deliveries.box import Box, sends
from tests.server.deliveries.receiver import Receiver
from tests.server.processes import until

HOUR = timedelta(hours=1)
SetClock = Callable[[timedelta], None]


@pytest.fixture
def box(store: Store) -> Box:
    return Box(store)


@pytest.fixture
def set_machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[SetClock]:
    """Sets the machine's clock, as this process sees it, so far from what it is."""
    by = [timedelta()]
    real = time.time

    class Machine(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.fromtimestamp(real() + by[0].total_seconds(), tz or UTC)

    monkeypatch.setattr(clock, "datetime", Machine)
    monkeypatch.setattr(clock.time, "time", lambda: real() + by[0].total_seconds())
    yield lambda to: by.__setitem__(0, to)
    by[0] = timedelta()


def test_what_falls_due_when_server_time_moves_forward_happens(box: Box, receiver: Receiver) -> None:
    receiver.answers.append(500)
    webhook = box.webhook(receiver.url)
    [event] = box.trigger()
    with sends(box.store):
        until(lambda: box.of(webhook)[0].attempts)
        box.store.clock.set_offset(HOUR)
        until(lambda: box.of(webhook)[0].status == "succeeded")
    assert [one.id for one in receiver.received] == [event, event]


def test_a_lease_that_a_clock_set_back_has_made_too_long_does_not_hold(box: Box) -> None:
    webhook = box.webhook()
    box.trigger()
    box.claim(webhook, who="dead")
    box.set(lease_until=RealTime() + 3600 + queries.LEASE_SECONDS)
    assert box.store.read_now(queries.ready) == [webhook.id]
    assert len(box.claim(webhook, who="alive")) == 1
    assert box.claim(webhook, who="third") == []


def test_what_waits_for_its_next_try_when_the_clock_is_set_back_waits_no_longer_than_it_would(
    box: Box, set_machine: SetClock
) -> None:
    webhook = box.webhook()
    box.trigger(2)
    failed, waits = box.claim(webhook)
    box.settle(failed, 500)
    box.store.write_now(lambda tx: queries.settle(tx, waits))
    set_machine(-HOUR)
    box.store.write_now(queries.bring_back)
    assert [one.id for one in box.claim(webhook)] == [waits.id]
    due = box.store.read_now(queries.next_due)
    assert due is not None
    assert timedelta() < due - box.store.clock.now() < timedelta(seconds=1.2)


def test_who_is_only_a_little_behind_another_brings_nothing_back(box: Box, set_machine: SetClock) -> None:
    webhook = box.webhook()
    box.trigger()
    [failed] = box.claim(webhook)
    due = box.settle(failed, 500).next_attempt_at
    set_machine(-timedelta(seconds=3))
    box.store.write_now(queries.bring_back)
    assert box.get(failed.id).next_attempt_at == due


@pytest.mark.parametrize("by", [-HOUR, HOUR], ids=["back", "forward"])
def test_a_machine_whose_clock_jumps_goes_on_at_once(
    box: Box, receiver: Receiver, set_machine: SetClock, monkeypatch: pytest.MonkeyPatch, by: timedelta
) -> None:
    monkeypatch.setattr(dispatcher, "LONGEST_SLEEP", 0.05)
    receiver.answers.append(500)
    webhook = box.webhook(receiver.url)
    box.trigger()
    with sends(box.store):
        until(lambda: box.of(webhook)[0].attempts)
        set_machine(by)
        until(lambda: box.of(webhook)[0].status == "succeeded", seconds=10)
    assert len(receiver.received) == 2


def test_a_machine_whose_clock_is_shaken_sends_everything_and_nothing_more_than_its_tries(
    box: Box, receiver: Receiver, set_machine: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "LONGEST_SLEEP", 0.02)
    receiver.answers.extend([500, 503] * 30)
    webhook = box.webhook(receiver.url)
    events = box.trigger(20)
    shaken = cycle([HOUR, -HOUR, 30 * HOUR, timedelta(), -30 * HOUR])

    def all_arrived() -> bool:
        set_machine(next(shaken))
        return {one.status for one in box.of(webhook)} <= {"succeeded", "dead"}

    with sends(box.store):
        until(all_arrived)
    assert {one.id for one in receiver.received} == set(events)
    tries = sum(len(one.attempts) for one in box.of(webhook))
    assert tries == len(receiver.received)
    assert max(len(one.attempts) for one in box.of(webhook)) <= 6
