"""What was asked of the whole server, and which keys deserve a look."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from aimusicverse.server.api_keys.service import OLD_AFTER
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.usage import admin_queries as queries
from aimusicverse.server.usage import client_label
from aimusicverse.server.usage.queries import DAY, HOUR, figures
from aimusicverse.server.usage.service import clients_of, endpoint, statuses_of, stretch_of
from aimusicverse.types.admin_usage import AdminUsage, EndpointUsage, KeyToLookAt, UsageVolume, UserUsage

#: What is told by the hour; more is told by the day.
_BY_HOUR: Final = timedelta(days=2)
_SLOWEST: Final = 10
_SLOW_LEAST: Final = 20
#: A key that nobody has used for so long after it was made.
NEVER_USED: Final = timedelta(days=7)
#: A key whose rotation is due.
OLD: Final = OLD_AFTER
#: A key bursts when in one of its last two hours it makes so many requests, and so many times as many as in
#: the usual hour of the week before.
BURST_LEAST: Final = 500
BURST_TIMES: Final = 5
_RECENT: Final = timedelta(hours=2)
_BEFORE: Final = timedelta(days=7)


def usage(
    tx: Transaction, _owner: Owner, start: datetime | None, end: datetime | None, limit: int
) -> AdminUsage:
    """Everybody's requests.

    Args:
        tx: sees all.
        start: `None` for a day before the end.
        end: `None` for now.
        limit: how many users, and how many keys, are told at most.

    Raises:
        Refusal: `invalid_request`: no such stretch of time.
    """
    stretch = stretch_of(tx.now, start, end, None)
    [total] = queries.grouped(tx, stretch, None)
    kinds = queries.by_status_and_client(tx, stretch)
    by_hour = stretch.end - stretch.start <= _BY_HOUR
    volume = sorted(queries.grouped(tx, stretch, "hour" if by_hour else "day"), key=lambda row: row.start)
    users = sorted(queries.grouped(tx, stretch, "user"), key=lambda row: (-row.requests, row.owner_id))
    known = queries.users(tx, [row.owner_id for row in users[:limit]])
    endpoints = [
        EndpointUsage(**dict(figures(row)), endpoint=endpoint(row.method, row.route))
        for row in queries.grouped(tx, stretch, "endpoint")
    ]
    endpoints.sort(key=lambda one: (-one.requests, one.endpoint))
    clients = clients_of(kinds)
    own = sum(client.requests for client in clients if client.client == client_label.OWN)
    return AdminUsage(
        start=stretch.start,
        end=stretch.end,
        users=queries.count_users(tx),
        active_users=sum(1 for row in users if row.owner_id),
        total=figures(total),
        volume=[
            UsageVolume(
                **dict(figures(row)),
                start=row.start,
                seconds=int((HOUR if by_hour and row.span == "hour" else DAY).total_seconds()),
            )
            for row in volume
        ],
        by_user=[_of_user(row, known.get(row.owner_id)) for row in users[:limit]],
        endpoints=endpoints,
        slow_endpoints=_slow(endpoints),
        statuses=statuses_of(kinds),
        clients=clients,
        sdk_share=round(own / total.requests, 4) if total.requests else None,
        keys=keys_to_look_at(tx, limit),
    )


def keys_to_look_at(tx: Transaction, limit: int) -> list[KeyToLookAt]:
    """Those that burst, then those that were never used, then the old ones; a key only once."""
    found: dict[str, KeyToLookAt] = {}

    def add(row: Any, reason: str, detail: str) -> None:
        found.setdefault(row.id, _key(row, reason, detail))

    busiest = queries.busiest_keys(tx, recent=_RECENT, before=_BEFORE, least=BURST_LEAST, limit=limit)
    for row in busiest:
        usual = row.usual or 0.0
        if row.most >= usual * BURST_TIMES:
            add(row, "bursting", f"{row.most} requests in an hour, {usual:.0f} in a usual one")
    for row in queries.keys_of_before(tx, NEVER_USED, never_used=True, limit=limit):
        add(row, "never_used", f"made {(tx.now - row.created_at).days} days ago")
    for row in queries.keys_of_before(tx, OLD, never_used=False, limit=limit):
        add(row, "old", f"made {(tx.now - row.created_at).days} days ago")
    return list(found.values())[:limit]


def _of_user(row: Any, known: Any | None) -> UserUsage:
    return UserUsage(
        **dict(figures(row)),
        user_id=row.owner_id or None,
        user_name=known.name if known is not None else None,
        tier=known.tier if known is not None else None,
    )


def _slow(endpoints: list[EndpointUsage]) -> list[EndpointUsage]:
    asked = [one for one in endpoints if one.requests >= _SLOW_LEAST]
    return sorted(asked, key=lambda one: -(one.latency_ms.p95 or 0.0))[:_SLOWEST]


def _key(row: Any, reason: str, detail: str) -> KeyToLookAt:
    return KeyToLookAt(
        key_id=row.id,
        key_name=row.name,
        user_id=row.owner_id,
        user_name=row.owner_name,
        reason=reason,
        detail=detail,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
    )
