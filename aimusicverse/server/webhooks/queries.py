"""The SQL of webhooks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from aimusicverse.secret import MASK, Secret
from aimusicverse.server.problems import NotFound
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.prepared import Prepared
from aimusicverse.server.store.tables import Moment, webhook
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.versions import etag_of
from aimusicverse.server.webhooks import secrets
from aimusicverse.server.webhooks.secrets import Kept
from aimusicverse.types import Webhook

ENABLED, FAILING, DISABLED = "enabled", "failing", "disabled"
#: What only the database sees: its deliveries are still to be removed.
DELETED = "deleted"
#: Those that events are sent to. As literals, so that a plan for one of them fits all calls.
ACTIVE: Final = webhook.c.status.in_([sa.literal_column(f"'{ENABLED}'"), sa.literal_column(f"'{FAILING}'")])
#: How exactly the last success is known: a row that is written at each of them would be in everybody's way.
_SUCCESS_KNOWN_TO: Final = timedelta(minutes=1)


class Subscribed(NamedTuple):
    """An endpoint that may want an event."""

    id: str
    events: list[str]


class Health(NamedTuple):
    """What an endpoint's failures are judged by."""

    owner_id: str
    status: str
    failure_count: int
    last_success_at: datetime | None
    judged_since: datetime


# What is run most is built once: building a statement costs more than running it.
_THERE = (webhook.c.owner_id == sa.bindparam("owner")) & (webhook.c.status != DELETED)
_THIS = (webhook.c.id == sa.bindparam("webhook")) & _THERE
_ONE = Prepared(sa.select(webhook).where(_THIS))
_NEWEST = sa.select(webhook).where(_THERE).order_by(webhook.c.id.desc()).limit(sa.bindparam("limit"))
_COUNT = Prepared(sa.select(sa.func.count().label("number")).select_from(webhook).where(_THERE))
_INSERT = Prepared(sa.insert(webhook))
_SUBSCRIBED = Prepared(
    sa.select(webhook.c.id, webhook.c.events)
    .where(webhook.c.owner_id == sa.bindparam("owner"), ACTIVE)
    .order_by(webhook.c.id)
)
_HEALTH = Prepared(
    sa.select(
        webhook.c.owner_id,
        webhook.c.status,
        webhook.c.failure_count,
        webhook.c.last_success_at,
        webhook.c.judged_since,
    ).where(webhook.c.id == sa.bindparam("webhook"))
)
_at = sa.bindparam("at", type_=Moment())
_SUCCEEDED = Prepared(
    sa.update(webhook)
    .where(
        webhook.c.id == sa.bindparam("of"),
        sa.or_(
            webhook.c.failure_count > 0,
            webhook.c.last_success_at.is_(None),
            webhook.c.last_success_at < sa.bindparam("long_ago", type_=Moment()),
        ),
    )
    .values(
        failure_count=0,
        last_success_at=_at,
        status=sa.case((webhook.c.status == FAILING, ENABLED), else_=webhook.c.status),
    )
)

_SET_HEALTH = Prepared(sa.update(webhook).where(webhook.c.id == sa.bindparam("of")))


def get(tx: Transaction, owner: Owner, webhook_id: str) -> Webhook:
    """One endpoint.

    Raises:
        NotFound: there is none of that id, or it is somebody else's.
    """
    return _to_webhook(row(tx, owner, webhook_id), tx.now)


def row(tx: Transaction, owner: Owner, webhook_id: str) -> Any:
    """One endpoint as it is stored.

    Raises:
        NotFound: as above.
    """
    found = tx.one_or_none(_ONE, {"webhook": webhook_id, "owner": owner.id})
    if found is None:
        raise NotFound("webhook", webhook_id)
    return found


def newest(tx: Transaction, owner: Owner, *, before: str | None, limit: int) -> list[Webhook]:
    """Endpoints, newest first, from before the id `before` on."""
    query, parameters = _NEWEST, dict[str, object](owner=owner.id, limit=limit)
    if before is not None:
        query = query.where(webhook.c.id < sa.bindparam("before"))
        parameters["before"] = before
    return [_to_webhook(found, tx.now) for found in tx.all(query, parameters)]


def count(tx: Transaction, owner: Owner) -> int:
    """How many endpoints an owner has."""
    return int(tx.all(_COUNT, {"owner": owner.id})[0].number)


def insert(tx: Transaction, owner: Owner, webhook_id: str, **values: Any) -> None:
    """Store a new endpoint."""
    fresh = {"status": ENABLED, "failure_count": 0, "judged_since": tx.now, "version": 1}
    times = {"created_at": tx.now, "updated_at": tx.now}
    tx.execute(_INSERT, {"id": webhook_id, "owner_id": owner.id, **fresh, **times, **values})


def change(tx: Transaction, owner: Owner, webhook_id: str, **values: Any) -> None:
    """Set columns of an endpoint, which is a new version of it."""
    changed = (
        sa.update(webhook)
        .where(webhook.c.id == webhook_id, webhook.c.owner_id == owner.id)
        .values(version=webhook.c.version + 1, updated_at=tx.now, **values)
    )
    tx.execute(changed)


def subscribed(tx: Transaction, owner_id: str) -> list[Subscribed]:
    """The endpoints of an owner that events are sent to."""
    return [Subscribed(found.id, found.events) for found in tx.all(_SUBSCRIBED, {"owner": owner_id})]


def health(tx: Transaction, webhook_id: str) -> Health | None:
    """How an endpoint is, deleted ones too; for the server itself."""
    found = tx.one_or_none(_HEALTH, {"webhook": webhook_id})
    return None if found is None else Health(*found)


def note_success(tx: Transaction, webhook_id: str) -> None:
    """Something got through: no new version of it, and mostly nothing to be written."""
    tx.execute(_SUCCEEDED, {"of": webhook_id, "at": tx.now, "long_ago": tx.now - _SUCCESS_KNOWN_TO})


def set_health(tx: Transaction, webhook_id: str, **values: Any) -> None:
    """How the endpoint is, as its deliveries say: no new version of it, because nobody has edited it."""
    tx.execute(_SET_HEALTH, {"of": webhook_id, **values})


def _to_webhook(found: Any, now: datetime) -> Webhook:
    kept: list[Kept] = found.secrets
    return Webhook(
        id=found.id,
        created_at=found.created_at,
        updated_at=found.updated_at,
        etag=etag_of(found.version, found.updated_at),
        url=found.url,
        events=found.events,
        description=found.description,
        headers={name: Secret(MASK) for name in found.header_names},
        status=found.status,
        disabled_at=found.disabled_at,
        disabled_for=found.disabled_for,
        retry_schedule=found.retry_schedule,
        failure_count=found.failure_count,
        last_success_at=found.last_success_at,
        secrets_valid=len(secrets.valid(kept, now)),
    )
