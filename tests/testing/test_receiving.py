"""Webhooks as the test of a receiver gets them."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from aimusicverse import webhooks
from aimusicverse.testing.event_log import EventLog
from aimusicverse.testing.mailbox import Mailbox
from aimusicverse.testing.message import Answer
from tests.server.deliveries.receiver import receiving

if TYPE_CHECKING:
    from aimusicverse import Client, LocalServer
    from aimusicverse.testing.message import Message


REQUEST = b"POST /webhooks HTTP/1.1\r\nwebhook-id: evt_1\r\ncontent-length: 1\r\n\r\n"


def address(mailbox: Mailbox) -> tuple[str, int]:
    parts = urlsplit(mailbox.url)
    return parts.hostname or "", parts.port or 0


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
    before = amv_clock.now()
    assert len(amv_events.receive(lambda message: 500)) == 11
    assert amv_clock.now() - before > timedelta(hours=34)


def test_what_is_dead_comes_again_however_often_it_is_redelivered(
    amv_client: Client, amv_events: EventLog
) -> None:
    amv_client.playlists.create("Rain")
    for _ in range(5):  # of a delivery's tries the last 25 are listed
        amv_events.receive(lambda message: 500)
        [dead] = amv_client.webhooks.deliveries(amv_events.webhook, status="dead")
        amv_client.webhooks.redeliver(dead)
    [message] = amv_events.deliveries()
    assert (message.id, message.attempt) == (dead.event_id, 31)


def test_what_happens_while_the_endpoint_is_made_comes_too(
    amv_client: Client, amv_events: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = amv_client.webhooks.create

    def meanwhile(url: str) -> Any:
        made = create(url)
        amv_client.playlists.create("Sun")
        return made

    amv_client.playlists.create("Rain")
    monkeypatch.setattr(amv_client.webhooks, "create", meanwhile)
    titles = [message.event.data["title"] for message in amv_events.deliveries()]
    assert sorted(titles) == ["Rain", "Sun"]


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
    first = next(iter(amv_events.deliveries()))
    second = next(iter(amv_events.deliveries()))
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


def test_a_status_that_is_none_is_refused(amv_client: Client, amv_events: EventLog) -> None:
    amv_client.playlists.create("Rain")
    [message] = amv_events.deliveries()
    wrongs: list[Any] = [True, 100, 600, "200", object()]
    for wrong in wrongs:
        with pytest.raises(ValueError, match="200 to 599"):
            message.answer(wrong)


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


def test_events_by_the_dozen_come_in_order(amv_client: Client, amv_events: EventLog) -> None:
    playlist = amv_client.playlists.create("0")
    for number in range(1, 15):  # before the endpoint is made
        amv_client.playlists.update(playlist, title=str(number))
    assert amv_events.webhook.status == "enabled"
    for number in range(15, 30):
        amv_client.playlists.update(playlist, title=str(number))
    titles = [message.event.data["title"] for message in amv_events.deliveries()]
    assert titles == [str(number) for number in range(30)]


def test_what_all_failed_comes_again_until_it_is_dead(amv_client: Client, amv_events: EventLog) -> None:
    for number in range(8):
        amv_client.playlists.create(str(number))
    seen = [(message.event.data["title"], message.attempt) for message in amv_events.receive(lambda _: 500)]
    assert sorted(seen) == [(str(number), attempt) for number in range(8) for attempt in range(1, 7)]
    assert amv_client.webhooks.get(amv_events.webhook).status == "failing"


def test_an_endpoint_of_ones_own_is_tried_out_alone(amv_client: Client, amv_events: EventLog) -> None:
    with receiving() as receiver:
        amv_client.webhooks.create(receiver.url)
        receiver.of_type("endpoint.test")
        amv_client.playlists.create("Rain")
        assert [message.event.type for message in amv_events.deliveries()] == ["playlist.updated"]
        receiver.of_type("playlist.updated")


def test_a_try_that_the_server_gave_up_is_not_handed_over() -> None:
    mailbox = Mailbox()
    try:
        with socket.create_connection(address(mailbox)) as first:
            first.sendall(REQUEST + b"1")
            kept = mailbox.take(["evt_1"], within=20)
            assert kept is not None
            assert not kept.is_given_up
            mailbox.put(kept)
        assert mailbox.take(["evt_1"], within=0.01) is None
        with socket.create_connection(address(mailbox)) as second:
            second.sendall(REQUEST + b"2")
            again = mailbox.take(["evt_1"], within=20)
            assert again is not None
            assert again.body == b"2"
            again.answer.set_result(Answer(204))
            assert second.makefile("rb").readline().split()[1] == b"204"
    finally:
        mailbox.close()


def test_the_server_need_not_wait_for_what_a_test_left_unanswered() -> None:
    mailbox = Mailbox()
    with socket.create_connection(address(mailbox), timeout=5) as sender:
        sender.sendall(REQUEST + b"1")
        assert mailbox.take(["evt_1"], within=20)
        mailbox.close()
        assert sender.recv(1) == b""


def test_nobody_pays_for_an_endpoint_who_does_not_ask_for_one(
    amv_client: Client, amv_events: EventLog
) -> None:
    amv_client.playlists.create("Rain")
    assert amv_events.types() == ["playlist.updated"]
    assert amv_client.webhooks.list().page().data == []


def test_what_one_test_leaves_behind_does_not_reach_the_next(
    amv_server: LocalServer, amv_client: Client, amv_events: EventLog
) -> None:
    amv_client.playlists.create("Rain")
    amv_events.receive(lambda message: 503 if message.attempt < 4 else 200)
    amv_client.playlists.create("Snow")
    next(iter(amv_events.deliveries()))  # and no answer
    amv_events.close()
    amv_server.reset()
    following = EventLog(amv_client, amv_server.clock)
    try:
        amv_client.playlists.create("Sun")
        assert [message.event.data["title"] for message in following.deliveries()] == ["Sun"]
        assert amv_server.clock.now() - datetime.now(UTC) < timedelta(seconds=1)
        assert [hook.id for hook in amv_client.webhooks.list()] == [following.webhook.id]
    finally:
        following.close()


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
