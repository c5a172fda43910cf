"""What follows from what a receiver answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from aimusicverse.server.store.base import Store
from aimusicverse.types import Delivery, Webhook
from tests.server.deliveries.box import Box, sends
from tests.server.deliveries.receiver import Behaviour, Receiver, answer_with, receiving
from tests.server.processes import until


@pytest.fixture
def box(store: Store) -> Box:
    return Box(store)


def answered(box: Box, receiver: Receiver, answer: int | Behaviour) -> tuple[Webhook, Delivery]:
    """What stands after one try that was answered so."""
    receiver.answers.append(answer)
    target = box.webhook(receiver.url)
    box.trigger()
    with sends(box.store):
        until(lambda: box.of(target)[0].attempts)
        [found] = box.of(target)
    return target, found


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_2xx_is_success(box: Box, receiver: Receiver, status: int) -> None:
    _, found = answered(box, receiver, status)
    assert (found.status, found.next_attempt_at) == ("succeeded", None)
    assert [(one.status_code, one.error) for one in found.attempts] == [(status, None)]


@pytest.mark.parametrize("status", [300, 304, 400, 401, 404, 408, 409, 418, 429, 500, 502, 503, 504, 599])
def test_the_rest_is_tried_again(box: Box, receiver: Receiver, status: int) -> None:
    _, found = answered(box, receiver, status)
    assert (found.status, len(found.attempts)) == ("pending", 1)
    assert found.attempts[0].status_code == status
    assert found.next_attempt_at is not None
    wait = found.next_attempt_at - found.attempts[0].at
    assert timedelta(seconds=1) <= wait < timedelta(seconds=5)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_failure_and_nothing_follows_it(box: Box, receiver: Receiver, status: int) -> None:
    with receiving() as inside:
        _, found = answered(box, receiver, answer_with(status, location=inside.url))
        assert (found.status, found.attempts[0].status_code) == ("pending", status)
        assert len(receiver.received) == 1
        assert inside.received == []


def test_410_ends_the_delivery_and_disables_the_endpoint(box: Box, receiver: Receiver) -> None:
    target, found = answered(box, receiver, 410)
    assert (found.status, found.next_attempt_at) == ("failed", None)
    box.trigger()
    assert len(box.of(target)) == 1  # nothing more is sent there


@pytest.mark.parametrize(
    ("status", "value", "least", "most"),
    [
        pytest.param(429, "20", 20, 20.5, id="seconds"),
        pytest.param(503, "20", 20, 20.5, id="seconds, with 503"),
        pytest.param(429, "3600", 60, 60.5, id="an hour is a minute"),
        pytest.param(429, "9" * 300, 60, 60.5, id="huge"),
        pytest.param(429, "0", 1, 1.6, id="at once is not sooner than usual"),
        pytest.param(429, "-30", 1, 1.6, id="negative"),
        pytest.param(429, "soon", 1, 1.6, id="nonsense"),
        pytest.param(429, "\t \x01", 1, 1.6, id="control characters"),
    ],
)
def test_retry_after_is_granted_up_to_a_minute(
    box: Box, receiver: Receiver, status: int, value: str, least: float, most: float
) -> None:
    _, found = answered(box, receiver, answer_with(status, retry_after=value))
    assert found.next_attempt_at is not None
    waits = (found.next_attempt_at - found.updated_at).total_seconds()
    assert least <= waits <= most


def test_retry_after_may_be_a_date(box: Box, receiver: Receiver) -> None:
    when = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    _, found = answered(box, receiver, answer_with(503, retry_after=when))
    assert found.next_attempt_at is not None
    assert 15 < (found.next_attempt_at - found.updated_at).total_seconds() <= 30


def test_nobody_gets_more_tries_by_asking_for_them(box: Box, receiver: Receiver) -> None:
    receiver.usual = answer_with(429, retry_after="60")
    target = box.webhook(receiver.url)
    box.trigger()
    with sends(box.store):
        for times in range(1, 7):
            until(lambda times=times: len(box.of(target)[0].attempts) >= times)  # type: ignore[misc]
            box.store.clock.set_offset(box.store.clock.offset + timedelta(seconds=61))
        until(lambda: box.of(target, "dead"))
    assert len(receiver.received) == 6
