"""The SQL of deliveries. Their claims are those of the outbox, endpoint by endpoint (`jobs/outbox.py`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from aimusicverse.server.problems import NotFound
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.prepared import Prepared
from aimusicverse.server.store.real_time import RealTime
from aimusicverse.server.store.tables import Moment, delivery, event, webhook
from aimusicverse.server.store.tables import delivery_attempt as attempt
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.store.upsert import upsert
from aimusicverse.server.webhooks.queries import ACTIVE, DELETED, DISABLED
from aimusicverse.types import Delivery, DeliveryAttempt

PENDING, SUCCEEDED, FAILED, DEAD = "pending", "succeeded", "failed", "dead"
#: A try takes half of it at most (`egress`); who is not heard of for so long has died.
LEASE_SECONDS: Final = 30.0
#: So far apart the clocks of several machines may be, and no more is made of it.
_APART_SECONDS: Final = 5.0


class Claimed(NamedTuple):
    """A delivery that is ours for a while."""

    id: str
    owner_id: str
    webhook_id: str
    event_id: str
    claim_no: int
    tries: int
    attempts: int


class Endpoint(NamedTuple):
    """What is needed to send there; still sealed."""

    id: str
    url: str
    headers: str | None
    secrets: list[Any]
    retry_schedule: str


class EventRow(NamedTuple):
    """What a message is made of."""

    id: str
    type: str
    timestamp: datetime
    data: dict[str, Any]
    test: int


class Waiting(NamedTuple):
    """Deliveries that are pending: those that are due, some of them on their way, and the others."""

    due: int
    later: int


# What is run most is built once: building a statement costs more than running it. `pending` stands in them as
# it is and not as a parameter, because only then the index of what is pending is used.
_PENDING = delivery.c.status == sa.literal_column(f"'{PENDING}'")
_LEASE = sa.bindparam("for", type_=sa.Float)
#: A lease that is longer than any was given before the clock was set back; nobody may hold it for so long.
_FREE = sa.or_(
    delivery.c.lease_until <= RealTime(), delivery.c.lease_until > RealTime() + _LEASE + _APART_SECONDS
)
_DUE_BY = delivery.c.due_at <= sa.bindparam("due", type_=Moment())
_LEASED = RealTime() + _LEASE


def _first_waiting(*after: sa.ColumnElement[bool]) -> sa.ScalarSelect[str]:
    found = sa.select(delivery.c.webhook_id).where(_PENDING, *after).order_by(delivery.c.webhook_id).limit(1)
    return found.scalar_subquery()


def _waiting() -> sa.Subquery:
    """The active endpoints for which something waits, from one to the next along the index: no look at the
    others, nor at all that waits for one."""
    first = sa.select(_first_waiting().label("webhook_id")).cte("waiting", recursive=True)
    further = sa.select(_first_waiting(delivery.c.webhook_id > first.c.webhook_id))
    waiting = first.union_all(further.where(first.c.webhook_id.is_not(None)))
    # Not a join: PostgreSQL, which cannot know how few these are, would go through all endpoints for it.
    status = sa.select(webhook.c.status).where(webhook.c.id == waiting.c.webhook_id, ACTIVE).scalar_subquery()
    return sa.select(waiting.c.webhook_id, status.label("status")).subquery()


_WAITING = _waiting()
_TO_ONE = (delivery.c.webhook_id == _WAITING.c.webhook_id) & _PENDING
_INSERT = Prepared(sa.insert(delivery))
_READY = Prepared(
    sa.select(_WAITING.c.webhook_id)
    .where(_WAITING.c.status.is_not(None), sa.exists(sa.select(delivery.c.id).where(_TO_ONE, _DUE_BY, _FREE)))
    .order_by(_WAITING.c.status, _WAITING.c.webhook_id)  # `enabled` before `failing`
)
_DUE = (
    sa.select(delivery.c.id)
    .where(
        delivery.c.webhook_id == sa.bindparam("webhook"),
        _PENDING,
        _DUE_BY,
        _FREE,
        # It may have been disabled since somebody looked.
        sa.exists(sa.select(webhook.c.id).where(webhook.c.id == sa.bindparam("webhook"), ACTIVE)),
    )
    .order_by(delivery.c.due_at)
    .limit(sa.bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("due")
    .prefix_with("MATERIALIZED")
)
_CLAIM = Prepared(
    sa.update(delivery)
    .where(delivery.c.id.in_(sa.select(_DUE.c.id)))
    .values(lease_until=_LEASED, lease_owner=sa.bindparam("who"), claim_no=delivery.c.claim_no + 1)
    .returning(
        delivery.c.id,
        delivery.c.owner_id,
        delivery.c.webhook_id,
        delivery.c.event_id,
        delivery.c.claim_no,
        delivery.c.tries,
        delivery.c.attempts,
    )
)
_HELD = (delivery.c.id == sa.bindparam("of")) & (delivery.c.claim_no == sa.bindparam("claim")) & _PENDING
_SET = Prepared(sa.update(delivery).where(_HELD))
_THERE = Prepared(sa.select(delivery.c.id).where(delivery.c.id == sa.bindparam("delivery")))
_INSERT_ATTEMPT = Prepared(upsert(attempt))
_NEXT_DUE = Prepared(
    sa.select(
        sa.select(sa.func.min(delivery.c.due_at))
        .where(_TO_ONE, delivery.c.due_at > sa.bindparam("now", type_=Moment()))
        .scalar_subquery()
        .label("due_at")
    ).where(_WAITING.c.status.is_not(None))
)

_MINE = delivery.c.owner_id == sa.bindparam("owner")
_SHOWN = (
    sa.select(delivery)
    .join(webhook, delivery.c.webhook_id == webhook.c.id)
    .where(_MINE, webhook.c.status != DELETED)
)
_ONE = Prepared(_SHOWN.where(delivery.c.id == sa.bindparam("delivery")))
_OF_EVENT = Prepared(
    sa.select(delivery.c.id, delivery.c.status).where(
        delivery.c.webhook_id == sa.bindparam("webhook"), delivery.c.event_id == sa.bindparam("event"), _MINE
    )
)
_NEWEST = (
    _SHOWN.where(delivery.c.webhook_id == sa.bindparam("webhook"))
    .order_by(delivery.c.id.desc())
    .limit(sa.bindparam("limit"))
)
_AGAIN = Prepared(
    sa.update(delivery)
    .where(delivery.c.id == sa.bindparam("of"), _MINE)
    .values(status=PENDING, lease_until=0.0, claim_no=delivery.c.claim_no + 1, tries=0)
)
_SOONER = Prepared(sa.update(delivery).where(delivery.c.id == sa.bindparam("of"), _MINE, _PENDING, _FREE))
_now = sa.bindparam("now", type_=Moment())
_BRING_BACK = Prepared(
    sa.update(delivery)
    .where(delivery.c.updated_at > sa.bindparam("apart", type_=Moment()), _PENDING)
    .values(due_at=delivery.c.due_at - delivery.c.updated_at + _now, updated_at=_now)
)


def insert(
    tx: Transaction, delivery_id: str, *, owner_id: str, webhook_id: str, event_id: str, event_type: str
) -> None:
    """A new delivery, due at once."""
    tx.execute(
        _INSERT,
        {
            "id": delivery_id,
            "owner_id": owner_id,
            "webhook_id": webhook_id,
            "event_id": event_id,
            "event_type": event_type,
            "status": PENDING,
            "due_at": tx.now,
            "lease_until": 0.0,
            "claim_no": 0,
            "tries": 0,
            "attempts": 0,
            "created_at": tx.now,
            "updated_at": tx.now,
        },
    )


def ready(tx: Transaction) -> list[str]:
    """The endpoints for which something is due and free, those in good health first."""
    return [found.webhook_id for found in tx.all(_READY, {"due": tx.now, "for": LEASE_SECONDS})]


def claim(tx: Transaction, webhook_id: str, *, who: str, limit: int) -> list[Claimed]:
    """Up to `limit` deliveries to one endpoint that are due and free, leased to `who`."""
    asked = {"webhook": webhook_id, "due": tx.now, "limit": limit, "for": LEASE_SECONDS, "who": who}
    return [Claimed(*found) for found in tx.all(_CLAIM, asked)]


def endpoints(tx: Transaction, ids: Iterable[str]) -> dict[str, Endpoint]:
    """What is needed to send to some endpoints."""
    columns = (webhook.c[name] for name in Endpoint._fields)
    rows = tx.all(sa.select(*columns).where(webhook.c.id.in_(sorted(ids))))
    return {found.id: Endpoint(*found) for found in rows}


def events(tx: Transaction, ids: Iterable[str]) -> dict[str, EventRow]:
    """What some messages are made of."""
    columns = (event.c[name] for name in EventRow._fields)
    rows = tx.all(sa.select(*columns).where(event.c.id.in_(sorted(ids))))
    return {found.id: EventRow(*found) for found in rows}


def settle(tx: Transaction, claimed: Claimed, **values: Any) -> bool:
    """End a claim; whether it was still held. A delivery that was claimed by another since stays as it is."""
    found = {"of": claimed.id, "claim": claimed.claim_no, "lease_until": 0.0, "updated_at": tx.now, **values}
    return tx.execute(_SET, found).rowcount == 1


def exists(tx: Transaction, delivery_id: str) -> bool:
    """Whether there is such a delivery, whoever's it is."""
    return tx.one_or_none(_THERE, {"delivery": delivery_id}) is not None


