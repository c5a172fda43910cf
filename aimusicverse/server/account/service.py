"""Decides about one's own account."""

from __future__ import annotations

from aimusicverse.server import versions
from aimusicverse.server.security.principal import Owner, Principal
from aimusicverse.server.security.scopes import SCOPES
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.users import queries
from aimusicverse.server.versions import etag_of
from aimusicverse.types import CallingKey, Profile, ProfileUpdate, Quotas


def profile(tx: Transaction, owner: Owner, principal: Principal, quotas: Quotas) -> Profile:
    """The user as he sees himself, and the key by which he asks."""
    row = queries.get(tx, owner.id)
    return Profile(
        id=row.id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        etag=etag_of(row.version, row.updated_at),
        name=row.name,
        avatar_url=row.avatar_url,
        tier=row.tier,
        role=row.role,
        quotas=quotas,
        key=CallingKey(
            id=principal.key_id,
            name=principal.key_name,
            mode=principal.mode,
            scopes=[scope for scope in SCOPES if scope in principal.scopes],
            expires_at=principal.expires_at,
        ),
    )


def update(
    tx: Transaction,
    owner: Owner,
    principal: Principal,
    quotas: Quotas,
    body: ProfileUpdate,
    expected: str | None,
) -> Profile:
    """Change one's name or picture."""
    row = queries.get(tx, owner.id)
    versions.check(expected, etag_of(row.version, row.updated_at))
    changes = body.model_dump(exclude_unset=True)
    if changes:
        queries.change(tx, owner.id, **changes)
    return profile(tx, owner, principal, quotas)
