"""Deliveries are claimed as jobs are: once, fenced, never lost."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from aimusicverse.server.deliveries import outcome, queries
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.real_time import RealTime
from aimusicverse.server.store.tables import delivery
from tests.server.deliveries.box import ATTEMPTS, Box


@pytest.fixture
def box(store: Store) -> Box:
    return Box(store)


def test_a_delivery_is_claimed_once(box: Box) -> None:
    webhook = box.webhook()
    box.trigger(3)
    assert len(box.claim(webhook, limit=2)) == 2
    assert len(box.claim(webhook)) == 1
    assert box.claim(webhook) == []
    assert box.store.read_now(queries.ready) == []


def test_one_that_waits_for_its_next_try_is_not_claimed_before(box: Box) -> None:
    webhook = box.webhook()
    box.trigger()
    [first] = box.claim(webhook)
    after = box.settle(first, 500)
    assert (after.status, len(after.attempts)) == ("pending", 1)
    assert box.claim(webhook) == []
    due = box.store.read_now(queries.next_due)
    assert due is not None
    assert due == after.next_attempt_at
    box.store.clock.set_offset(timedelta(seconds=2))
    [again] = box.claim(webhook)
    assert again.tries == 1


def test_a_lease_that_ran_out_is_taken_over_and_the_late_outcome_changes_nothing_but_is_shown(
    box: Box,
) -> None:
    webhook = box.webhook()
    box.trigger()
    [first] = box.claim(webhook, who="stood still")
    box.set(lease_until=RealTime() - 0.001)
    [second] = box.claim(webhook, who="another")
    assert (second.claim_no, second.tries) == (first.claim_no + 1, 0)  # a crash is not a try
    assert box.settle(second, 200).status == "succeeded"
    late = box.settle(first, 500)
    assert late.status == "succeeded"
    assert [one.status_code for one in late.attempts] == [500, 200]
    assert late.next_attempt_at is None


def test_a_late_outcome_does_not_end_the_claim_of_whoever_took_over(box: Box) -> None:
    webhook = box.webhook()
    box.trigger()
    [first] = box.claim(webhook)
    box.set(lease_until=0.0)
    [second] = box.claim(webhook)
    assert box.settle(first, 200).status == "pending"
    assert box.claim(webhook) == []  # it is still on its way
    assert box.settle(second, 500).status == "pending"


def test_nothing_is_claimed_for_an_endpoint_that_was_disabled_since_somebody_looked(box: Box) -> None:
    webhook = box.webhook()
    box.trigger(2)
    assert box.store.read_now(queries.ready) == [webhook.id]
    [gone] = box.claim(webhook, limit=1)
    box.settle(gone, 410)
    assert box.claim(webhook) == []


def test_what_is_put_back_is_free_at_once_and_no_try_is_counted(box: Box) -> None:
    webhook = box.webhook()
    box.trigger()
    [first] = box.claim(webhook)
    box.store.write_now(outcome.put_back, [first])
    [second] = box.claim(webhook)
    assert (second.tries, second.attempts, box.count(ATTEMPTS)) == (0, 0, 0)


def test_leases_of_those_who_died_are_released_and_no_others(box: Box) -> None:
    webhook = box.webhook()
    box.trigger(2)
    [first] = box.claim(webhook, who="dead", limit=1)
    box.claim(webhook, who="alive", limit=1)
    box.store.write_now(queries.release_leases, ["dead", "long ago"])
    assert [one.id for one in box.claim(webhook)] == [first.id]
    box.store.write_now(queries.release_all_leases)
    assert len(box.claim(webhook)) == 2


def test_an_outcome_that_is_written_down_twice_counts_once(box: Box) -> None:
    """The answer to a commit was lost, and the commit was not: whoever sends writes it down again."""
    webhook = box.webhook()
    box.trigger(2)
    ended, failed = box.claim(webhook)
    for claimed, status in ((ended, 410), (failed, 500)):
        assert box.settle(claimed, status) is not None
        again = box.settle(claimed, status)
        assert [one.status_code for one in again.attempts] == [status]
    assert box.store.read_now(lambda tx: tx.scalar(sa.select(sa.func.max(delivery.c.tries)))) == 1


def test_an_outcome_that_is_written_down_again_after_somebody_else_took_over_counts_once(box: Box) -> None:
    webhook = box.webhook()
    box.trigger()
    [first] = box.claim(webhook)
    box.settle(first, 500)
    box.set(due_at=box.store.clock.now())
    [second] = box.claim(webhook)
    again = box.settle(first, 500)
    assert [one.status_code for one in again.attempts] == [500]
    assert [one.status_code for one in box.settle(second, 200).attempts] == [500, 200]


def test_what_came_of_a_try_from_before_a_restore_changes_nothing_after_it(box: Box, tmp_path: Path) -> None:
    webhook = box.webhook()
    box.trigger()
    [first] = box.claim(webhook)
    box.settle(first, 500)
    box.store.copy_to(tmp_path / "kept")
    box.set(due_at=box.store.clock.now())
    [flies] = box.claim(webhook)
    highest = box.store.read_now(queries.highest_claim)
    box.store.replace_with(tmp_path / "kept")
    box.store.write_now(lambda tx: queries.fence_all(tx, above=highest))
    late = box.settle(flies, 410)
    assert (late.status, [one.status_code for one in late.attempts]) == ("pending", [500, 410])
    box.set(due_at=box.store.clock.now())
    [again] = box.claim(webhook)
    assert again.claim_no > flies.claim_no
    assert box.settle(again, 200).status == "succeeded"


def test_what_came_of_a_try_of_a_delivery_that_is_gone_harms_nobody(box: Box) -> None:
    webhook = box.webhook()
    box.trigger()
    [claimed] = box.claim(webhook)
    box.store.write_now(lambda tx: tx.execute(sa.delete(delivery)))
    box.store.write_now(outcome.settle, _came_back(box, claimed))
    assert box.count(ATTEMPTS) == 0


def _came_back(box: Box, claimed: queries.Claimed) -> outcome.Outcome:
    fields: dict[str, Any] = {"at": box.store.clock.now(), "url": "", "duration_ms": 1.0, "test": False}
    return outcome.Outcome(claimed=claimed, retry_schedule="fast", status_code=500, **fields)
