"""One's own account: who one is here, and what is left of one's allowance."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from aimusicverse.types.api_key import KeyMode, Scope
from aimusicverse.types.base import Answer, Editable, Timestamp

#: How many calls a user may make in an hour and in a day. `local` is the embedded owner's: no limit.
Tier = Literal["free", "pro", "enterprise", "local", "custom"]
Role = Literal["user", "admin"]


class Quota(Answer):
    """A number of calls, and what is left of it; null is as many as one likes."""

    limit: int | None = None
    remaining: int | None = None
    resets_at: Timestamp | None = Field(default=None, description="When all of it is there again.")


class Quotas(Answer):
    """Both allowances of a user; a call takes one from each."""

    hour: Quota
    day: Quota


class CallingKey(Answer):
    """The key by which this was asked."""

    id: str
    name: str
    mode: KeyMode | str
    scopes: list[Scope | str]
    expires_at: Timestamp | None = None


class Profile(Editable):
    """A user, as he sees himself. Tier and role are an admin's to change."""

    name: str
    avatar_url: str | None = None
    tier: Tier | str
    role: Role | str
    quotas: Quotas = Field(description="All keys of the user draw on them together.")
    key: CallingKey
