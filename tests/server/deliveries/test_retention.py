"""What was delivered, and what happened, is kept for so long and no longer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from aimusicverse.server.deliveries import retention
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.tables import delivery, delivery_attempt, event, webhook
from aimusicverse.server.webhooks import service as webhooks
from aimusicverse.types import WebhookUpdate
from tests.server.conftest import Api
from tests.server.deliveries.box import LOCAL, ME, SEALER, Box
from tests.server.deliveries.sending import Sending

DAY = timedelta(days=1)


@pytest.fixture
def box(store: Store) -> Box:
    return Box(store)


def keep_house(box: Box, delivery_days: int = 30, event_days: int = 90) -> None:
    while box.store.write_now(retention.forget, delivery_days, event_days):
        pass


def later(box: Box, days: float) -> None:
    box.store.clock.set_offset(box.store.clock.offset + DAY * days)


def test_what_has_ended_goes_after_so_many_days_with_all_its_tries(box: Box) -> None:
    target = box.webhook()
    box.trigger(3)
    delivered, dead, waits = box.claim(target)
    assert box.settle(delivered, 200).status == "succeeded"
    assert box.settle(dead._replace(tries=5), 500).status == "dead"
    assert box.settle(waits, 500).status == "pending"
    later(box, 29)
    keep_house(box)
    assert box.count() == 3
    later(box, 2)
    keep_house(box)
    assert [one.id for one in box.of(target)] == [waits.id]
    assert box.count(delivery_attempt) == 1


def test_what_waits_for_a_disabled_endpoint_goes_after_so_many_days(box: Box) -> None:
    target = box.webhook()
    box.trigger(2)
    off = WebhookUpdate(enabled=False)
    box.store.write_now(webhooks.update, ME, target.id, off, None, LOCAL, SEALER)
    keep_house(box)
    assert box.count() == 2
    later(box, 31)
    keep_house(box)
    assert box.count() == 0
    assert box.store.read_now(webhooks.get, ME, target.id).status == "disabled"


def test_a_deleted_endpoint_takes_its_deliveries_along_and_its_secrets_at_once(box: Box) -> None:
    target, other = box.webhook(headers={"Authorization": "Bearer x"}), box.webhook()
    box.trigger(2)
    box.store.write_now(webhooks.delete, ME, target.id, None)
    row = box.store.read_now(lambda tx: tx.all(sa.select(webhook).where(webhook.c.id == target.id)))[0]
    assert (row.status, row.secrets, row.headers, row.header_names) == ("deleted", [], None, [])
    keep_house(box)
    assert len(box.of(other)) == box.count() == 2
    assert box.count(webhook) == 1


def test_an_endpoint_with_more_deliveries_than_go_at_once_goes_in_the_end(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "_TOGETHER", 2)
    target = box.webhook()
    box.trigger(5)
    box.store.write_now(webhooks.delete, ME, target.id, None)
    assert box.store.write_now(retention.forget, 30, 90) == 2
    assert box.count(webhook) == 1
    keep_house(box)
    assert (box.count(), box.count(webhook)) == (0, 0)


def test_the_log_goes_after_so_many_days_but_for_what_is_still_delivered(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "_TOGETHER", 2)
    target = box.webhook()
    told = box.trigger(4)  # more than are removed at once: they do not hide what comes after them
    box.store.write_now(
        webhooks.update, ME, target.id, WebhookUpdate(events=["track.*"]), None, LOCAL, SEALER
    )
    box.trigger(4)
    later(box, 100)
    fresh = box.trigger(1)
    keep_house(box)
    assert set(event_ids(box)) == {*told, *fresh}
    for claimed in box.claim(target):
        box.settle(claimed, 200)
    later(box, 31)
    keep_house(box)
    assert event_ids(box) == fresh


def test_a_log_that_is_kept_for_ever_is(box: Box) -> None:
    box.trigger(2)
    later(box, 10_000)
    keep_house(box, event_days=0)
    assert len(event_ids(box)) == 2


def test_a_server_keeps_house_when_it_starts(start: Callable[..., Api]) -> None:
    first = Sending(start(mode="test"))
    hook = first.webhook("http://127.0.0.1:9/")
    first.trigger()
    assert first.api.delete(f"/webhooks/{hook['id']}").status_code == 204
    assert rows(first) > 0
    first.api.server.close()
    second = Sending(start(mode="test"))
    second.until(lambda: rows(second) == 0)


def rows(sending: Sending) -> int:
    counts = [sa.select(sa.func.count()).select_from(table) for table in (delivery, webhook)]
    return sum(sending.store.read_now(lambda tx: [tx.scalar(count) for count in counts]))


def event_ids(box: Box) -> list[str]:
    """The log."""
    found = sa.select(event.c.id).where(event.c.type != "endpoint.test").order_by(event.c.seq)
    return [row.id for row in box.store.read_now(lambda tx: tx.all(found))]
