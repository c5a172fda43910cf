"""A store with an owner, endpoints and events, and the server's own functions on it, without a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from aimusicverse.egress import Rules
from aimusicverse.server.api_keys import queries as owners
from aimusicverse.server.deliveries import outcome, queries
from aimusicverse.server.deliveries.dispatcher import Dispatcher
from aimusicverse.server.deliveries.outcome import Outcome
from aimusicverse.server.deliveries.queries import Claimed
from aimusicverse.server.events import service as events
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.sealed import Sealer
from aimusicverse.server.store.tables import delivery, delivery_attempt
from aimusicverse.server.webhooks import service as webhooks
from aimusicverse.server.webhooks.secrets import WEBHOOK_SECRETS
from aimusicverse.types import Delivery, EventTrigger, Object, Webhook, WebhookCreate

ME = Owner("usr_1")
SEALER = Sealer(b"m" * 32, WEBHOOK_SECRETS)
LOCAL = Rules(local=True)


class Box:
    """Everything of one owner."""

    def __init__(self, store: Store) -> None:
        self.store = store
        store.write_now(owners.insert_owner, ME.id, name="x", tier="local")

    def webhook(self, url: str = "http://127.0.0.1:9/", *, tested: bool = False, **fields: Any) -> Webhook:
        """An endpoint; without its first test event, unless that is wanted."""
        made = self.store.write_now(webhooks.create, ME, WebhookCreate(url=url, **fields), LOCAL, SEALER)
        if not tested:
            self.store.write_now(lambda tx: tx.execute(sa.delete(delivery)))
        return made

    def trigger(self, count: int = 1, type: str = "generation.completed") -> list[str]:
        """Events; their ids."""
        body = EventTrigger(type=type)

        def all_of_them(tx: Any) -> list[str]:
            return [events.trigger(tx, ME, body).id for _ in range(count)]

        return self.store.write_now(all_of_them)

    def happen(self, count: int = 1, type: str = "playlist.updated") -> None:
        """Things that nobody made up."""
        subject = Object(id="pls_1", created_at=self.store.clock.now(), updated_at=self.store.clock.now())
        for _ in range(count):
            self.store.write_now(events.record, ME, type, subject)

    def claim(self, webhook: Webhook, *, who: str = "me", limit: int = 100) -> list[Claimed]:
        """What is due and free, for `who`."""
        return self.store.write_now(queries.claim, webhook.id, who=who, limit=limit)

    def settle(self, claimed: Claimed, status_code: int | None = 200, **more: Any) -> Delivery:
        """A try came back."""
        came = Outcome(
            claimed=claimed,
            at=self.store.clock.now(),
            url="http://127.0.0.1:9/",
            duration_ms=1.0,
            retry_schedule="fast",
            test=bool(more.pop("test", False)),
            status_code=status_code,
            **more,
        )
        self.store.write_now(outcome.settle, came)
        return self.get(claimed.id)

    def get(self, delivery_id: str) -> Delivery:
        """A delivery as its owner sees it."""
        return self.store.read_now(queries.get, ME, delivery_id)

    def of(self, webhook: Webhook, status: str | None = None) -> list[Delivery]:
        """Deliveries to an endpoint, newest first."""
        find: dict[str, Any] = {"before": None, "status": status, "limit": 1_000}
        return self.store.read_now(lambda tx: queries.newest(tx, ME, webhook.id, **find))

    def set(self, **values: Any) -> None:
        """Columns of all deliveries."""
        self.store.write_now(lambda tx: tx.execute(sa.update(delivery).values(**values)))

    def count(self, table: sa.Table = delivery) -> int:
        """Rows."""
        found = self.store.read_now(lambda tx: tx.scalar(sa.select(sa.func.count()).select_from(table)))
        return int(found)


ATTEMPTS = delivery_attempt


@contextmanager
def sends(store: Store, rules: Rules = LOCAL, *, name: str = "me") -> Iterator[Dispatcher]:
    """Somebody sends what is due, while the block runs."""
    dispatcher = Dispatcher(store, rules, SEALER, name=name)
    dispatcher.start()
    store.clock.when_moved(dispatcher.wake)
    try:
        yield dispatcher
    finally:
        dispatcher.stop()
