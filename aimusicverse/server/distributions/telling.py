"""Says what happened to a distribution, in the transaction in which it does: a line of its history, its
status, an event, a message to the person, and whoever waits for it is woken."""

from __future__ import annotations

from typing import Any, Final

from aimusicverse.server.distributions import queries
from aimusicverse.server.distributions.states import together
from aimusicverse.server.events import service as events
from aimusicverse.server.notifications import notices
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.types import Distribution

#: The event of a delivery that comes into this status; of others it is `distribution.updated`.
_EVENTS: Final = {
    status: f"distribution.{status}"
    for status in ("scheduled", "live", "failed", "rejected", "action_required")
}
#: What a person is told of.
_NEWS: Final = ("live", "failed", "rejected", "action_required")
#: Metadata that is larger, in bytes of JSON, is left out of events: ask for the distribution.
MOST_METADATA: Final = 64 * 1024


def topic(distribution_id: str) -> str:
    """What those who wait for a distribution listen to."""
    return f"distribution:{distribution_id}"


def of_all(
    tx: Transaction,
    owner: Owner,
    distribution_id: str,
    type: str,
    message: str,
    *,
    event: str = "distribution.updated",
    details: dict[str, Any] | None = None,
) -> Distribution:
    """Something that concerns all of its deliveries; the distribution as it is now."""
    queries.insert_event(
        tx, owner, distribution_id, platform=None, type=type, status=None, message=message,
        details=details or {},
    )  # fmt: skip
    return _announced(tx, owner, distribution_id, event)


def of_one(
    tx: Transaction,
    owner: Owner,
    delivery: Any,
    type: str,
    message: str,
    *,
    status: str,
    details: dict[str, Any] | None = None,
    is_news: bool = True,
) -> None:
    """Something that concerns one store.

    Args:
        tx: in which it happens; the row is changed already.
        owner: whose.
        delivery: its row as it was before.
        type: of the line.
        message: of the line.
        status: since then.
        details: of the line.
        is_news: whether there is an event of it.
    """
    queries.insert_event(
        tx, owner, delivery.distribution_id, platform=delivery.platform, type=type, status=status,
        message=message, details=details or {},
    )  # fmt: skip
    if not is_news:
        tx.wake(topic(delivery.distribution_id))
        return
    turned = status != delivery.status
    event = _EVENTS.get(status, "distribution.updated") if turned else "distribution.updated"
    now = _announced(tx, owner, delivery.distribution_id, event)
    if turned and status in _NEWS:
        notices.tell(tx, owner, now, status, delivery.platform)  # type: ignore[arg-type]


def _announced(tx: Transaction, owner: Owner, distribution_id: str, event: str) -> Distribution:
    before = queries.row(tx, owner, distribution_id)
    statuses = [one.status for one in queries.deliveries(tx, owner, distribution_id)]
    values: dict[str, Any] = {"status": together(statuses)}
    if before.completed_at is None and values["status"] == "live":
        values["completed_at"] = tx.now
    queries.change(tx, owner, distribution_id, **values)
    now = queries.get(tx, owner, distribution_id)
    events.record(tx, owner, event, now, without=_too_large(now))
    tx.wake(topic(distribution_id))
    return now


def _too_large(now: Distribution) -> tuple[str, ...]:
    size = len(now.model_dump_json(include={"metadata"}))
    return ("metadata",) if size > MOST_METADATA else ()
