"""Events that are sent again: those that are named, or a stretch of the log, in parts that can be resumed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aimusicverse.server.deliveries import service
from aimusicverse.server.events import queries as event_rows
from aimusicverse.server.problems import NotFound, Refusal
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.base import Store
from aimusicverse.server.webhooks import service as webhooks
from aimusicverse.types import Delivery, Webhook, WebhookReplay, WebhookReplayCreate, WebhookUpdate
from tests.server.deliveries.box import LOCAL, ME, SEALER, Box, sends
from tests.server.deliveries.receiver import Receiver
from tests.server.processes import until


@pytest.fixture
def box(store: Store) -> Box:
    return Box(store)


def replay(box: Box, webhook: Webhook, **asked: object) -> WebhookReplay:
    body = WebhookReplayCreate.model_validate(asked)
    return box.store.write_now(service.replay, ME, webhook.id, body)


def redeliver(box: Box, delivery: Delivery | str) -> Delivery:
    identifier = delivery if isinstance(delivery, str) else delivery.id
    return box.store.write_now(service.redeliver, ME, identifier)


def by_event(box: Box, webhook: Webhook) -> dict[str, Delivery]:
    return {one.event_id: one for one in box.of(webhook)}


def died(box: Box, webhook: Webhook) -> Delivery:
    """A delivery that has used up its tries."""
    [claimed] = box.claim(webhook, limit=1)
    return box.settle(claimed._replace(tries=5), 500)


def test_an_event_that_is_named_is_sent_to_an_endpoint_that_never_got_it(
    box: Box, receiver: Receiver
) -> None:
    [before] = box.trigger()
    target = box.webhook(receiver.url)
    assert box.of(target) == []
    done = replay(box, target, event_ids=[before, before])
    assert (done.queued, done.skipped, done.done) == (1, 0, True)
    with sends(box.store):
        until(lambda: box.of(target, "succeeded"))
    assert [one.id for one in receiver.received] == [before]


def test_a_dead_one_gets_a_schedule_of_its_own_under_the_same_id(box: Box) -> None:
    target = box.webhook()
    [event] = box.trigger()
    dead = died(box, target)
    assert dead.status == "dead"
    assert replay(box, target, event_ids=[event]).queued == 1
    [again] = box.claim(target)
    assert (again.id, again.event_id, again.tries) == (dead.id, event, 0)
    assert box.settle(again, 500).status == "pending"  # it is tried again, six times in all
    assert len(box.get(dead.id).attempts) == 2


def test_one_that_waits_is_not_doubled_and_one_that_was_delivered_only_when_asked_for(box: Box) -> None:
    target = box.webhook()
    delivered, waits, flies = box.trigger(3)
    box.settle(*[one for one in box.claim(target) if one.event_id == delivered], 200)  # type: ignore[misc]
    box.set(lease_until=0.0)
    claimed = {one.event_id: one for one in box.claim(target)}
    box.settle(claimed[waits], 500)
    done = replay(box, target, event_ids=[delivered, waits, flies])
    assert (done.queued, done.skipped) == (0, 3)
    assert replay(box, target, event_ids=[delivered, waits, flies], delivered_too=True).queued == 1
    assert [one.event_id for one in box.claim(target)] == [delivered]
    assert len(box.of(target)) == 3


def test_a_stretch_is_resumed_where_it_ended(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "STRETCH", 3)
    happened = real_events(box, 8)
    target = box.webhook()
    seen, after = list[int](), 0
    while True:
        done = replay(box, target, after=after)
        seen.append(done.queued)
        assert done.last_seq >= after
        after = done.last_seq
        if done.done:
            break
    assert seen == [3, 3, 2]
    assert set(by_event(box, target)) == set(happened)
    again = replay(box, target, after=0)  # after a crash, from the beginning: nothing is doubled
    assert (again.queued, again.skipped) == (0, 3)


def test_one_call_goes_through_a_bounded_part_of_a_long_log_however_little_it_finds(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "LOOKED_AT", 4)
    real_events(box, 10)
    now = box.store.clock.now()
    box.store.clock.set_offset(timedelta(hours=1))
    fresh = real_events(box, 1)
    target = box.webhook()
    calls, after = 0, 0
    while True:
        done = replay(box, target, since=(now + timedelta(minutes=30)).isoformat(), after=after)
        calls, after = calls + 1, done.last_seq
        if done.done:
            break
    assert list(by_event(box, target)) == fresh
    assert calls == 4  # of four each, the test of the endpoint among them


def test_since_a_time_is_from_then_on(box: Box) -> None:
    early = real_events(box, 1)
    box.store.clock.set_offset(timedelta(hours=1))
    moment = box.store.clock.now()
    late = real_events(box, 2)
    target = box.webhook()
    assert replay(box, target, since=moment.isoformat()).queued == 2
    assert set(by_event(box, target)) == set(late)
    assert replay(box, target, since=(moment - timedelta(days=400)).isoformat()).queued == 1
    assert set(by_event(box, target)) == {*early, *late}


def test_a_stretch_has_what_the_endpoint_asked_for_and_nothing_that_was_only_tried_out(box: Box) -> None:
    made = real_events(box, 1)
    box.trigger(2)
    target, other = box.webhook(events=["playlist.*"]), box.webhook(events=["track.*"])
    assert replay(box, target, after=0).queued == 1
    assert list(by_event(box, target)) == made
    done = replay(box, other, after=0)
    assert (done.queued, done.done) == (0, True)


def test_events_and_deliveries_of_another_owner_are_not_found(box: Box) -> None:
    target = box.webhook()
    [event] = box.trigger()
    [delivery] = box.of(target)
    stranger = Owner("usr_2")
    named = WebhookReplayCreate(event_ids=["evt_nobody"])
    with pytest.raises(NotFound) as missing:
        box.store.write_now(service.replay, ME, target.id, named)
    assert missing.value.code == "event_not_found"
    for refused in (
        lambda: box.store.write_now(
            service.replay, stranger, target.id, WebhookReplayCreate(event_ids=[event])
        ),
        lambda: box.store.write_now(service.redeliver, stranger, delivery.id),
        lambda: box.store.read_now(service.get, stranger, delivery.id),
        lambda: box.store.read_now(service.page, stranger, target.id, None, None, 10),
    ):
        with pytest.raises(NotFound):
            refused()
    half = WebhookReplayCreate(event_ids=[event, "evt_nobody"])
    box.settle(*box.claim(target), 410)  # type: ignore[misc]
    with pytest.raises(NotFound):
        replay(box, enabled(box, target), **half.model_dump(exclude_none=True))
    assert box.get(delivery.id).status == "failed"  # all of it, or nothing


def test_a_delivery_that_waits_for_its_next_try_is_brought_forward_and_not_doubled(
    box: Box, receiver: Receiver
) -> None:
    receiver.answers.append(500)
    target = box.webhook(receiver.url)
    box.trigger()
    with sends(box.store):
        until(lambda: box.of(target)[0].attempts)
        [waits] = box.of(target)
        assert redeliver(box, waits).status == "pending"
        until(lambda: box.of(target, "succeeded"))
    assert len(receiver.received) == 2


def test_a_delivery_that_is_on_its_way_is_left_to_arrive(box: Box) -> None:
    target = box.webhook()
    box.trigger()
    [flies] = box.claim(target)
    for _ in range(3):
        assert redeliver(box, flies.id).status == "pending"
    assert box.claim(target) == []
    assert box.settle(flies, 200).status == "succeeded"
    assert box.claim(target) == []


def test_what_was_delivered_or_is_dead_is_sent_once_more_when_it_is_asked_for(box: Box) -> None:
    target = box.webhook()
    box.trigger()
    [claimed] = box.claim(target)
    delivered = box.settle(claimed, 200)
    for status in (200, 410, 200):
        redeliver(box, delivered)
        redeliver(box, delivered)  # twice in one breath is once
        [again] = box.claim(target)
        assert box.claim(target) == []
        box.settle(again, status)
        target = enabled(box, target)
    assert [one.status_code for one in box.get(delivered.id).attempts] == [200, 200, 410, 200]


def test_of_a_delivery_that_is_sent_again_and_again_the_last_tries_are_kept(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aimusicverse.server.deliveries.outcome.MOST_ATTEMPTS", 3)
    target = box.webhook()
    box.trigger()
    [delivery] = box.of(target)
    for status in range(200, 206):
        [claimed] = box.claim(target)
        box.settle(claimed, status)
        redeliver(box, delivery)
    kept = box.get(delivery.id).attempts
    assert [(one.number, one.status_code) for one in kept] == [(4, 203), (5, 204), (6, 205)]


def test_nothing_is_sent_again_to_an_endpoint_that_is_disabled(box: Box) -> None:
    target = box.webhook()
    [event] = box.trigger()
    [delivery] = box.of(target)
    off = WebhookUpdate(enabled=False)
    box.store.write_now(webhooks.update, ME, target.id, off, None, LOCAL, SEALER)
    for refused in (
        lambda: replay(box, target, event_ids=[event]),
        lambda: replay(box, target, after=0),
        lambda: redeliver(box, delivery),
        lambda: box.store.write_now(webhooks.test, ME, target.id),
    ):
        with pytest.raises(Refusal) as refusal:
            refused()
        assert (refusal.value.code, refusal.value.status) == ("webhook_disabled", 409)


def enabled(box: Box, webhook: Webhook) -> Webhook:
    on = WebhookUpdate(enabled=True)
    return box.store.write_now(webhooks.update, ME, webhook.id, on, None, LOCAL, SEALER)


def real_events(box: Box, count: int) -> list[str]:
    """Events that nobody made up, for which no endpoint asks yet."""
    last = box.store.read_now(event_rows.after, ME, seq=0, type=None, limit=10_000)
    box.happen(count)
    found = box.store.read_now(
        event_rows.after, ME, seq=last[-1].seq if last else 0, type=None, limit=count + 1
    )
    return [one.id for one in found]
