"""The SQL of distributions that leave as a file, or come as one: whole, and row by row as they are kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.tables import (
    distribution,
    distribution_event,
    distribution_track,
    store_delivery,
)
from aimusicverse.server.store.transaction import Transaction

#: Ids in one statement: databases take no more than so many parameters.
_MANY: Final = 500


@dataclass(frozen=True, slots=True)
class Wish:
    """Which distributions; nothing: all."""

    track_id: str | None = None
    status: str | None = None
    platform: str | None = None
    mode: str | None = None


class Whole(NamedTuple):
    """The rows of a distribution."""

    row: Any
    track_ids: list[str]
    deliveries: list[Any]
    events: list[Any]


def batch(tx: Transaction, owner: Owner, wish: Wish, after: str, limit: int) -> list[Whole]:
    """Up to `limit` distributions, the oldest first, from behind the id `after` on."""
    query = sa.select(distribution).where(distribution.c.owner_id == owner.id, distribution.c.id > after)
    if wish.status is not None:
        query = query.where(distribution.c.status == wish.status)
    if wish.mode is not None:
        query = query.where(distribution.c.mode == wish.mode)
    for table, column, value in (
        (distribution_track, distribution_track.c.track_id, wish.track_id),
        (store_delivery, store_delivery.c.platform, wish.platform),
    ):
        if value is not None:
            of_it = table.c.distribution_id == distribution.c.id
            query = query.where(sa.exists(sa.select(table.c.distribution_id).where(of_it, column == value)))
    rows = tx.all(query.order_by(distribution.c.id).limit(limit))
    ids = [row.id for row in rows]

    def parts(table: sa.Table, order: sa.ColumnElement[Any]) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {one: [] for one in ids}
        mine = (table.c.owner_id == owner.id) & table.c.distribution_id.in_(ids)
        for one in tx.all(sa.select(table).where(mine).order_by(order)):
            found[one.distribution_id].append(one)
        return found

    tracks = parts(distribution_track, distribution_track.c.number)
    deliveries = parts(store_delivery, store_delivery.c.id)
    events = parts(distribution_event, distribution_event.c.id)
    return [
        Whole(row, [one.track_id for one in tracks[row.id]], deliveries[row.id], events[row.id])
        for row in rows
    ]


def own(tx: Transaction, owner: Owner, ids: Iterable[str]) -> set[str]:
    """Those of these ids that are distributions of this owner."""
    return _found(tx, owner, distribution, ids)


def own_events(tx: Transaction, owner: Owner, ids: Iterable[str]) -> set[str]:
    """Those of these ids that are lines of this owner's."""
    return _found(tx, owner, distribution_event, ids)


def insert_distribution(tx: Transaction, row: dict[str, Any]) -> bool:
    """Whether it is there now; not, if somebody has its id."""
    return tx.execute(_INSERT[distribution.name], row).rowcount == 1


def insert_event(tx: Transaction, row: dict[str, Any]) -> bool:
    """Whether it is there now; not, if another line has its id."""
    return tx.execute(_INSERT[distribution_event.name], row).rowcount == 1


def insert_parts(tx: Transaction, tracks: list[dict[str, Any]], deliveries: list[dict[str, Any]]) -> None:
    """The rest of some distributions; their ids are new."""
    for table, rows in ((distribution_track, tracks), (store_delivery, deliveries)):
        if rows:
            tx.execute(sa.insert(table), rows)


def _insert(table: sa.Table) -> sa.TextClause:
    """For rows whose ids come from elsewhere: the database alone sees whether anybody has one."""
    names = [column.name for column in table.columns]
    return sa.text(
        f"INSERT INTO {table.name} ({', '.join(names)}) "  # noqa: S608 - names of our own
        f"VALUES ({', '.join(f':{name}' for name in names)}) ON CONFLICT (id) DO NOTHING"
    ).bindparams(*(sa.bindparam(column.name, type_=column.type) for column in table.columns))


_INSERT: Final = {table.name: _insert(table) for table in (distribution, distribution_event)}


def _found(tx: Transaction, owner: Owner, table: sa.Table, ids: Iterable[str]) -> set[str]:
    asked, found = list(ids), set[str]()
    for start in range(0, len(asked), _MANY):
        some: Sequence[str] = asked[start : start + _MANY]
        mine = (table.c.owner_id == owner.id) & table.c.id.in_(some)
        found |= {row.id for row in tx.all(sa.select(table.c.id).where(mine))}
    return found
