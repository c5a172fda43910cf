"""When an endpoint counts as failing, when it is disabled, and who is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aimusicverse.server.events import queries as event_rows
from aimusicverse.server.store.base import Store
from aimusicverse.server.webhooks import service as webhooks
from aimusicverse.types import Event, Webhook, WebhookUpdate
from tests.server.deliveries.box import LOCAL, ME, SEALER, Box

HOUR = timedelta(hours=1)


@pytest.fixture
def box(store: Store) -> Box:
    return Box(store)


def later(box: Box, by: timedelta) -> None:
    box.store.clock.set_offset(box.store.clock.offset + by)


def die(box: Box, target: Webhook, times: int = 1, *, test: bool = False) -> Webhook:
    """So many events use up their tries."""
    for _ in range(times):
        box.happen()
        [claimed] = box.claim(target)
        assert box.settle(claimed._replace(tries=5), 500, test=test).status == "dead"
    return now(box, target)


def succeed(box: Box, target: Webhook) -> Webhook:
    box.happen()
    [claimed] = box.claim(target)
    box.settle(claimed, 204)
    return now(box, target)


def now(box: Box, target: Webhook) -> Webhook:
    return box.store.read_now(webhooks.get, ME, target.id)


def set_enabled(box: Box, target: Webhook, enabled: bool) -> Webhook:
    body = WebhookUpdate(enabled=enabled)
    return box.store.write_now(webhooks.update, ME, target.id, body, None, LOCAL, SEALER)


def told(box: Box) -> list[Event]:
    """Events about endpoints."""
    log = box.store.read_now(event_rows.after, ME, seq=0, type=None, limit=1_000)
    return [one for one in log if one.type in ("endpoint.failing", "endpoint.disabled")]


def test_ten_dead_in_a_row_without_a_success_for_an_hour_disable_it_and_nine_do_not(box: Box) -> None:
    target = box.webhook()
    later(box, HOUR)
    nine = die(box, target, 9)
    assert (nine.status, nine.failure_count) == ("failing", 9)
    ten = die(box, target)
    assert (ten.status, ten.failure_count, ten.disabled_for) == ("disabled", 10, "dead_events")
    assert ten.disabled_at is not None
    assert ten.etag == target.etag  # nobody has edited it


def test_within_an_hour_of_a_success_nothing_disables_it(box: Box) -> None:
    target = box.webhook()
    later(box, 2 * HOUR)
    assert succeed(box, target).last_success_at is not None
    later(box, HOUR - timedelta(minutes=2))
    assert die(box, target, 12).status == "failing"
    later(box, timedelta(minutes=4))
    assert die(box, target).status == "disabled"


def test_a_new_endpoint_has_an_hour(box: Box) -> None:
    assert die(box, box.webhook(), 11).status == "failing"


def test_a_success_between_begins_the_count_anew(box: Box) -> None:
    target = box.webhook()
    later(box, HOUR)
    die(box, target, 9)
    well = succeed(box, target)
    assert (well.status, well.failure_count) == ("enabled", 0)
    later(box, 2 * HOUR)
    assert die(box, target, 9).status == "failing"
    assert die(box, target).status == "disabled"


def test_a_try_that_failed_is_no_dead_event(box: Box) -> None:
    target = box.webhook()
    later(box, HOUR)
    for _ in range(12):
        box.happen()
        [claimed] = box.claim(target)
        box.settle(claimed, 500)
    assert (now(box, target).status, now(box, target).failure_count) == ("enabled", 0)


def test_what_is_only_tried_out_does_not_count(box: Box) -> None:
    target = box.webhook()
    later(box, HOUR)
    tried = die(box, target, 12, test=True)
    assert (tried.status, tried.failure_count) == ("enabled", 0)
    assert told(box) == []


def test_that_it_fails_is_told_once_to_the_others_and_not_to_itself(box: Box) -> None:
    target, other = box.webhook(events=["*"]), box.webhook(events=["endpoint.*"])
    die(box, target, 3)
    [failing] = told(box)
    assert (failing.type, failing.data["id"], failing.data["failure_count"]) == (
        "endpoint.failing",
        target.id,
        1,
    )
    assert [one.event_type for one in box.of(other)] == ["endpoint.failing"]
    assert {one.event_type for one in box.of(target)} == {"playlist.updated"}
    succeed(box, target)
    die(box, target)
    assert [one.type for one in told(box)] == ["endpoint.failing"] * 2  # once for each time


def test_that_it_is_disabled_is_told_to_the_others_and_not_to_itself(box: Box) -> None:
    target, other = box.webhook(), box.webhook(events=["endpoint.disabled"])
    later(box, HOUR)
    die(box, target, 10)
    assert [one.type for one in told(box)] == ["endpoint.failing", "endpoint.disabled"]
    assert told(box)[1].data["disabled_for"] == "dead_events"
    assert [one.event_type for one in box.of(other)] == ["endpoint.disabled"]
    assert "secret" not in told(box)[1].data
    set_enabled(box, target, True)
    assert {one.event_type for one in box.of(target)} == {"playlist.updated"}


def test_410_disables_it_at_once_and_the_delivery_has_failed(box: Box) -> None:
    target, other = box.webhook(), box.webhook()
    box.happen()
    [claimed] = box.claim(target)
    assert box.settle(claimed, 410).status == "failed"
    gone = now(box, target)
    assert (gone.status, gone.disabled_for) == ("disabled", "gone")
    assert [one.type for one in told(box)] == ["endpoint.disabled"]
    assert {one.event_type for one in box.of(other)} == {"playlist.updated", "endpoint.disabled"}


def test_what_comes_back_after_it_was_disabled_changes_nothing_about_it(box: Box) -> None:
    target = box.webhook()
    for _ in range(4):
        box.happen()
    first, gone, dead, arrived = box.claim(target)
    box.settle(first, 410)
    before = now(box, target)
    box.settle(gone, 410)
    box.settle(dead._replace(tries=5), 500)
    assert box.settle(arrived, 200).status == "succeeded"
    after = now(box, target)
    assert (after.status, after.disabled_for) == ("disabled", "gone")
    assert (after.disabled_at, after.failure_count) == (before.disabled_at, before.failure_count)
    assert len(told(box)) == 1


def test_one_that_is_enabled_again_is_judged_anew_and_no_success_is_made_up(box: Box) -> None:
    target = box.webhook()
    later(box, HOUR)
    die(box, target, 10)
    again = set_enabled(box, target, True)
    assert (again.status, again.failure_count, again.disabled_for) == ("enabled", 0, None)
    assert again.last_success_at is None
    assert die(box, target, 11).status == "failing"  # it has an hour again
    later(box, HOUR)
    assert die(box, target).status == "disabled"


def test_its_owner_may_disable_it_and_enable_it_and_each_is_a_new_version(box: Box) -> None:
    target = box.webhook()
    off = set_enabled(box, target, False)
    assert (off.status, off.disabled_for) == ("disabled", "by_user")
    assert off.etag != target.etag
    assert set_enabled(box, target, False).disabled_at == off.disabled_at
    on = set_enabled(box, target, True)
    assert (on.status, on.disabled_at, on.disabled_for) == ("enabled", None, None)
    assert told(box) == []  # he knows
