"""Statements that run at every turn look at what waits, and not at all that there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from aimusicverse.clock import ServerClock
from aimusicverse.secret import Secret
from aimusicverse.server.api_keys import queries as owners
from aimusicverse.server.deliveries import queries, retention
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.opening import open_store
from aimusicverse.server.store.tables import delivery, event, webhook
from aimusicverse.server.store.transaction import Transaction
from tests.server.databases import lent_database
from tests.server.deliveries.box import ME

ENDPOINTS, EVENTS = 300, 3_000


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory, database_name: str) -> Iterator[Store]:
    """A store with much in it: one endpoint has thousands of deliveries, most have none that waits."""
    lent = lent_database() if database_name == "postgres" else None
    url: Secret | None = lent.__enter__() if lent else None
    store = open_store(url, tmp_path_factory.mktemp("many") / "amv.db", clock=ServerClock())
    store.write_now(_fill)
    if lent:
        store.write_now(lambda tx: tx.execute(sa.text("ANALYZE")))
    yield store
    store.close()
    if lent:
        lent.__exit__(None, None, None)


def _fill(tx: Transaction) -> None:
    owners.insert_owner(tx, ME.id, name="x", tier="local")
    times = {"created_at": tx.now, "updated_at": tx.now}
    fixed = {"owner_id": ME.id, **times}
    health = {"status": "enabled", "failure_count": 0, "version": 1, "judged_since": tx.now}
    what = {"url": "http://x", "events": ["*"], "header_names": [], "secrets": [], "retry_schedule": "fast"}
    tx.execute(
        sa.insert(webhook), [{"id": f"whk_{n:05}", **what, **health, **fixed} for n in range(ENDPOINTS)]
    )
    happened = {"owner_id": ME.id, "type": "track.updated", "timestamp": tx.now, "data": {"id": "x" * 300}}
    tx.execute(sa.insert(event), [{"id": f"evt_{n:06}", **happened} for n in range(EVENTS)])
    claims = {"lease_until": 0.0, "claim_no": 0, "tries": 0, "attempts": 0}
    tx.execute(
        sa.insert(delivery),
        [
            {
                "id": f"dlv_{n:06}",
                "webhook_id": f"whk_{0 if n < EVENTS - 5 else n % 7:05}",
                "event_id": f"evt_{n:06}",
                "event_type": "track.updated",
                "status": "succeeded" if n % 3 else "pending",
                "due_at": tx.now + timedelta(seconds=(n % 5 - 2) * 1_000),
                **claims,
                **fixed,
            }
            for n in range(EVENTS)
        ],
    )


def work(store: Store, function: Callable[[Transaction], object]) -> int:
    """How much a function has the database look at: rows on PostgreSQL, steps of its machine on SQLite."""

    def run(tx: Transaction) -> int:
        raw: Any = tx.server_connection().connection.dbapi_connection
        if store.is_ours_alone:
            steps = [0]
            raw.set_progress_handler(lambda: steps.__setitem__(0, steps[0] + 1), 10)
            function(tx)
            raw.set_progress_handler(None, 0)
            return steps[0] * 10
        before = tx.scalar(READ)
        function(tx)
        return int(tx.scalar(READ) - before)

    return store.write_now(run)


READ = sa.text("SELECT coalesce(sum(seq_tup_read + idx_tup_fetch), 0) FROM pg_stat_xact_user_tables")
#: Less than looking at each endpoint, or at each delivery, would cost.
LITTLE = {"sqlite": 2_500, "postgres": 200}


@pytest.mark.parametrize(
    "function",
    [
        pytest.param(queries.ready, id="ready"),
        pytest.param(queries.next_due, id="next_due"),
        pytest.param(queries.bring_back, id="bring_back"),
        pytest.param(lambda tx: queries.claim(tx, "whk_00000", who="me", limit=4), id="claim"),
        pytest.param(lambda tx: listed(tx, None), id="newest"),
        pytest.param(lambda tx: listed(tx, "pending"), id="newest that are pending"),
        pytest.param(lambda tx: listed(tx, "dead"), id="newest that are dead: none"),
        pytest.param(lambda tx: listed(tx, "dead", webhook_id="whk_00200"), id="newest of one without any"),
        pytest.param(lambda tx: queries.of_event(tx, ME, "whk_00000", "evt_000007"), id="of_event"),
    ],
)
def test_what_is_asked_looks_at_little(many: Store, function: Callable[[Transaction], object]) -> None:
    kind = "sqlite" if many.is_ours_alone else "postgres"
    work(many, function)  # what has to be looked up the first time is known then
    assert work(many, function) < LITTLE[kind]


def test_keeping_house_looks_at_endpoints_and_not_at_what_is_not_old(many: Store) -> None:
    assert work(many, lambda tx: retention.forget(tx, 30, 90)) < EVENTS


def listed(tx: Transaction, status: str | None, webhook_id: str = "whk_00000") -> object:
    return queries.newest(tx, ME, webhook_id, before=None, status=status, limit=20)
