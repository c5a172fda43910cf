"""When something breaks on this side: it is told once, counted, and holds up nobody else."""

from __future__ import annotations

import json
import logging
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
import sqlalchemy as sa

from aimusicverse.clock import real_now
from aimusicverse.server.deliveries import outcome
from aimusicverse.server.deliveries.outcome import Outcome
from aimusicverse.server.log_lines import JsonLines
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.errors import StoreError
from aimusicverse.server.store.sealed import Sealer
from aimusicverse.server.store.tables import webhook
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.webhooks import secrets
from aimusicverse.webhooks import message
from tests.server.deliveries.box import SEALER, Box, sends
from tests.server.deliveries.receiver import Receiver, answer_with
from tests.server.processes import until

LOGGER = "aimusicverse.server.deliveries"


@pytest.fixture
def box(store: Store) -> Box:
    return Box(store)


def test_a_defect_is_a_try_that_failed_and_is_shown(
    box: Box, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any, **__: Any) -> bytes:
        raise RuntimeError("a defect")

    target = box.webhook(receiver.url)
    monkeypatch.setattr(message, "body_of", broken)
    with sends(box.store), caplog.at_level(logging.ERROR, LOGGER):
        box.trigger(20)
        until(lambda: len([one for one in box.of(target) if one.attempts]) == 20)
        for _ in range(5):
            box.store.clock.set_offset(box.store.clock.offset + timedelta(seconds=18))
            times = len(box.of(target)[0].attempts)
            until(
                lambda times=times: all(  # type: ignore[misc]
                    len(one.attempts) > times or one.status == "dead" for one in box.of(target)
                )
            )
        until(lambda: {one.status for one in box.of(target)} == {"dead"})
    assert {(one.error, one.status_code) for each in box.of(target) for one in each.attempts} == {
        ("internal_error", None)
    }
    told = [record for record in caplog.records if record.name == LOGGER]
    assert [bool(record.exc_info) for record in told[:2]] == [True, False]
    assert len([record for record in told if record.exc_info]) == 1  # the others are a line each
    assert receiver.received == []


