"""A day of server time, in a moment: every try is made when the schedule says so."""

from __future__ import annotations

import time
from datetime import timedelta

import sqlalchemy as sa

from aimusicverse.server.deliveries.schedule import DELAYS, JITTER
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.tables import delivery
from tests.server.deliveries.box import Box, sends
from tests.server.processes import until

EVENTS, TRIES = 100, 10


def fewest_tries(box: Box) -> int:
    found: int = box.store.read_now(lambda tx: tx.scalar(sa.select(sa.func.min(delivery.c.attempts))))
    return found


def test_a_hundred_events_are_tried_for_24_hours(store: Store) -> None:
    box, began = Box(store), time.monotonic()
    target = box.webhook("http://127.0.0.1:9/", retry_schedule="extended")
    box.trigger(EVENTS)
    start = store.clock.now()
    with sends(store):
        for times in range(1, TRIES + 1):
            until(lambda times=times: fewest_tries(box) >= times)  # type: ignore[misc]
            due = max(one.next_attempt_at for one in box.of(target) if one.next_attempt_at)
            if due - start < timedelta(hours=24):
                store.clock.set_offset(store.clock.offset + (due - store.clock.now()))
    took = time.monotonic() - began
    found = box.of(target)
    assert [one.status for one in found] == ["pending"] * EVENTS
    for one in found:
        assert len(one.attempts) == TRIES
        assert {attempt.error for attempt in one.attempts} == {"connect"}
        for number, delay in enumerate(DELAYS["extended"][: TRIES - 1]):
            waited = (one.attempts[number + 1].at - one.attempts[number].at).total_seconds()
            assert delay <= waited <= delay * (1 + JITTER) + took
        assert one.next_attempt_at is not None
        assert one.next_attempt_at - one.attempts[-1].at >= timedelta(hours=24)
    last = max(one.attempts[-1].at for one in found)
    assert timedelta(hours=10) < last - start < timedelta(hours=24)
