"""Decides about users, for admins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aimusicverse.server import versions
from aimusicverse.server.api_keys import service as api_keys
from aimusicverse.server.api_keys.giving import giver
from aimusicverse.server.api_keys.issued import IssuedApiKey, IssuedUser
from aimusicverse.server.ids import new_id
from aimusicverse.server.problems import Refusal
from aimusicverse.server.security.allowance import allowance_of
from aimusicverse.server.security.authenticator import Minted
from aimusicverse.server.security.principal import Owner, Principal
from aimusicverse.server.security.scopes import ADMIN, SCOPES
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.users import queries
from aimusicverse.server.users.queries import UserRow
from aimusicverse.server.versions import etag_of
from aimusicverse.types import ApiKey, ApiKeyCreate, FieldError, User, UserCreate, UserUpdate
from aimusicverse.types.user_request import check_figures

#: What the key is called that a new user comes with.
_FIRST_KEY = "first key"


def get(tx: Transaction, admin: Owner, user_id: str) -> User:
    """One user."""
    return _to_user(queries.get(tx, user_id))


def page(tx: Transaction, admin: Owner, before: str | None, limit: int) -> list[User]:
    """One more than `limit` users, if there are so many, newest first."""
    return [_to_user(row) for row in queries.newest(tx, before=before, limit=limit + 1)]


def create(
    tx: Transaction, admin: Owner, principal: Principal, minted: Minted, body: UserCreate
) -> IssuedUser:
    """A new user with a first key, which can do what was asked for, or all that the admin's key can."""
    by = giver(tx, principal)
    scopes: Sequence[str] = body.scopes or [
        scope for scope in SCOPES if scope in by.scopes and (scope != ADMIN or body.role == "admin")
    ]
    _check_admin_scope(body.role, scopes)
    user_id = new_id("usr")
    queries.insert(
        tx,
        user_id,
        name=body.name,
        tier=body.tier,
        role=body.role,
        hourly_limit=body.hourly_limit,
        daily_limit=body.daily_limit,
    )
    key = api_keys.create_by(by, tx, Owner(user_id), minted, _FIRST_KEY, scopes)
    return IssuedUser(**{**dict(_to_user(queries.get(tx, user_id))), "api_key": key})


def update(tx: Transaction, admin: Owner, user_id: str, body: UserUpdate, expected: str | None) -> User:
    """Change name, tier, figures or role of a user; shut him out, or let him in again."""
    before = queries.get(tx, user_id)
    versions.check(expected, _etag(before))
    changes = body.model_dump(exclude_unset=True)
    if user_id == admin.id and (changes.get("suspended") or changes.get("role", before.role) != before.role):
        raise Refusal("user_is_you")
    if changes.get("tier") == "local" and user_id != api_keys.first_owner(tx):
        raise _unfit("tier", "embedded_only", "The tier local is the embedded owner's alone")
    if {"tier", "hourly_limit", "daily_limit"} & set(changes):
        changes |= _figures(before, changes)
    if "suspended" in changes:
        is_suspended = changes.pop("suspended")
        if is_suspended != (before.suspended_at is not None):
            changes["suspended_at"] = tx.now if is_suspended else None
    if changes:
        queries.change(tx, user_id, **changes)
    return _to_user(queries.get(tx, user_id))


def api_keys_of(
    tx: Transaction, admin: Owner, user_id: str, before: str | None, limit: int, revoked_too: bool
) -> list[ApiKey]:
    """One more than `limit` keys of a user, if there are so many, newest first."""
    queries.get(tx, user_id)
    return api_keys.page(tx, Owner(user_id), before, limit, revoked_too)


def create_api_key(
    tx: Transaction, admin: Owner, user_id: str, principal: Principal, minted: Minted, body: ApiKeyCreate
) -> IssuedApiKey:
    """A key for a user who has none that works any more."""
    _check_admin_scope(queries.get(tx, user_id).role, body.scopes)
    return api_keys.create(tx, Owner(user_id), principal, minted, body)


def suspend_api_key(tx: Transaction, admin: Owner, key_id: str, suspended: bool) -> ApiKey:
    """Shut a key out, or let it in again, whoever's it is."""
    if suspended:
        api_keys.suspend(tx, key_id, api_keys.BY_ADMIN)
    else:
        api_keys.resume(tx, key_id)
    return api_keys.get_any(tx, key_id)


def _check_admin_scope(role: str, scopes: Sequence[str]) -> None:
    if ADMIN in scopes and role != "admin":
        raise _unfit("scopes", "admin_only", "The scope admin is for users with the role admin")


def _figures(before: UserRow, changes: dict[str, Any]) -> dict[str, Any]:
    """The limits that a user has after a change of tier or limits."""
    tier = changes.get("tier", before.tier)
    given = {name: changes.get(name) for name in ("hourly_limit", "daily_limit")}
    if tier == before.tier == "custom":
        given = {name: getattr(before, name) if value is None else value for name, value in given.items()}
    try:
        check_figures(tier, **given)
    except ValueError as error:
        raise _unfit("tier", "figures", str(error)) from None
    return given


def _unfit(field: str, code: str, message: str) -> Refusal:
    return Refusal(
        "invalid_request",
        f"{field}: {message}",
        errors=[FieldError(field=field, code=code, message=message)],
    )


def _etag(row: UserRow) -> str:
    return etag_of(row.version, row.updated_at)


def _to_user(row: UserRow) -> User:
    allowance = allowance_of(row.tier, row.hourly_limit, row.daily_limit)
    return User(
        id=row.id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        etag=_etag(row),
        name=row.name,
        role=row.role,
        tier=row.tier,
        hourly_limit=allowance.hour,
        daily_limit=allowance.day,
        suspended_at=row.suspended_at,
    )
