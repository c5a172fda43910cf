"""The SQL of API keys, and of owners as far as keys need it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from aimusicverse.server.problems import NotFound
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.prepared import Prepared
from aimusicverse.server.store.tables import Moment, api_key, owner
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.versions import etag_of
from aimusicverse.types import ApiKey

#: What whoever remembers keys listens to.
TOPIC = "api_keys"


@dataclass(frozen=True, slots=True)
class ApiKeyRow:
    """A key as stored, never the key itself; and what its owner brings to it."""

    id: str
    owner_id: str
    name: str
    mode: str
    hash: bytes
    scopes: list[str]
    expires_at: datetime | None
    revoked_at: datetime | None
    suspended_at: datetime | None
    role: str
    tier: str
    hourly_limit: int | None
    daily_limit: int | None
    owner_suspended_at: datetime | None


# What is run most is built once: building a statement costs more than running it.
_STANDING = sa.select(
    api_key.c.id,
    api_key.c.owner_id,
    api_key.c.name,
    api_key.c.mode,
    api_key.c.hash,
    api_key.c.scopes,
    api_key.c.expires_at,
    api_key.c.revoked_at,
    api_key.c.suspended_at,
    owner.c.role,
    owner.c.tier,
    owner.c.hourly_limit,
    owner.c.daily_limit,
    owner.c.suspended_at.label("owner_suspended_at"),
).join_from(api_key, owner, api_key.c.owner_id == owner.c.id)
_FIND = Prepared(_STANDING.where(api_key.c.id == sa.bindparam("key")))
_asked = api_key.alias("asked")
_FIND_OR_DECOY = Prepared(
    _STANDING.where(
        api_key.c.id
        == sa.func.coalesce(
            sa.select(_asked.c.id).where(_asked.c.id == sa.bindparam("key")).scalar_subquery(),
            sa.bindparam("decoy"),
        )
    )
)
_INSERT = Prepared(sa.insert(api_key))
_MINE = api_key.c.owner_id == sa.bindparam("owner")
_ONE = Prepared(sa.select(api_key).where(api_key.c.id == sa.bindparam("key"), _MINE))
_WHOSE = Prepared(sa.select(api_key.c.owner_id).where(api_key.c.id == sa.bindparam("key")))
_LIST = sa.select(api_key).where(_MINE).order_by(api_key.c.id.desc()).limit(sa.bindparam("limit"))
_NOT_REVOKED = api_key.c.revoked_at.is_(None)
_COUNT = Prepared(sa.select(sa.func.count().label("number")).select_from(api_key).where(_MINE, _NOT_REVOKED))
_CHANGE = sa.update(api_key).where(api_key.c.id == sa.bindparam("of"), _MINE)
_at = sa.bindparam("at", type_=Moment())
_NOTE_USE = (
    sa.update(api_key)
    .where(
        api_key.c.id == sa.bindparam("of"),
        sa.or_(api_key.c.last_used_at.is_(None), api_key.c.last_used_at < _at),
    )
    .values(last_used_at=_at)
)


def find(tx: Transaction, key_id: str) -> ApiKeyRow | None:
    """A key by its id. Needs no owner: this is how an owner becomes known."""
    return _row(tx.one_or_none(_FIND, {"key": key_id}))


def find_or_decoy(tx: Transaction, key_id: str, decoy: str) -> ApiKeyRow | None:
    """A key by its id, or in its place the one called `decoy`: which of the two takes the same time."""
    return _row(tx.one_or_none(_FIND_OR_DECOY, {"key": key_id, "decoy": decoy}))


def _row(found: Any | None) -> ApiKeyRow | None:
    return None if found is None else ApiKeyRow(**found._asdict())


def owner_of(tx: Transaction, key_id: str) -> Owner:
    """Whose a key is. For the server itself, and for admins.

    Raises:
        NotFound: there is no such key.
    """
    row = tx.one_or_none(_WHOSE, {"key": key_id})
    if row is None:
        raise NotFound("api_key", key_id)
    return Owner(row.owner_id)


def get(tx: Transaction, owner: Owner, key_id: str) -> ApiKey:
    """One key.

    Raises:
        NotFound: there is none of that id, or it is somebody else's.
    """
    row = tx.one_or_none(_ONE, {"key": key_id, "owner": owner.id})
    if row is None:
        raise NotFound("api_key", key_id)
    return _to_api_key(row, tx.now)


def newest(
    tx: Transaction, owner: Owner, *, before: str | None, limit: int, revoked_too: bool
) -> list[ApiKey]:
    """Keys, newest first, from before the id `before` on."""
    query, parameters = _LIST, dict[str, object](owner=owner.id, limit=limit)
    if not revoked_too:
        query = query.where(_NOT_REVOKED)
    if before is not None:
        query = query.where(api_key.c.id < sa.bindparam("before"))
        parameters["before"] = before
    return [_to_api_key(row, tx.now) for row in tx.all(query, parameters)]


def count(tx: Transaction, owner: Owner) -> int:
    """How many keys an owner has that are not revoked."""
    row = tx.one_or_none(_COUNT, {"owner": owner.id})
    return 0 if row is None else int(row.number)


def insert(
    tx: Transaction,
    key_id: str,
    *,
    owner_id: str,
    name: str,
    mode: str,
    hash: bytes,  # noqa: A002 - the column's name
    scopes: list[str],
    **others: Any,
) -> None:
    """Store a new key's hash; `others` are columns that may be left out."""
    values = {"owner_id": owner_id, "name": name, "mode": mode, "hash": hash, "scopes": scopes}
    tx.execute(
        _INSERT, {"id": key_id, "created_at": tx.now, "updated_at": tx.now, "version": 1, **values, **others}
    )
    tx.wake(TOPIC)