def insert_attempt(tx: Transaction, claimed: Claimed, **values: Any) -> bool:
    """Write down a try; false: it was already. Its number is its claim's, so that two never have the same."""
    found = {"delivery_id": claimed.id, "number": claimed.claim_no, "owner_id": claimed.owner_id, **values}
    return tx.execute(_INSERT_ATTEMPT, found).rowcount == 1


def forget_attempts(tx: Transaction, delivery_id: str, *, but: int) -> None:
    """Remove all tries of a delivery but the last ones."""
    of_it = attempt.c.delivery_id == delivery_id
    numbers = sa.select(attempt.c.number).where(of_it).order_by(attempt.c.number.desc())
    tx.execute(
        sa.delete(attempt).where(of_it, attempt.c.number <= numbers.offset(but).limit(1).scalar_subquery())
    )


def next_due(tx: Transaction) -> datetime | None:
    """When the next one falls due that is not due yet."""
    found = [row.due_at for row in tx.all(_NEXT_DUE, {"now": tx.now}) if row.due_at is not None]
    return min(found, default=None)


def get(tx: Transaction, owner: Owner, delivery_id: str) -> Delivery:
    """One delivery, with what was answered.

    Raises:
        NotFound: there is none of that id, or it is somebody else's.
    """
    found = tx.one_or_none(_ONE, {"delivery": delivery_id, "owner": owner.id})
    if found is None:
        raise NotFound("delivery", delivery_id)
    return _to_delivery(found, _attempts(tx, [found.id], bodies=True).get(found.id, []))


