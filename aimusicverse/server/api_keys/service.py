"""Decides about API keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from aimusicverse.server import versions
from aimusicverse.server.api_keys import queries
from aimusicverse.server.api_keys.giving import Giver, giver
from aimusicverse.server.api_keys.issued import IssuedApiKey
from aimusicverse.server.events import service as events
from aimusicverse.server.jobs import outbox
from aimusicverse.server.problems import Refusal
from aimusicverse.server.security.authenticator import Minted
from aimusicverse.server.security.principal import Owner, Principal
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.types import ApiKey, ApiKeyCreate, ApiKeyRotate, ApiKeyUpdate, FieldError

#: Keys of one user that are not revoked.
MOST_KEYS: Final = 1_000
#: The job that reminds a user of an old key, and when it is due.
REMIND: Final = "api_key.remind"
OLD_AFTER: Final = timedelta(days=90)
#: Why a key is suspended.
OVER_LIMIT, BY_ADMIN = "over_limit", "by_admin"


def get(tx: Transaction, owner: Owner, key_id: str) -> ApiKey:
    """One key."""
    return queries.get(tx, owner, key_id)


def get_any(tx: Transaction, key_id: str) -> ApiKey:
    """One key, whoever's it is. For admins."""
    return queries.get(tx, queries.owner_of(tx, key_id), key_id)


def page(tx: Transaction, owner: Owner, before: str | None, limit: int, revoked_too: bool) -> list[ApiKey]:
    """One more than `limit` keys, if there are so many, newest first."""
    return queries.newest(tx, owner, before=before, limit=limit + 1, revoked_too=revoked_too)


def first_owner(tx: Transaction) -> str | None:
    """The embedded owner: the user with whom this database began."""
    return queries.first_owner(tx)


def create(
    tx: Transaction, owner: Owner, principal: Principal, minted: Minted, body: ApiKeyCreate
) -> IssuedApiKey:
    """A new key of the owner, made by another key, of his or of an admin's."""
    return create_by(giver(tx, principal), tx, owner, minted, body.name, body.scopes, body.expires_at)


def create_by(
    by: Giver,
    tx: Transaction,
    owner: Owner,
    minted: Minted,
    name: str,
    scopes: Sequence[str],
    expires_at: datetime | None = None,
) -> IssuedApiKey:
    """`create`, by a key that was looked up already."""
    _check_future(tx, expires_at)
    if expires_at is None:
        expires_at = by.capped(None)
    by.check(scopes, minted.mode, expires_at)
    return _insert(tx, owner, minted, name, list(scopes), expires_at)


def update(
    tx: Transaction, owner: Owner, principal: Principal, key_id: str, body: ApiKeyUpdate, expected: str | None
) -> ApiKey:
    """Change name, scopes or end of a key. Whoever widens it must have what it gets."""
    before = _changeable(tx, owner, key_id, expected)
    changes = body.model_dump(exclude_unset=True)
    if not changes:
        return before
    _check_future(tx, body.expires_at)
    scopes = changes.get("scopes", before.scopes)
    expires_at = changes.get("expires_at", before.expires_at)
    if set(scopes) - set(before.scopes) or _later(expires_at, before.expires_at):
        giver(tx, principal).check(scopes, before.mode, expires_at)
    queries.change(tx, owner, key_id, **changes)
    return queries.get(tx, owner, key_id)


def revoke(tx: Transaction, owner: Owner, key_id: str, expected: str | None) -> None:
    """End a key at once. Its row stays, so that what it did can still be told. Twice is once."""
    key = queries.get(tx, owner, key_id)
    versions.check(expected, key.etag)
    if key.revoked_at is None:
        queries.change(tx, owner, key_id, revoked_at=tx.now)


