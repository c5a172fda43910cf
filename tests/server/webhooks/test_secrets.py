"""Secrets of endpoints: shown once, sealed, and one taking the place of another."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from aimusicverse import webhooks as standard
from aimusicverse.errors import WebhookVerificationError
from aimusicverse.secret import Secret
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.tables import microseconds, webhook
from aimusicverse.server.webhooks import secrets, service
from aimusicverse.server.webhooks.secrets import MOST_AT_ONCE, Kept
from aimusicverse.types import Webhook, WebhookRotate
from tests.server.deliveries.box import ME, SEALER, Box, sends
from tests.server.deliveries.receiver import Received, Receiver
from tests.server.deliveries.sending import Sending
from tests.server.processes import until

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def box(store: Store) -> Box:
    return Box(store)


def rotate(box: Box, target: Webhook, overlap: timedelta = DAY) -> str:
    body = WebhookRotate(overlap_seconds=int(overlap.total_seconds()))
    issued = box.store.write_now(service.rotate_secret, ME, target.id, body, SEALER)
    return text(issued.secret)


def text(secret: Secret | None) -> str:
    assert secret is not None
    return secret.get_secret_value()


def later(box: Box, by: timedelta) -> None:
    box.store.clock.set_offset(box.store.clock.offset + by)


def verifies(came: Received, secret: str) -> bool:
    try:
        came.judged(secret)
    except WebhookVerificationError:
        return False
    return True


def signed_by(came: Received) -> int:
    return len(str(came.headers["webhook-signature"]).split())


def sent(box: Box, receiver: Receiver, target: Webhook) -> Received:
    """The message of a new event."""
    before = len(receiver.received)
    box.trigger()
    until(lambda: len(box.of(target, "succeeded")) == len(box.of(target)))
    return receiver.wait_for(before + 1)[before]


def test_while_one_replaces_another_both_sign_and_after_that_only_the_new_one(
    box: Box, receiver: Receiver
) -> None:
    target = box.webhook(receiver.url)
    old = text(target.secret)
    with sends(box.store):
        new = rotate(box, target)
        later(box, DAY - MINUTE)
        both = sent(box, receiver, target)
        later(box, 2 * MINUTE)
        one = sent(box, receiver, target)
    assert (signed_by(both), verifies(both, old), verifies(both, new)) == (2, True, True)
    assert (signed_by(one), verifies(one, old), verifies(one, new)) == (1, False, True)
    at = int(both.headers["webhook-timestamp"])
    alone = standard.sign(both.body, [new], message_id=both.id, timestamp=at)["webhook-signature"]
    assert str(both.headers["webhook-signature"]).split()[0] == alone  # the newest first


def test_without_an_overlap_the_old_one_is_void_at_once(box: Box, receiver: Receiver) -> None:
    target = box.webhook(receiver.url)
    old = text(target.secret)
    with sends(box.store):
        new = rotate(box, target, timedelta())
        came = sent(box, receiver, target)
    assert (signed_by(came), verifies(came, old), verifies(came, new)) == (1, False, True)


def test_two_rotations_within_the_overlap_leave_all_three_valid_each_until_its_own_end(
    box: Box, receiver: Receiver
) -> None:
    target = box.webhook(receiver.url)
    known = [text(target.secret)]
    with sends(box.store):
        known.append(rotate(box, target))
        later(box, DAY / 2)
        known.append(rotate(box, target))
        assert box.store.read_now(service.get, ME, target.id).secrets_valid == 3
        three = sent(box, receiver, target)
        later(box, DAY / 2 + MINUTE)
        two = sent(box, receiver, target)
        later(box, DAY / 2)
        one = sent(box, receiver, target)
    assert [[verifies(came, secret) for secret in known] for came in (three, two, one)] == [
        [True, True, True],
        [False, True, True],
        [False, False, True],
    ]
    assert [signed_by(came) for came in (three, two, one)] == [3, 2, 1]


def test_a_rotation_between_two_tries_signs_the_next_one_with_both(box: Box, receiver: Receiver) -> None:
    receiver.answers.append(500)
    target = box.webhook(receiver.url)
    box.trigger()
    with sends(box.store):
        until(lambda: box.of(target)[0].attempts)
        new = rotate(box, target)
        later(box, 2 * timedelta(seconds=1))
        until(lambda: box.of(target, "succeeded"))
    first, second = receiver.received
    assert (first.id, first.body) == (second.id, second.body)
    assert (signed_by(first), verifies(first, new)) == (1, False)
    assert (signed_by(second), verifies(second, text(target.secret)), verifies(second, new)) == (
        2,
        True,
        True,
    )


def test_who_revokes_at_once_between_two_tries_gets_the_next_one_by_the_new_secret_alone(
    box: Box, receiver: Receiver
) -> None:
    receiver.answers.append(500)
    target = box.webhook(receiver.url)
    box.trigger()
    with sends(box.store):
        until(lambda: box.of(target)[0].attempts)
        new = rotate(box, target, timedelta())
        later(box, 2 * timedelta(seconds=1))
        until(lambda: box.of(target, "succeeded"))
    assert [verifies(receiver.received[1], secret) for secret in (text(target.secret), new)] == [False, True]


@settings(max_examples=40)
@given(steps=st.lists(st.tuples(st.integers(0, 3_000), st.integers(0, 3_000)), max_size=8))
def test_however_often_it_is_rotated_the_newest_is_valid_for_ever_and_no_other_for_longer_than_its_overlap(
    steps: list[tuple[int, int]],
) -> None:
    now = timedelta(days=20_000)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    kept: list[Kept] = [{"sealed": "first", "until": None}]
    ends: dict[str, timedelta] = {}
    newest = "first"
    for number, (wait, overlap) in enumerate(steps):
        now += timedelta(seconds=wait)
        kept = secrets.rotated(kept, f"{number}", now=epoch + now, overlap=timedelta(seconds=overlap))
        for name in (newest, *ends):
            ends[name] = min(ends.get(name, now + timedelta(days=1)), now + timedelta(seconds=overlap))
        newest = f"{number}"
        valid = secrets.valid(kept, epoch + now)
        assert valid[0] == {"sealed": newest, "until": None}
        assert len(kept) <= MOST_AT_ONCE
        for one in valid[1:]:
            assert one["until"] is not None
            assert microseconds(epoch + now) < one["until"] <= microseconds(epoch + ends[one["sealed"]])


def test_the_secret_is_in_the_answer_that_makes_it_and_in_no_other(sending: Sending) -> None:
    made = sending.webhook("http://127.0.0.1:9/", headers={"Authorization": "Bearer of-ours"})
    path = f"/webhooks/{made['id']}"
    secret = made["secret"]
    assert secret.startswith("whsec_")
    assert len(secret) > 40
    rotated = sending.api.post(f"{path}/rotate-secret", json={}).json()["secret"]
    assert rotated != secret
    test = sending.api.post(f"{path}/test").json()
    answers = [
        sending.api.get(path),
        sending.api.get("/webhooks"),
        sending.api.patch(path, json={"description": "x"}),
        sending.api.get(f"{path}/deliveries"),
        sending.api.get(f"/deliveries/{test['id']}"),
        sending.api.get("/events", params={"type": "endpoint.test", "limit": 100}),
    ]
    for answer in answers:
        assert answer.status_code == 200
        for word in (secret, rotated, "of-ours"):
            assert word not in answer.text
        assert '"secret":"' not in answer.text
    assert answers[0].json()["headers"] == {"Authorization": "***"}


def test_a_repeated_request_gets_the_same_secret_and_it_is_sealed_where_it_is_kept(sending: Sending) -> None:
    once = {"Idempotency-Key": "make-a-hook-once"}
    body = {"url": "http://127.0.0.1:9/"}
    first, again = (sending.api.post("/webhooks", json=body, headers=once) for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    path = f"/webhooks/{first.json()['id']}"
    turn = {"Idempotency-Key": "turn-it-once"}
    rotations = [sending.api.post(f"{path}/rotate-secret", json={}, headers=turn).json() for _ in range(2)]
    assert rotations[0] == rotations[1]
    assert sending.api.get(path).json()["secrets_valid"] == 2
    found = sending.store.read_now(lambda tx: tx.all(sa.text("SELECT answer FROM idempotency")))
    assert found
    for secret in (first.json()["secret"], rotations[0]["secret"]):
        assert not any(secret in row.answer for row in found)


def test_at_rest_it_is_sealed_for_this_purpose_alone(box: Box) -> None:
    target = box.webhook(headers={"Authorization": "Bearer of-ours"})
    row = box.store.read_now(lambda tx: tx.all(sa.select(webhook)))[0]
    sealed = row.secrets[0]["sealed"]
    assert SEALER.open(sealed) == text(target.secret)
    assert type(SEALER)(b"m" * 32, "answer").open(sealed) is None
    assert "of-ours" not in str(row)
    assert text(target.secret).removeprefix("whsec_") not in str(row)


def test_two_rotations_at_once_leave_both_secrets_valid(sending: Sending) -> None:
    made = sending.webhook("http://127.0.0.1:9/")
    together, answers = threading.Barrier(2), list[str]()

    def turn() -> None:
        together.wait()
        answer = sending.api.post(f"/webhooks/{made['id']}/rotate-secret", json={})
        answers.append(answer.json()["secret"])

    threads = [threading.Thread(target=turn) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(answers)) == 2
    assert sending.api.get(f"/webhooks/{made['id']}").json()["secrets_valid"] == 3