def newest(
    tx: Transaction, owner: Owner, webhook_id: str, *, before: str | None, status: str | None, limit: int
) -> list[Delivery]:
    """Deliveries to an endpoint, newest first, without what was answered."""
    query, parameters = _NEWEST, dict[str, object](owner=owner.id, webhook=webhook_id, limit=limit)
    if before is not None:
        query = query.where(delivery.c.id < before)
    if status is not None:
        query = query.where(delivery.c.status == status)
    rows = tx.all(query, parameters)
    tries = _attempts(tx, [found.id for found in rows], bodies=False)
    return [_to_delivery(found, tries.get(found.id, [])) for found in rows]


def of_event(tx: Transaction, owner: Owner, webhook_id: str, event_id: str) -> tuple[str, str] | None:
    """Id and status of the delivery of an event to an endpoint, if there is one."""
    found = tx.one_or_none(_OF_EVENT, {"webhook": webhook_id, "event": event_id, "owner": owner.id})
    return None if found is None else (found.id, found.status)


def again(tx: Transaction, owner: Owner, delivery_id: str) -> None:
    """From the beginning: due at once, with a schedule of its own."""
    tx.execute(_AGAIN, {"of": delivery_id, "owner": owner.id, "due_at": tx.now, "updated_at": tx.now})


def sooner(tx: Transaction, owner: Owner, delivery_id: str) -> None:
    """Of one that waits for its next try: that is due now."""
    asked = {"of": delivery_id, "owner": owner.id, "for": LEASE_SECONDS}
    tx.execute(_SOONER, {**asked, "due_at": tx.now, "updated_at": tx.now})


def bring_back(tx: Transaction) -> None:
    """What was written in the future, before the clock was set back, is taken as written now: it waits no
    longer than it would have."""
    tx.execute(_BRING_BACK, {"now": tx.now, "apart": tx.now + timedelta(seconds=_APART_SECONDS)})


