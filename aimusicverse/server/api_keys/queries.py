"""The SQL of owners and API keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from aimusicverse.server.store.tables import api_key, owner
from aimusicverse.server.store.transaction import Transaction

#: What whoever remembers keys listens to.
TOPIC = "api_keys"


@dataclass(frozen=True, slots=True)
class ApiKeyRow:
    """A key as stored: never the key itself."""

    id: str
    owner_id: str
    mode: str
    hash: bytes
    scopes: list[str]
    expires_at: datetime | None
    revoked_at: datetime | None


_COLUMNS = (
    api_key.c.id,
    api_key.c.owner_id,
    api_key.c.mode,
    api_key.c.hash,
    api_key.c.scopes,
    api_key.c.expires_at,
    api_key.c.revoked_at,
)


def find(tx: Transaction, key_id: str) -> ApiKeyRow | None:
    """A key by its id. Needs no owner: this is how an owner becomes known."""
    row = tx.one_or_none(sa.select(*_COLUMNS).where(api_key.c.id == key_id))
    return None if row is None else ApiKeyRow(**row._mapping)


def insert(tx: Transaction, row: ApiKeyRow, *, name: str) -> None:
    """Store a new key's hash."""
    tx.execute(
        sa.insert(api_key).values(
            id=row.id,
            owner_id=row.owner_id,
            name=name,
            mode=row.mode,
            hash=row.hash,
            scopes=row.scopes,
            created_at=tx.now,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
        )
    )
    tx.wake(TOPIC)


def revoke_named(tx: Transaction, owner_id: str, name: str, *, or_beginning: str | None = None) -> None:
    """End all keys of that name at once; also those whose names begin so, if that is said."""
    named = api_key.c.name == name
    if or_beginning is not None:
        named |= api_key.c.name.startswith(or_beginning, autoescape=True)
    tx.execute(
        sa.update(api_key)
        .where(api_key.c.owner_id == owner_id, named, api_key.c.revoked_at.is_(None))
        .values(revoked_at=tx.now)
    )
    tx.wake(TOPIC)


def set_scopes(tx: Transaction, key_id: str, scopes: list[str]) -> None:
    """Let a key do this from now on."""
    tx.execute(sa.update(api_key).where(api_key.c.id == key_id).values(scopes=scopes))
    tx.wake(TOPIC)


def first_owner(tx: Transaction) -> str | None:
    """The owner this data folder began with."""
    row = tx.one_or_none(sa.select(owner.c.id).order_by(owner.c.id).limit(1))
    return None if row is None else str(row.id)


def began_at(tx: Transaction) -> datetime:
    """When this database got its first owner."""
    began: datetime = tx.scalar(sa.select(owner.c.created_at).order_by(owner.c.id).limit(1))
    return began


def insert_owner(tx: Transaction, owner_id: str, *, name: str, tier: str) -> None:
    """A new owner."""
    tx.execute(sa.insert(owner).values(id=owner_id, name=name, tier=tier, created_at=tx.now))
