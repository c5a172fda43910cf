"""The SQL of usage over all users."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from aimusicverse.server.store.prepared import Prepared
from aimusicverse.server.store.tables import api_key, owner, usage
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.usage.queries import (
    DAY_START,
    WITHIN,
    Stretch,
    by_status_and_client_of,
    figures_by,
    sum_of,
)

_BY: Final = {
    by: Prepared(figures_by(WITHIN, columns))
    for by, columns in {
        None: (),
        "user": (usage.c.owner_id,),
        "endpoint": (usage.c.method, usage.c.route),
        "hour": (usage.c.span, usage.c.start),
        "day": (DAY_START,),
    }.items()
}
_STATUSES: Final = Prepared(by_status_and_client_of(*WITHIN))


def grouped(tx: Transaction, stretch: Stretch, by: str | None) -> Sequence[Any]:
    """Figures of everybody by `user`, `endpoint`, `hour`, `day`, or of all in one row."""
    return tx.all(_BY[by], stretch.parameters())


def by_status_and_client(tx: Transaction, stretch: Stretch) -> Sequence[Any]:
    """Numbers of requests."""
    return tx.all(_STATUSES, stretch.parameters())


def users(tx: Transaction, ids: Sequence[str]) -> dict[str, Any]:
    """Name and tier of each."""
    rows = tx.all(sa.select(owner.c.id, owner.c.name, owner.c.tier).where(owner.c.id.in_(ids)))
    return {row.id: row for row in rows}


def count_users(tx: Transaction) -> int:
    """How many there are."""
    return int(tx.scalar(sa.select(sa.func.count()).select_from(owner)))


_KEY: Final = sa.select(
    api_key.c.id,
    api_key.c.name,
    api_key.c.owner_id,
    owner.c.name.label("owner_name"),
    api_key.c.created_at,
    api_key.c.last_used_at,
).join_from(api_key, owner, api_key.c.owner_id == owner.c.id)


def keys_of_before(tx: Transaction, age: timedelta, *, never_used: bool, limit: int) -> Sequence[Any]:
    """Keys that work and are so old, the oldest first. Those in data folders are the server's own."""
    query = _KEY.where(
        api_key.c.created_at < tx.now - age,
        api_key.c.revoked_at.is_(None),
        api_key.c.expires_at.is_(None) | (api_key.c.expires_at > tx.now),
        api_key.c.origin != "folder",
    )
    if never_used:
        query = query.where(api_key.c.last_used_at.is_(None))
    return tx.all(query.order_by(api_key.c.created_at, api_key.c.id).limit(limit))


def busiest_keys(
    tx: Transaction, *, recent: timedelta, before: timedelta, least: int, limit: int
) -> Sequence[Any]:
    """Keys that had at least so many requests in one of the recent hours, the busiest first: `most`, and
    before then `usual`, the mean of the hours in which they were used at all.
    """
    border = tx.now - recent
    hours = (
        sa.select(usage.c.key_id, usage.c.start, sum_of(usage.c.requests, "requests"))
        .where(usage.c.span == "hour", usage.c.start > tx.now - recent - before, usage.c.key_id != "")
        .group_by(usage.c.key_id, usage.c.start)
        .subquery()
    )
    is_recent = hours.c.start > border
    most = sa.func.max(sa.case((is_recent, hours.c.requests), else_=0)).label("most")
    usual = sa.func.avg(sa.case((~is_recent, sa.cast(hours.c.requests, sa.Float)))).label("usual")
    busy = sa.select(hours.c.key_id, most, usual).group_by(hours.c.key_id).having(most >= least).subquery()
    return tx.all(
        _KEY.add_columns(busy.c.most, busy.c.usual)
        .join(busy, busy.c.key_id == api_key.c.id)
        .order_by(busy.c.most.desc(), api_key.c.id)
        .limit(limit)
    )
