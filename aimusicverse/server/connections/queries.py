"""The SQL of connections with stores."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from aimusicverse.server.ids import new_id
from aimusicverse.server.store.prepared import Prepared
from aimusicverse.server.store.real_time import RealTime
from aimusicverse.server.store.tables import store_callback, store_connection
from aimusicverse.server.store.transaction import Transaction

PENDING, CONNECTED, EXPIRED, DISCONNECTED = "pending", "connected", "expired", "disconnected"


class ConnectionRow(NamedTuple):
    """A connection as it is stored, and how long somebody else refreshes it still."""

    id: str
    owner_id: str
    platform: str
    mode: str
    status: str
    account: str | None
    settings: dict[str, str]
    secrets: str
    state_until: datetime | None
    token_until: datetime | None
    lease_owner: str | None
    problem: str | None
    connected_at: datetime | None
    updated_at: datetime
    #: Seconds, real time; below zero: nobody does.
    leased_for: float


_C = store_connection.c
_COLUMNS: Final = tuple(_C[name] for name in ConnectionRow._fields[:-1])
_ROWS = sa.select(*_COLUMNS, (_C.lease_until - RealTime()).label("leased_for"))
_OF = (_C.owner_id == sa.bindparam("owner"),)
_ALL = Prepared(_ROWS.where(*_OF).order_by(_C.platform, _C.mode))
_ONE = Prepared(_ROWS.where(*_OF, _C.platform == sa.bindparam("platform"), _C.mode == sa.bindparam("mode")))
_BY_ID = Prepared(_ROWS.where(_C.id == sa.bindparam("of")))
_BY_STATE = Prepared(_ROWS.where(_C.state_hash == sa.bindparam("state")))
_LEASE = Prepared(
    sa.update(store_connection)
    .where(_C.id == sa.bindparam("of"), _C.status == CONNECTED, _C.lease_until <= RealTime())
    .values(lease_until=RealTime() + sa.bindparam("for", type_=sa.Float), lease_owner=sa.bindparam("who"))
)


def topic(connection_id: str) -> str:
    """Who waits for a connection to change."""
    return f"connection:{connection_id}"


def of_owner(tx: Transaction, owner_id: str) -> list[ConnectionRow]:
    """All that a user has, or had."""
    return [ConnectionRow(*row) for row in tx.all(_ALL, {"owner": owner_id})]


def one(tx: Transaction, owner_id: str, platform: str, mode: str) -> ConnectionRow | None:
    """That with a store."""
    row = tx.one_or_none(_ONE, {"owner": owner_id, "platform": platform, "mode": mode})
    return None if row is None else ConnectionRow(*row)


def by_id(tx: Transaction, connection_id: str) -> ConnectionRow | None:
    """One, whosever it is: for the server itself."""
    row = tx.one_or_none(_BY_ID, {"of": connection_id})
    return None if row is None else ConnectionRow(*row)


def by_state(tx: Transaction, state_hash: str) -> ConnectionRow | None:
    """That whose sign-in has this state, whosever it is: for the server itself."""
    row = tx.one_or_none(_BY_STATE, {"state": state_hash})
    return None if row is None else ConnectionRow(*row)


def insert(tx: Transaction, owner_id: str, platform: str, mode: str) -> str:
    """A row for a store that there was none of; its id."""
    connection_id = new_id("con")
    fresh = {"status": DISCONNECTED, "settings": {}, "secrets": "", "lease_until": 0.0, "version": 1}
    tx.execute(
        sa.insert(store_connection),
        {
            "id": connection_id,
            "owner_id": owner_id,
            "platform": platform,
            "mode": mode,
            **fresh,
            "created_at": tx.now,
            "updated_at": tx.now,
        },
    )
    return connection_id


def change(tx: Transaction, connection_id: str, **values: Any) -> None:
    """Set columns, and wake whoever waits for it."""
    tx.execute(
        sa.update(store_connection)
        .where(_C.id == connection_id)
        .values(version=_C.version + 1, updated_at=tx.now, **values)
    )
    tx.wake(topic(connection_id))


def lease(tx: Transaction, connection_id: str, who: str, seconds: float) -> bool:
    """Whether `who` alone may refresh its token, for so long (real time)."""
    return tx.execute(_LEASE, {"of": connection_id, "who": who, "for": seconds}).rowcount == 1


def unlease(tx: Transaction, connection_id: str, who: str) -> None:
    """Let others."""
    tx.execute(
        sa.update(store_connection)
        .where(_C.id == connection_id, _C.lease_owner == who)
        .values(lease_until=0.0, lease_owner=None)
    )
    tx.wake(topic(connection_id))


def release_all_leases(tx: Transaction) -> None:
    """At start-up of a store that is ours alone: whoever refreshed is dead. Who it was stays to be seen."""
    tx.execute(sa.update(store_connection).where(_C.lease_until > 0).values(lease_until=0.0))


def is_new_callback(tx: Transaction, row: ConnectionRow, message_id: str) -> bool:
    """Whether a message of a store comes for the first time; it is remembered."""
    known = sa.select(store_callback.c.at).where(
        store_callback.c.connection_id == row.id, store_callback.c.message_id == message_id
    )
    if tx.one_or_none(known) is not None:
        return False
    tx.execute(
        sa.insert(store_callback),
        {"connection_id": row.id, "message_id": message_id, "owner_id": row.owner_id, "at": tx.now},
    )
    return True


def forget_callbacks(tx: Transaction, before: datetime) -> int:
    """Remove what is older; how many."""
    return tx.execute(sa.delete(store_callback).where(store_callback.c.at < before)).rowcount
