"""Webhooks as the test of a receiver gets them."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from aimusicverse import webhooks
from tests.server.deliveries.receiver import receiving

if TYPE_CHECKING:
    from aimusicverse import Client
    from aimusicverse.testing.event_log import EventLog
    from aimusicverse.testing.message import Message


def judged(message: Message) -> str:
    """The type of the event in it, if it is signed."""
    return webhooks.unwrap(message.body, message.headers, message.secret).type


def test_a_receiver_gets_all_that_happens_signed_and_in_order(
    amv_client: Client, amv_events: EventLog
) -> None:
    amv_client.generate("x", duration_seconds=5)
    amv_client.webhooks.trigger("distribution.live")
    before = amv_events.types()
    seen = amv_events.receive(lambda message: judged(message) and 204)
    amv_client.playlists.create("Rain")
    seen += amv_events.receive(lambda message: None)
    assert [message.event.type for message in seen] == [*before, "playlist.updated"] == amv_events.types()
    assert [message.status for message in seen] == [204] * len(before) + [200]
    assert {message.secret for message in seen} == {amv_events.secret}
    assert seen[-1].event.data["title"] == "Rain"
    assert seen[-1].headers["content-type"] == "application/json"
    assert "host" not in seen[-1].headers


def test_what_fails_comes_again_at_once_under_its_id(amv_client: Client, amv_events: EventLog) -> None:
    amv_client.playlists.create("Rain")
    tries = []
    for message in amv_events.deliveries():
        assert judged(message) == "playlist.updated"
        tries.append(message)
        if message.attempt < 3:
            message.answer(503, headers={"Retry-After": "50"}, body=b"later")
    assert [message.attempt for message in tries] == [1, 2, 3]
    assert len({(message.id, message.body) for message in tries}) == 1
    [delivery] = amv_client.webhooks.deliveries(amv_events.webhook, status="succeeded", limit=1).page().data
    attempts = amv_client.webhooks.delivery(delivery).attempts
    assert [(one.status_code, one.response_body) for one in attempts] == [
        (503, "later"),
        (503, "later"),
        (200, ""),
    ]
    assert attempts[2].at - attempts[0].at >= timedelta(seconds=100)


def test_a_day_and_a_half_of_tries_take_no_time(
    amv_client: Client, amv_events: EventLog, amv_clock: Any
) -> None:
    amv_client.webhooks.update(amv_events.webhook, retry_schedule="extended")
    amv_client.playlists.create("Rain")
    before, began = amv_clock.now(), time.monotonic()
    assert len(amv_events.receive(lambda message: 500)) == 11
    assert amv_clock.now() - before > timedelta(hours=34)
    assert time.monotonic() - began < 15
    [dead] = amv_client.webhooks.deliveries(amv_events.webhook, status="dead")
    amv_client.webhooks.redeliver(dead)
    [message] = amv_events.deliveries()
    assert (message.id, message.attempt) == (dead.event_id, 12)


def test_an_endpoint_that_is_gone_gets_nothing_more(amv_client: Client, amv_events: EventLog) -> None:
    for title in ("Rain", "Sun"):
        amv_client.playlists.create(title)
    assert len(amv_events.receive(lambda message: 410)) <= 2
    assert amv_client.webhooks.get(amv_events.webhook).disabled_for == "gone"
    amv_client.playlists.create("Snow")
    assert amv_events.receive(lambda message: 200) == []


def test_what_a_receiver_causes_comes_to_it_too(amv_client: Client, amv_events: EventLog) -> None:
    playlist = amv_client.playlists.create("Rain")

    def receiver(message: Message) -> None:
        if message.event.data["title"] == "Rain":
            amv_client.playlists.update(playlist, title="Sun")

    assert [message.event.data["title"] for message in amv_events.receive(receiver)] == ["Rain", "Sun"]


def test_one_may_stop_and_go_on(amv_client: Client, amv_events: EventLog) -> None:
    for title in ("Rain", "Sun", "Snow"):
        amv_client.playlists.create(title)
    first, second = (next(iter(amv_events.deliveries())) for _ in range(2))
    [third] = amv_events.deliveries()
    titles = [message.event.data["title"] for message in (first, second, third)]
    assert titles == ["Rain", "Sun", "Snow"]
    assert first.status == second.status == 200


def test_what_a_receiver_raises_is_the_tests(amv_client: Client, amv_events: EventLog) -> None:
    amv_client.playlists.create("Rain")

    def broken(message: Message) -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        amv_events.receive(broken)


@pytest.mark.parametrize("wrong", [True, 100, 600, "200", object()])
def test_a_status_that_is_none_is_refused(amv_client: Client, amv_events: EventLog, wrong: Any) -> None:
    amv_client.playlists.create("Rain")
    with pytest.raises(ValueError, match="200 to 599"):
        amv_events.receive(lambda message: wrong)


def test_a_message_is_answered_once(amv_client: Client, amv_events: EventLog) -> None:
    amv_client.playlists.create("Rain")
    [message] = amv_events.receive(lambda message: 200)
    with pytest.raises(ValueError, match="any more"):
        message.answer(500)


def test_the_endpoint_is_real_and_its_making_is_no_event_of_the_test(
    amv_client: Client, amv_events: EventLog
) -> None:
    hook = amv_client.webhooks.update(
        amv_events.webhook, events="track.*", headers={"Authorization": "Bearer mine"}
    )
    assert amv_events.all() == []
    amv_client.webhooks.trigger("generation.completed")
    amv_client.webhooks.trigger("track.created")
    [message] = amv_events.deliveries()
    assert (judged(message), message.headers["authorization"]) == ("track.created", "Bearer mine")
    assert message.secret not in repr(message)
    tested = amv_client.webhooks.test(hook)
    assert amv_events.wait_for("endpoint.test").id == tested.event_id


async def test_it_goes_with_async_code(amv_async_client: Any, amv_events: EventLog) -> None:
    await amv_async_client.playlists.create("Rain")
    for message in amv_events.deliveries():
        await amv_async_client.playlists.list()
        message.answer(202)
    assert message.status == 202


def test_a_receiver_that_runs_by_itself_has_got_everything_once_it_is_settled(
    amv_client: Client, amv_events: EventLog
) -> None:
    with receiving() as receiver:
        hook = amv_client.webhooks.create(receiver.url, retry_schedule="extended")
        receiver.wait_for(1)
        receiver.answers.extend([500] * 9)
        amv_client.playlists.create("Rain")
        test, delivery = amv_events.settle(hook)
        assert (test.status, delivery.status, len(delivery.attempts)) == ("succeeded", "succeeded", 10)
        assert len(receiver.received) == 11
