"""An endpoint that is disabled, deleted or changed while events wait for it."""

from __future__ import annotations

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler

import pytest

from aimusicverse.server.deliveries import dispatcher, lanes, service
from aimusicverse.server.problems import NotFound
from aimusicverse.server.store.base import Store
from aimusicverse.server.webhooks import service as webhooks
from aimusicverse.types import Webhook, WebhookReplayCreate, WebhookUpdate
from tests.server.deliveries.box import LOCAL, ME, SEALER, Box, sends
from tests.server.deliveries.receiver import PATIENCE, Receiver, answer_with
from tests.server.processes import until


@pytest.fixture
def box(store: Store) -> Box:
    return Box(store)


def change(box: Box, target: Webhook, **fields: object) -> Webhook:
    body = WebhookUpdate.model_validate(fields)
    return box.store.write_now(webhooks.update, ME, target.id, body, None, LOCAL, SEALER)


def delivered(box: Box, target: Webhook) -> list[str]:
    return [one.event_id for one in box.of(target, "succeeded")]


# -- disabled ---------------------------------------------------------------------------------------


def test_what_waits_for_a_disabled_endpoint_is_sent_once_it_is_enabled_again(
    box: Box, receiver: Receiver
) -> None:
    off, other = box.webhook(f"{receiver.url}/off"), box.webhook(f"{receiver.url}/other")
    events = box.trigger(5)
    change(box, off, enabled=False)
    with sends(box.store):
        until(lambda: len(delivered(box, other)) == 5)
        assert {one.path for one in receiver.received} == {"/hook/other"}
        change(box, off, enabled=True)
        until(lambda: len(delivered(box, off)) == 5)
    assert set(delivered(box, off)) == set(events)
    assert len(receiver.received) == 10


def test_what_happens_while_it_is_disabled_stays_in_the_log_and_can_be_replayed(
    box: Box, receiver: Receiver
) -> None:
    target = box.webhook(receiver.url)
    change(box, target, enabled=False)
    box.happen(3)
    assert box.of(target) == []
    change(box, target, enabled=True)
    done = box.store.write_now(service.replay, ME, target.id, WebhookReplayCreate(after=0))
    assert (done.queued, done.done) == (3, True)
    with sends(box.store):
        until(lambda: len(delivered(box, target)) == 3)


def test_a_try_that_is_on_its_way_when_it_is_disabled_is_written_down(box: Box, receiver: Receiver) -> None:
    arrived, released = threading.Event(), threading.Event()

    def hold(handler: BaseHTTPRequestHandler) -> None:
        arrived.set()
        released.wait(PATIENCE)
        answer_with(200)(handler)

    receiver.usual = hold
    target = box.webhook(receiver.url)
    box.trigger()
    with sends(box.store):
        assert arrived.wait(PATIENCE)
        change(box, target, enabled=False)
        released.set()
        until(lambda: delivered(box, target))
    assert box.store.read_now(webhooks.get, ME, target.id).status == "disabled"


# -- deleted ----------------------------------------------------------------------------------------


def test_nothing_more_is_sent_to_a_deleted_endpoint_and_its_deliveries_are_gone(
    box: Box, receiver: Receiver
) -> None:
    gone, other = box.webhook(f"{receiver.url}/gone"), box.webhook(f"{receiver.url}/other")
    box.trigger(5)
    [first, *_] = box.of(gone)
    box.store.write_now(webhooks.delete, ME, gone.id, None)
    box.trigger(5)
    with sends(box.store):
        until(lambda: len(delivered(box, other)) == 10)
    assert {one.path for one in receiver.received} == {"/hook/other"}
    for look in (
        lambda: box.store.read_now(service.get, ME, first.id),
        lambda: box.store.read_now(service.page, ME, gone.id, None, None, 10),
        lambda: box.store.write_now(service.redeliver, ME, first.id),
        lambda: box.store.write_now(webhooks.delete, ME, gone.id, None),
        lambda: change(box, gone, enabled=True),
        lambda: box.store.write_now(webhooks.test, ME, gone.id),
    ):
        with pytest.raises(NotFound):
            look()


def test_a_try_that_is_on_its_way_when_it_is_deleted_harms_nobody(box: Box, receiver: Receiver) -> None:
    arrived, released = threading.Event(), threading.Event()

    def hold(handler: BaseHTTPRequestHandler) -> None:
        arrived.set()
        released.wait(PATIENCE)
        answer_with(500)(handler)

    receiver.at["/hook/gone"] = hold
    gone, other = box.webhook(f"{receiver.url}/gone"), box.webhook(f"{receiver.url}/other")
    box.trigger()
    with sends(box.store):
        assert arrived.wait(PATIENCE)
        box.store.write_now(webhooks.delete, ME, gone.id, None)
        released.set()
        box.trigger(3)
        until(lambda: len(delivered(box, other)) == 4)
        box.store.clock.set_offset(timedelta(minutes=5))
        box.trigger()
        until(lambda: len(delivered(box, other)) == 5)
    assert [one.path for one in receiver.received].count("/hook/gone") == 1


# -- changed ----------------------------------------------------------------------------------------


