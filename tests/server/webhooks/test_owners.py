"""Whose webhooks, deliveries and events these are: nobody else sees, changes or gets them.

That each operation needs its scope, and finds nothing of somebody else's, is in security/test_access.py.
"""

from __future__ import annotations

import psycopg
import pytest
import sqlalchemy as sa

from aimusicverse.server.api_keys import queries as owners
from aimusicverse.server.deliveries import queries
from aimusicverse.server.events import service as events
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.tables import delivery, delivery_attempt, webhook
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.webhooks import queries as webhook_rows
from aimusicverse.server.webhooks import service
from aimusicverse.types import EventTrigger, WebhookCreate
from tests.server.deliveries.box import LOCAL, ME, SEALER, Box

OTHER = Owner("usr_2")
URL = "http://127.0.0.1:9/"


@pytest.fixture
def box(store: Store) -> Box:
    box = Box(store)
    store.write_now(owners.insert_owner, OTHER.id, name="y", tier="local")
    return box


def test_an_event_goes_to_the_endpoints_of_its_owner_alone(box: Box) -> None:
    mine = box.webhook()
    theirs = box.store.write_now(service.create, OTHER, WebhookCreate(url=URL), LOCAL, SEALER)
    box.trigger()
    assert [one.event_type for one in box.of(mine)] == ["generation.completed"]
    found = box.store.read_now(
        lambda tx: queries.newest(tx, OTHER, theirs.id, before=None, status=None, limit=10)
    )
    assert [one.event_type for one in found] == ["endpoint.test"]
    box.store.write_now(events.trigger, OTHER, EventTrigger(type="track.updated"))
    assert len(box.of(mine)) == 1


def test_each_has_a_hundred_of_his_own(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_WEBHOOKS", 1)
    box.webhook()
    box.store.write_now(service.create, OTHER, WebhookCreate(url=URL), LOCAL, SEALER)
    assert box.store.read_now(webhook_rows.count, OTHER) == 1


def test_postgres_shows_and_lets_an_owner_change_only_his_own_rows(box: Box, database_name: str) -> None:
    """A second fence: the statements here name no owner at all."""
    if database_name != "postgres":
        pytest.skip("row-level security is PostgreSQL's")
    target = box.webhook()
    box.trigger()
    [claimed] = box.claim(target)
    box.settle(claimed, 500)

    def seen_by(tx: Transaction, owner: Owner) -> list[int]:
        tx.act_for(owner.id)
        tables = (webhook, delivery, delivery_attempt)
        return [len(tx.all(sa.select(table.c.owner_id))) for table in tables]

    def take_over(tx: Transaction, owner: Owner) -> int:
        tx.act_for(owner.id)
        changed = [
            tx.execute(sa.update(webhook).values(url="http://evil.example/")),
            tx.execute(sa.update(delivery).values(status="dead")),
            tx.execute(sa.update(delivery_attempt).values(error="x")),
            tx.execute(sa.delete(delivery)),
        ]
        return sum(one.rowcount for one in changed)

    def slip_in(tx: Transaction) -> None:
        tx.act_for(OTHER.id)
        queries.insert(
            tx, "dlv_x", owner_id=ME.id, webhook_id=target.id, event_id=claimed.event_id, event_type="x"
        )

    assert box.store.read_now(seen_by, ME) == [1, 1, 1]
    assert box.store.read_now(seen_by, OTHER) == [0, 0, 0]
    assert box.store.write_now(take_over, OTHER) == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
        box.store.write_now(slip_in)
