"""The SQL of limits: a user's buckets, and the calls over the limit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from aimusicverse.server.security.limits.buckets import DAY, HOUR, ROUNDING, SIDE_BY_SIDE, Level, Sizes
from aimusicverse.server.store.prepared import Prepared
from aimusicverse.server.store.real_time import RealTime
from aimusicverse.server.store.spelling import Greatest, Least, insert_or_update
from aimusicverse.server.store.tables import api_key, bucket, excess, owner, server
from aimusicverse.server.store.transaction import Transaction

#: What whoever keeps buckets in memory listens to: the rows were replaced.
TOPIC: Final = "limits"
#: How long calls over the limit count.
EXCESS_SECONDS: Final = 60


class Debit(NamedTuple):
    """What a debit gave: calls, and the buckets then."""

    granted: int
    level: Level


def _number(name: str) -> sa.BindParameter[Any]:
    return sa.bindparam(name, type_=sa.Float)


def _refilled(used: sa.ColumnElement[Any], size: str, period: float, elapsed: Any) -> sa.ColumnElement[Any]:
    """`buckets.refilled`, in the database."""
    return Greatest(0.0, Least(_number(size), used - elapsed * _number(size) / period))


def debit_at(now: sa.ColumnElement[Any]) -> sa.Executable:
    """`buckets.take` as one statement, so that of any number of processes none looks at what another is
    about to take. A user's first call makes his row."""
    first = _granted(_number("hour"), _number("day"))
    debit = insert_or_update(bucket).from_select(
        ["owner_id", "hour", "day", "at", "granted"],
        sa.select(owner.c.id, first, first, now, sa.cast(first, sa.Integer)).where(
            owner.c.id == sa.bindparam("owner")
        ),
    )
    then = debit.excluded.at
    elapsed = Greatest(0.0, then - bucket.c.at)
    hour = _refilled(bucket.c.hour, "hour", HOUR, elapsed)
    day = _refilled(bucket.c.day, "day", DAY, elapsed)
    granted = _granted(_number("hour") - hour, _number("day") - day)
    at = sa.case((then < bucket.c.at - SIDE_BY_SIDE, then), else_=Greatest(bucket.c.at, then))
    return debit.on_conflict_do_update(
        index_elements=["owner_id"],
        set_={
            "hour": hour + granted,
            "day": day + granted,
            "at": at,
            "granted": sa.cast(granted, sa.Integer),
        },
    ).returning(bucket.c.granted, bucket.c.hour, bucket.c.day, bucket.c.at)


def _granted(hour_left: sa.ColumnElement[Any], day_left: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return Greatest(0.0, Least(_number("calls"), sa.func.floor(Least(hour_left, day_left) + ROUNDING)))


#: Server time by the database's own clock: that of the machines of a server may differ.
_NOW = RealTime() + sa.select(server.c.clock_offset).scalar_subquery() / 1e6
_DEBIT = Prepared(debit_at(_NOW))
_LEVEL = Prepared(
    sa.select(bucket.c.hour, bucket.c.day, bucket.c.at).where(bucket.c.owner_id == sa.bindparam("owner"))
)
_GIVE_BACK = Prepared(
    sa.update(bucket)
    .where(bucket.c.owner_id == sa.bindparam("owner"))
    .values(
        hour=Greatest(0.0, bucket.c.hour - _number("calls")),
        day=Greatest(0.0, bucket.c.day - _number("calls")),
    )
)


def _keep() -> sa.Executable:
    kept = insert_or_update(bucket).from_select(
        ["owner_id", "hour", "day", "at", "granted"],
        sa.select(
            owner.c.id, _number("hour"), _number("day"), _number("at"), sa.literal(0, sa.Integer)
        ).where(owner.c.id == sa.bindparam("owner")),
    )
    return kept.on_conflict_do_update(
        index_elements=["owner_id"],
        set_={"hour": kept.excluded.hour, "day": kept.excluded.day, "at": kept.excluded.at},
    )


_KEEP = _keep()


def _add_excess() -> sa.Executable:
    added = insert_or_update(excess).from_select(
        ["key_id", "second", "owner_id", "calls"],
        sa.select(
            api_key.c.id,
            sa.bindparam("second", type_=sa.BigInteger),
            api_key.c.owner_id,
            sa.bindparam("calls", type_=sa.Integer),
        ).where(api_key.c.id == sa.bindparam("key")),
    )
    return added.on_conflict_do_update(
        index_elements=["key_id", "second"], set_={"calls": excess.c.calls + added.excluded.calls}
    )


_ADD_EXCESS = _add_excess()
_FORGET_EXCESS = sa.delete(excess).where(excess.c.second <= sa.bindparam("until"))
_FORGET_KEYS_EXCESS = sa.delete(excess).where(excess.c.key_id == sa.bindparam("key"))
_EXCESSIVE = (
    sa.select(excess.c.key_id)
    .group_by(excess.c.key_id)
    .having(sa.func.sum(excess.c.calls) > sa.bindparam("most"))
)


def debit(tx: Transaction, owner_id: str, sizes: Sizes, calls: int) -> Debit:
    """Take up to so many calls from a user's buckets. A single statement.

    A user who is gone gets none.
    """
    values = {"owner": owner_id, "hour": sizes.hour, "day": sizes.day, "calls": float(calls)}
    row = tx.one_or_none(_DEBIT, values)
    if row is None:
        return Debit(0, Level(sizes.hour, sizes.day, tx.now.timestamp()))
    return Debit(row.granted, Level(row.hour, row.day, row.at))


def give_back(tx: Transaction, owner_id: str, calls: int) -> None:
    """Put back calls that were taken and not made. A single statement."""
    tx.execute(_GIVE_BACK, {"owner": owner_id, "calls": float(calls)})


def level_of(tx: Transaction, owner_id: str) -> Level | None:
    """A user's buckets as they were left; `None` for one who never called."""
    row = tx.one_or_none(_LEVEL, {"owner": owner_id})
    return None if row is None else Level(row.hour, row.day, row.at)


def keep(tx: Transaction, levels: Sequence[tuple[str, Level]]) -> None:
    """Write down the buckets of some users as they are in memory; of those who are gone nothing."""
    for owner_id, level in levels:
        tx.execute(_KEEP, {"owner": owner_id, "hour": level.hour, "day": level.day, "at": level.at})


def add_excess(tx: Transaction, second: int, calls: Sequence[tuple[str, int]]) -> None:
    """Count calls over the limit that were made with some keys, and forget those of over a minute ago."""
    for key_id, number in calls:
        tx.execute(_ADD_EXCESS, {"key": key_id, "second": second, "calls": number})
    tx.execute(_FORGET_EXCESS, {"until": second - EXCESS_SECONDS})


def forget_excess(tx: Transaction, key_id: str) -> None:
    """Whoever lets the key call again begins anew."""
    tx.execute(_FORGET_KEYS_EXCESS, {"key": key_id})


def excessive(tx: Transaction, most: int) -> list[str]:
    """The keys with more than `most` calls over the limit that count."""
    return [row.key_id for row in tx.all(_EXCESSIVE, {"most": most})]