def test_what_waits_goes_to_the_new_address_with_the_new_headers(box: Box, receiver: Receiver) -> None:
    receiver.answers.append(500)
    target = box.webhook(f"{receiver.url}/old", headers={"Authorization": "Bearer old", "X-Gone": "1"})
    box.trigger()
    with sends(box.store):
        until(lambda: box.of(target)[0].attempts)
        change(box, target, url=f"{receiver.url}/new", headers={"Authorization": "Bearer new"})
        box.store.clock.set_offset(timedelta(seconds=2))
        until(lambda: delivered(box, target))
    first, second = receiver.received
    assert (first.path, first.headers["authorization"], first.headers["x-gone"]) == (
        "/hook/old",
        "Bearer old",
        "1",
    )
    assert (second.path, second.headers["authorization"]) == ("/hook/new", "Bearer new")
    assert "x-gone" not in second.headers
    assert (first.id, first.body) == (second.id, second.body)
    shown = [one.url.rpartition("/")[2] for one in box.of(target)[0].attempts]
    assert shown == ["old", "new"]  # where each try went


def test_what_it_asks_for_from_now_on_does_not_concern_what_waits(box: Box, receiver: Receiver) -> None:
    target = box.webhook(receiver.url)
    events = box.trigger(2)
    change(box, target, events=["playlist.*"])
    box.trigger(2)
    with sends(box.store):
        until(lambda: set(delivered(box, target)) == set(events))


def test_a_longer_schedule_is_that_of_the_next_try(box: Box) -> None:
    target = box.webhook("http://127.0.0.1:9/")
    box.trigger()
    with sends(box.store):
        for times in range(1, 6):
            until(lambda times=times: len(box.of(target)[0].attempts) >= times)  # type: ignore[misc]
            if times == 5:
                change(box, target, retry_schedule="extended")
            box.store.clock.set_offset(box.store.clock.offset + timedelta(seconds=18))
        until(lambda: len(box.of(target)[0].attempts) == 6)
    [found] = box.of(target)
    assert found.status == "pending"
    assert found.next_attempt_at is not None
    assert found.next_attempt_at - found.updated_at >= timedelta(seconds=300)


# -- a herd -----------------------------------------------------------------------------------------


def test_what_has_gathered_during_an_outage_does_not_fall_upon_who_comes_back(
    box: Box, receiver: Receiver
) -> None:
    lock = threading.Lock()
    active, done, at_first, most = 0, 0, 0, 0

    def count(handler: BaseHTTPRequestHandler) -> None:
        nonlocal active, done, at_first, most
        with lock:
            active += 1
            most = max(most, active)
            if not done:
                at_first = max(at_first, active)
        threading.Event().wait(0.01)
        with lock:
            active -= 1
            done += 1
        answer_with(200)(handler)

    receiver.usual = 503
    target = box.webhook(receiver.url)
    box.trigger(80)
    with sends(box.store):
        until(lambda: all(one.attempts for one in box.of(target)))
        receiver.usual = count
        box.store.clock.set_offset(timedelta(hours=1))
        until(lambda: len(delivered(box, target)) == 80)
    assert at_first <= 4
    assert at_first < most <= lanes.MOST_TO_ONE


def test_who_stops_waits_for_what_is_on_its_way_and_begins_nothing_more(box: Box, receiver: Receiver) -> None:
    arrived, released = threading.Semaphore(0), threading.Event()

    def hold(handler: BaseHTTPRequestHandler) -> None:
        arrived.release()
        released.wait(PATIENCE)
        answer_with(200)(handler)

    receiver.usual = hold
    target = box.webhook(receiver.url)
    box.trigger(10)
    with sends(box.store) as one:
        assert arrived.acquire(timeout=PATIENCE)
        stopping = threading.Thread(target=one.stop)
        stopping.start()
        until(one._stopping.is_set)
        released.set()
        stopping.join(PATIENCE)
        assert not stopping.is_alive()
    assert len(delivered(box, target)) == len(receiver.received)
    waits = box.of(target, "pending")
    assert len(waits) == 10 - len(receiver.received) > 0
    assert not any(one.attempts for one in waits)
    with sends(box.store, name="the next one"):
        until(lambda: len(delivered(box, target)) == 10)
    assert len(receiver.received) == 10


def test_who_stops_does_not_wait_for_ever_and_what_it_puts_back_has_not_been_tried(
    box: Box, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "GRACE_SECONDS", 0.05)
    released = threading.Event()

    def hold(handler: BaseHTTPRequestHandler) -> None:
        released.wait(PATIENCE)
        answer_with(200)(handler)

    receiver.usual = hold
    target = box.webhook(receiver.url)
    [event] = box.trigger()
    with sends(box.store):
        receiver.wait_for(1)
    [found] = box.of(target)
    assert (found.status, found.attempts) == ("pending", [])
    released.set()
    receiver.usual = 200
    [again] = box.claim(target)  # free at once
    assert again.tries == 0
    box.set(lease_until=0.0)
    with sends(box.store, name="the next one"):
        until(lambda: delivered(box, target))
    assert [one.id for one in receiver.received] == [event, event]  # at least once