def ended_since(tx: Transaction, since: datetime) -> tuple[int, int]:
    """How many have ended since then, and how many of them without success; whoever's they are."""
    rows = tx.all(
        sa.select(delivery.c.status, sa.func.count().label("number"))
        .where(delivery.c.updated_at >= since, sa.not_(_PENDING), delivery.c.event_type != "endpoint.test")
        .group_by(delivery.c.status)
    )
    by_status = {row.status: int(row.number) for row in rows}
    ended = sum(by_status.values())
    return ended, ended - by_status.get(SUCCEEDED, 0)


def waiting(tx: Transaction) -> Waiting:
    """What is not delivered yet; whoever's it is."""
    due = sa.func.sum(sa.case((delivery.c.due_at <= tx.now, 1), else_=0))
    row = tx.all(sa.select(sa.func.count().label("all"), due.label("due")).where(_PENDING))[0]
    return Waiting(due=int(row.due or 0), later=int(row.all) - int(row.due or 0))


def release_all_leases(tx: Transaction) -> None:
    """At start-up of a store that is ours alone: whoever held a lease is dead."""
    _release(tx, delivery.c.lease_until > 0)


def release_leases(tx: Transaction, dead: Sequence[str]) -> None:
    """Free what these held, which are certainly no more."""
    _release(tx, (delivery.c.lease_until > 0) & delivery.c.lease_owner.in_(dead))


def _release(tx: Transaction, which: sa.ColumnElement[bool]) -> None:
    tx.execute(sa.update(delivery).where(_PENDING, which).values(lease_until=0.0))


def highest_claim(tx: Transaction) -> int:
    """The highest number that a claim can have."""
    return int(tx.scalar(sa.select(sa.func.coalesce(sa.func.max(delivery.c.claim_no), 0))))


def fence_all(tx: Transaction, *, above: int) -> None:
    """Free all that is pending, and lift the numbers over every claim up to `above`."""
    tx.execute(
        sa.update(delivery).where(_PENDING).values(lease_until=0.0, claim_no=delivery.c.claim_no + above + 1)
    )


def forget(tx: Transaction, *, before: datetime, limit: int) -> int:
    """Remove deliveries to endpoints that were removed; and those that have ended before, or wait since then
    for an endpoint that is disabled. How many."""

    def to(status: str) -> sa.ColumnElement[bool]:
        return delivery.c.webhook_id.in_(sa.select(webhook.c.id).where(webhook.c.status == status))

    ended = sa.or_(sa.not_(_PENDING), to(DISABLED))
    for which in (to(DELETED), sa.and_(delivery.c.updated_at < before, ended)):
        some = sa.select(delivery.c.id).where(which).limit(limit)
        if removed := tx.execute(sa.delete(delivery).where(delivery.c.id.in_(some))).rowcount:
            return removed
    return 0


def forget_webhooks(tx: Transaction) -> None:
    """Remove endpoints that were deleted, once their deliveries are gone."""
    left = sa.exists(sa.select(delivery.c.id).where(delivery.c.webhook_id == webhook.c.id))
    tx.execute(sa.delete(webhook).where(webhook.c.status == DELETED, sa.not_(left)))


def _attempts(tx: Transaction, ids: Sequence[str], *, bodies: bool) -> Mapping[str, list[DeliveryAttempt]]:
    found: dict[str, list[DeliveryAttempt]] = {}
    if not ids:
        return found
    columns = [column for column in attempt.c if bodies or column is not attempt.c.response_body]
    query = sa.select(*columns).where(attempt.c.delivery_id.in_(ids))
    for row in tx.all(query.order_by(attempt.c.delivery_id, attempt.c.number)):
        tries = found.setdefault(row.delivery_id, [])
        body = row.response_body if bodies else None
        tries.append(
            DeliveryAttempt(
                number=row.number,
                at=row.at,
                url=row.url,
                status_code=row.status_code,
                duration_ms=row.duration_ms,
                error=row.error,
                error_detail=row.error_detail,
                response_body=None if body is None else body.decode("utf-8", "replace"),
            )
        )
    return found


def _to_delivery(found: Any, attempts: list[DeliveryAttempt]) -> Delivery:
    for number, one in enumerate(attempts, 1 + max(0, found.attempts - len(attempts))):
        one.number = number
    return Delivery(
        id=found.id,
        created_at=found.created_at,
        updated_at=found.updated_at,
        webhook_id=found.webhook_id,
        event_id=found.event_id,
        event_type=found.event_type,
        status=found.status,
        attempts=attempts,
        next_attempt_at=found.due_at if found.status == PENDING else None,
    )