def test_an_outcome_that_cannot_be_written_down_holds_up_no_other(
    box: Box, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    target = box.webhook(receiver.url)
    [poison, *others] = box.trigger(6)
    settle = outcome.settle

    def settle_but_one(tx: Transaction, came: Outcome) -> None:
        if came.claimed.event_id == poison:
            raise RuntimeError("a defect")
        settle(tx, came)

    monkeypatch.setattr(outcome, "settle", settle_but_one)
    with sends(box.store), caplog.at_level(logging.ERROR, LOGGER):
        until(lambda: len(box.of(target, "succeeded")) == len(others))
    assert [one.event_id for one in box.of(target, "pending")] == [poison]


def test_one_that_cannot_be_written_down_at_the_end_holds_up_no_other_either(
    box: Box, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = box.webhook(receiver.url)
    [poison, *others] = box.trigger(3)
    settle, stopped = outcome.settle, threading.Event()

    def settle_after_all(tx: Transaction, came: Outcome) -> None:
        if not stopped.is_set():
            raise StoreError("away")
        if came.claimed.event_id == poison:
            raise RuntimeError("a defect")
        settle(tx, came)

    monkeypatch.setattr(outcome, "settle", settle_after_all)
    with sends(box.store):
        receiver.wait_for(3)
        stopped.set()
    assert {one.event_id for one in box.of(target, "succeeded")} == set(others)


def test_a_database_that_is_away_for_a_moment_costs_no_try_and_no_outcome(
    box: Box, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aimusicverse.server.deliveries.dispatcher._AFTER_TROUBLE_SECONDS", 0.01)
    target = box.webhook(receiver.url)
    box.trigger(3)
    settle, away = outcome.settle, [True] * 4

    def settle_when_there(tx: Transaction, came: Outcome) -> None:
        if away:
            away.pop()
            raise StoreError("away")
        settle(tx, came)

    monkeypatch.setattr(outcome, "settle", settle_when_there)
    with sends(box.store):
        until(lambda: len(box.of(target, "succeeded")) == 3)
    assert [len(one.attempts) for one in box.of(target)] == [1, 1, 1]
    assert len(receiver.received) == 3


def test_an_endpoint_that_gets_an_older_state_back_is_signed_for_with_the_secret_of_that_state(
    box: Box, receiver: Receiver
) -> None:
    """As after a restore: the same version as before, and another secret."""
    target = box.webhook(receiver.url)
    with sends(box.store):
        box.trigger()
        until(lambda: box.of(target, "succeeded"))
        minted = secrets.mint(SEALER)
        kept = [{"sealed": minted.sealed, "until": None}]
        box.store.write_now(lambda tx: tx.execute(sa.update(webhook).values(secrets=kept)))
        box.trigger()
        until(lambda: len(box.of(target, "succeeded")) == 2)
    receiver.received[1].judged(minted.secret.get_secret_value())


def test_a_secret_that_was_sealed_under_another_master_key_is_said_and_no_message_goes_out_unsigned(
    box: Box, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    target = box.webhook(receiver.url)
    strange = secrets.mint(Sealer(b"x" * 32, secrets.WEBHOOK_SECRETS))
    kept = [{"sealed": strange.sealed, "until": None}]
    box.store.write_now(lambda tx: tx.execute(sa.update(webhook).values(secrets=kept)))
    box.trigger(10)
    with sends(box.store), caplog.at_level(logging.ERROR, LOGGER):
        until(lambda: all(one.attempts for one in box.of(target)))
    assert {one.attempts[0].error for one in box.of(target)} == {"secret_lost"}
    assert receiver.received == []
    assert len([record for record in caplog.records if record.name == LOGGER]) == 1


def test_a_date_in_retry_after_is_of_the_real_world_however_far_server_time_has_moved(
    box: Box, receiver: Receiver
) -> None:
    box.store.clock.set_offset(timedelta(days=400))
    when = datetime.fromtimestamp(real_now(), UTC) + timedelta(seconds=40)
    receiver.answers.append(answer_with(503, retry_after=format_datetime(when, usegmt=True)))
    target = box.webhook(receiver.url)
    box.trigger()
    with sends(box.store):
        until(lambda: box.of(target)[0].attempts)
    due = box.of(target)[0].next_attempt_at
    assert due is not None
    assert 30 < (due - box.store.clock.now()).total_seconds() <= 60


def test_a_line_of_the_log_about_a_delivery_has_no_body_no_secret_and_no_query(
    box: Box, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    token = "token-in-the-query"
    own = "value-of-an-own-header"
    answers = [answer_with(500, b"body-of-the-answer"), 404, 410]
    receiver.answers.extend(answers)
    target = box.webhook(f"{receiver.url}?key={token}", headers={"X-Own": own})
    made = box.store.read_now(lambda tx: tx.all(sa.select(webhook.c.secrets)))[0].secrets
    secret = SEALER.open(made[0]["sealed"])
    assert secret is not None
    with sends(box.store), caplog.at_level(logging.DEBUG, "aimusicverse"):
        box.trigger()
        for times in (1, 2):
            until(lambda times=times: len(box.of(target)[0].attempts) >= times)  # type: ignore[misc]
            box.store.clock.set_offset(box.store.clock.offset + timedelta(seconds=18))
        until(lambda: box.of(target, "failed"))
    assert receiver.received[0].path.endswith(token)
    assert [
        record for record in caplog.records if record.name == LOGGER
    ] == []  # the failures are in the rows
    lines = "\n".join(JsonLines().format(record) for record in caplog.records)
    shown = json.dumps([one.model_dump(mode="json") for one in box.of(target)])
    for word in (token, own, secret, secret.removeprefix("whsec_"), "body-of-the-answer"):
        assert word not in lines
        assert word not in shown
