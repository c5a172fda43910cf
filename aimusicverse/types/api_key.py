"""API keys: who may do what, in a user's name, until when."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from aimusicverse.secret import Secret
from aimusicverse.types.base import Editable, Timestamp

#: What a key may do. `admin` sees to the whole server; only the keys of an admin can have it.
Scope = Literal[
    "generate:write",
    "generate:read",
    "tracks:read",
    "tracks:write",
    "playlists:read",
    "playlists:write",
    "artwork:write",
    "distributions:read",
    "distributions:write",
    "distributions:publish",
    "webhooks:read",
    "webhooks:write",
    "keys:read",
    "keys:write",
    "profile:read",
    "profile:write",
    "usage:read",
    "admin",
]
#: What `test` keys do stays on this machine; `live` keys may do live work when they are asked to.
KeyMode = Literal["live", "test"]
KeyStatus = Literal["active", "suspended", "expired", "revoked"]


class ApiKey(Editable):
    """An API key: everything but its text, which is shown once, when it is made."""

    name: str
    mode: KeyMode | str
    scopes: list[Scope | str]
    status: KeyStatus | str = Field(description="Only an `active` key opens anything.")
    expires_at: Timestamp | None = Field(default=None, description="Null: never.")
    last_used_at: Timestamp | None = Field(
        default=None, description="To within a minute. Null: not yet, or in the last moments."
    )
    suspended_at: Timestamp | None = None
    suspended_for: Literal["over_limit", "by_admin"] | str | None = Field(
        default=None,
        description="`over_limit`: more than 100 calls over its limit within 60 seconds.",
    )
    revoked_at: Timestamp | None = None
    replaces: str | None = Field(default=None, description="The key from which this one was rotated.")
    replaced_by: str | None = Field(
        default=None, description="The key that was made when this one was rotated."
    )
    key: Secret | None = Field(default=None, description="The key itself, only in the answer that makes it.")