def change(tx: Transaction, owner: Owner, key_id: str, **values: Any) -> None:
    """Set columns of a key, which is a new version of it."""
    changed = _CHANGE.values(version=api_key.c.version + 1, updated_at=tx.now, **values)
    tx.execute(changed, {"of": key_id, "owner": owner.id})
    tx.wake(TOPIC)


def note_uses(tx: Transaction, uses: dict[str, datetime]) -> None:
    """Write down when keys were last used: no new version of them, nobody is woken; a later time stays."""
    # In one order, so that two processes that write about the same keys do not wait for each other.
    tx.execute(_NOTE_USE, [{"of": key_id, "at": at} for key_id, at in sorted(uses.items())])


def revoke_of_folders(tx: Transaction, owner_id: str, *, folder: str | None = None) -> None:
    """End the keys that lie in data folders at once; or only the one that lies in `folder`."""
    which = (api_key.c.owner_id == owner_id) & (api_key.c.origin == IN_FOLDER) & _NOT_REVOKED
    if folder is not None:
        which &= api_key.c.name == folder
    tx.execute(sa.update(api_key).where(which).values(revoked_at=tx.now, updated_at=tx.now))
    tx.wake(TOPIC)


def first_owner(tx: Transaction) -> str | None:
    """The owner this data folder began with."""
    row = tx.one_or_none(sa.select(owner.c.id).order_by(owner.c.id).limit(1))
    return None if row is None else str(row.id)


def began_at(tx: Transaction) -> datetime:
    """When this database got its first owner."""
    began: datetime = tx.scalar(sa.select(owner.c.created_at).order_by(owner.c.id).limit(1))
    return began


def insert_owner(tx: Transaction, owner_id: str, *, name: str, tier: str, **others: Any) -> None:
    """A new owner; `others` are columns that may be left out."""
    tx.execute(
        sa.insert(owner).values(
            id=owner_id, name=name, tier=tier, created_at=tx.now, updated_at=tx.now, version=1, **others
        )
    )


#: Whence a key comes that lies in a data folder, and that the server makes anew by itself.
IN_FOLDER = "folder"


def _to_api_key(row: Any, now: datetime) -> ApiKey:
    status = "active"
    if row.revoked_at is not None:
        status = "revoked"
    elif row.expires_at is not None and row.expires_at <= now:
        status = "expired"
    elif row.suspended_at is not None:
        status = "suspended"
    return ApiKey(
        id=row.id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        etag=etag_of(row.version, row.updated_at),
        name=row.name,
        mode=row.mode,
        scopes=row.scopes,
        status=status,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        suspended_at=row.suspended_at,
        suspended_for=row.suspended_for,
        revoked_at=row.revoked_at,
        replaces=row.replaces,
        replaced_by=row.replaced_by,
    )
