"""Users of a server, as its admins see them."""

from __future__ import annotations

from pydantic import Field

from aimusicverse.types.account import Role, Tier
from aimusicverse.types.api_key import ApiKey
from aimusicverse.types.base import Editable, Timestamp


class User(Editable):
    """Somebody with rows of his own. Others, admins too, do not see those through the API."""

    name: str
    role: Role | str
    tier: Tier | str
    hourly_limit: int | None = Field(
        default=None, description="Calls in an hour, all keys together. Null: as many as one likes."
    )
    daily_limit: int | None = Field(
        default=None, description="Calls in a day, all keys together. Null: as many as one likes."
    )
    suspended_at: Timestamp | None = Field(
        default=None, description="Since when none of the user's keys opens anything."
    )
    api_key: ApiKey | None = Field(
        default=None, description="The first key, with its text, only in the answer that makes the user."
    )
