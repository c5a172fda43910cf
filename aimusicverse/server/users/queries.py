"""The SQL of users. Their table is called `owner`: it says whose the rows of all others are."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from aimusicverse.server.api_keys.queries import TOPIC
from aimusicverse.server.problems import NotFound
from aimusicverse.server.store.prepared import Prepared
from aimusicverse.server.store.tables import owner
from aimusicverse.server.store.transaction import Transaction


class UserRow(NamedTuple):
    """A user as stored."""

    id: str
    name: str
    tier: str
    created_at: datetime
    role: str
    hourly_limit: int | None
    daily_limit: int | None
    avatar_url: str | None
    suspended_at: datetime | None
    updated_at: datetime
    version: int


# What is run most is built once: building a statement costs more than running it.
_ONE = Prepared(sa.select(owner).where(owner.c.id == sa.bindparam("user")))
_INSERT = Prepared(sa.insert(owner))
_LIST = sa.select(owner).order_by(owner.c.id.desc()).limit(sa.bindparam("limit"))
_CHANGE = sa.update(owner).where(owner.c.id == sa.bindparam("of"))


def get(tx: Transaction, user_id: str) -> UserRow:
    """One user.

    Raises:
        NotFound: there is none of that id.
    """
    row = tx.one_or_none(_ONE, {"user": user_id})
    if row is None:
        raise NotFound("user", user_id)
    return UserRow._make(row)


def newest(tx: Transaction, *, before: str | None, limit: int) -> list[UserRow]:
    """Users, newest first, from before the id `before` on."""
    query, parameters = _LIST, dict[str, object](limit=limit)
    if before is not None:
        query = query.where(owner.c.id < sa.bindparam("before"))
        parameters["before"] = before
    return [UserRow._make(row) for row in tx.all(query, parameters)]


def insert(tx: Transaction, user_id: str, **values: Any) -> None:
    """A new user."""
    tx.execute(_INSERT, {"id": user_id, "created_at": tx.now, "updated_at": tx.now, "version": 1, **values})


def change(tx: Transaction, user_id: str, **values: Any) -> None:
    """Set columns of a user, which is a new version of him. Whoever remembers his keys looks again."""
    changed = _CHANGE.values(version=owner.c.version + 1, updated_at=tx.now, **values)
    tx.execute(changed, {"of": user_id})
    tx.wake(TOPIC)
