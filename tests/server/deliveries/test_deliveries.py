"""From an event to somebody's endpoint."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aimusicverse.errors import WebhookVerificationError
from tests.server.deliveries.receiver import Receiver, answer_with
from tests.server.deliveries.sending import Sending


def test_an_event_arrives_signed_and_is_written_down(sending: Sending, receiver: Receiver) -> None:
    webhook = sending.webhook(receiver.url, headers={"Authorization": "Bearer of-ours"})
    event = sending.trigger("generation.completed", title="Rainy night")
    [came] = receiver.of_type("generation.completed")
    told = came.judged(webhook["secret"])
    assert (told.id, told.type, told.data["title"]) == (event["id"], "generation.completed", "Rainy night")
    assert told.model_extra == {"test": True}
    assert came.headers["authorization"] == "Bearer of-ours"
    with pytest.raises(WebhookVerificationError):
        came.judged("whsec_" + "QUJD" * 8)
    [found] = sending.settled(webhook, "succeeded")
    [attempt] = sending.delivery(found["id"])["attempts"]
    assert (attempt["number"], attempt["status_code"], attempt["error"]) == (1, 200, None)


def test_what_happens_is_told_to_those_who_asked_for_it(sending: Sending, receiver: Receiver) -> None:
    wants = sending.webhook(receiver.url + "/wants", events=["generation.*"])
    other = sending.webhook(receiver.url + "/other", events=["playlist.updated"])
    generation = sending.api.generate()
    assert generation["status"] == "completed"
    [came] = receiver.of_type("generation.completed")
    told = came.judged(wants["secret"])
    assert told.data["id"] == generation["id"]
    assert told.model_extra == {}  # nobody only tried something out
    assert came.path == "/hook/wants"
    assert sending.deliveries(other) == []


def test_a_failed_try_is_followed_by_the_same_bytes_under_the_same_id(
    sending: Sending, receiver: Receiver
) -> None:
    webhook = sending.webhook(receiver.url)
    receiver.wait_for(1)
    receiver.answers.extend([500, answer_with(503, b"later"), 200])
    sending.trigger()
    for times in (1, 2):
        sending.tried(webhook, times)
        sending.api.advance(timedelta(seconds=3))
    tries = receiver.of_type("generation.completed", 3)
    assert len({one.body for one in tries}) == 1
    assert len({one.id for one in tries}) == 1
    [found] = sending.settled(webhook, "succeeded")
    attempts = sending.delivery(found["id"])["attempts"]
    assert [one["status_code"] for one in attempts] == [500, 503, 200]
    assert attempts[1]["response_body"] == "later"