def rotate(
    tx: Transaction, owner: Owner, principal: Principal, key_id: str, minted: Minted, body: ApiKeyRotate
) -> IssuedApiKey:
    """A new key that can do what the old one could, which still works for a while.

    One that is suspended does not: it ends at once, and the new one works.
    """
    old = _changeable(tx, owner, key_id, None)
    if old.replaced_by is not None:
        raise Refusal("api_key_rotated", f"It was: by {old.replaced_by}. Rotate that one.")
    by = giver(tx, principal)
    _check_future(tx, body.expires_at)
    expires_at = body.expires_at
    if expires_at is None:  # a key for a month is followed by a key for a month
        expires_at = by.capped(None if old.expires_at is None else tx.now + (old.expires_at - old.created_at))
    by.check(old.scopes, old.mode, expires_at)
    new = _insert(tx, owner, minted, old.name, list(old.scopes), expires_at, replaces=key_id)
    if body.overlap_seconds and old.suspended_at is None:
        end = tx.now + timedelta(seconds=body.overlap_seconds)
        ends = {"expires_at": end if old.expires_at is None else min(end, old.expires_at)}
    else:
        ends = {"revoked_at": tx.now}
    queries.change(tx, owner, key_id, replaced_by=minted.id, **ends)
    return new


def suspend(tx: Transaction, key_id: str, reason: str = OVER_LIMIT) -> None:
    """Shut a key out, whoever's it is, until it is rotated or an admin lets it in; and say so. Twice is once.

    For the server itself: for the limiter, and for admins.

    Raises:
        NotFound: there is no such key.
    """
    owner = queries.owner_of(tx, key_id)
    key = queries.get(tx, owner, key_id)
    if key.suspended_at is None and key.revoked_at is None:
        queries.change(tx, owner, key_id, suspended_at=tx.now, suspended_for=reason)
        events.record(tx, owner, "api_key.suspended", queries.get(tx, owner, key_id))


def resume(tx: Transaction, key_id: str) -> None:
    """Let a suspended key in again. Twice is once.

    Raises:
        NotFound: there is no such key.
    """
    owner = queries.owner_of(tx, key_id)
    if queries.get(tx, owner, key_id).suspended_at is not None:
        queries.change(tx, owner, key_id, suspended_at=None, suspended_for=None)


def remind(tx: Transaction, owner: Owner, key_id: str) -> None:
    """Say that a key is old, if it is still in use and was not rotated."""
    key = queries.get(tx, owner, key_id)
    if key.status in ("active", "suspended") and key.replaced_by is None:
        events.record(tx, owner, "api_key.rotation_due", key)


def _insert(
    tx: Transaction,
    owner: Owner,
    minted: Minted,
    name: str,
    scopes: list[str],
    expires_at: datetime | None,
    *,
    replaces: str | None = None,
) -> IssuedApiKey:
    if queries.count(tx, owner) >= MOST_KEYS:
        raise Refusal("too_many_api_keys")
    queries.insert(
        tx,
        minted.id,
        owner_id=owner.id,
        name=name,
        mode=minted.mode,
        hash=minted.hash,
        scopes=scopes,
        expires_at=expires_at,
        replaces=replaces,
    )
    outbox.add(tx, owner.id, REMIND, ref=minted.id, payload={}, due_at=tx.now + OLD_AFTER)
    made = queries.get(tx, owner, minted.id)
    return IssuedApiKey(**{**dict(made), "key": minted.key})


def _changeable(tx: Transaction, owner: Owner, key_id: str, expected: str | None) -> ApiKey:
    key = queries.get(tx, owner, key_id)
    versions.check(expected, key.etag)
    if key.revoked_at is not None:
        raise Refusal("api_key_final")
    return key


def _check_future(tx: Transaction, expires_at: datetime | None) -> None:
    if expires_at is not None and expires_at <= tx.now:
        message = f"This must be later than now, {tx.now:%Y-%m-%dT%H:%M:%SZ}"
        raise Refusal(
            "invalid_request",
            f"expires_at: {message}",
            errors=[FieldError(field="expires_at", code="in_the_past", message=message)],
        )


def _later(one: datetime | None, other: datetime | None) -> bool:
    """Whether a key that ends at `one` lives longer than one that ends at `other`; `None` is for ever."""
    if other is None:
        return False
    return one is None or one > other
