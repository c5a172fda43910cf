"""What an admin asks for around users."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from aimusicverse.types.account import Role, Tier
from aimusicverse.types.api_key import KeyMode
from aimusicverse.types.api_key_request import Scopes
from aimusicverse.types.request import Request
from aimusicverse.types.text import Title

#: The tiers that a new user can have; `local` is the embedded owner's alone.
GivenTier = Literal["free", "pro", "enterprise", "custom"]
Calls = Annotated[int, Field(ge=1, le=1_000_000_000)]


class UserCreate(Request):
    """A new user, with a first key. The key can be given nothing that the admin's own does not have."""

    name: Title
    tier: GivenTier = "free"
    role: Role = "user"
    hourly_limit: Calls | None = Field(default=None, description="Calls in an hour; with `custom`, and only.")
    daily_limit: Calls | None = Field(default=None, description="Calls in a day; with `custom`, and only.")
    scopes: Scopes | None = Field(
        default=None,
        description="Of the first key. Left out: what the admin's key has, `admin` only for an admin.",
    )
    mode: KeyMode | None = Field(
        default=None, description="Of the first key. Left out: that of the admin's key."
    )

    @model_validator(mode="after")
    def _figures(self) -> Self:
        check_figures(self.tier, self.hourly_limit, self.daily_limit)
        return self


class UserUpdate(Request):
    """What to change; what is left out stays as it is. None of it can be null."""

    name: Title | None = None
    tier: Tier | None = Field(default=None, description="`local` is the embedded owner's alone.")
    role: Role | None = None
    hourly_limit: Calls | None = Field(default=None, description="Calls in an hour; of a `custom` user.")
    daily_limit: Calls | None = Field(default=None, description="Calls in a day; of a `custom` user.")
    suspended: bool | None = Field(
        default=None, description="True: no key of the user opens anything, until it is false again."
    )

    @field_validator("name", "tier", "role", "hourly_limit", "daily_limit", "suspended")
    @classmethod
    def _given(cls, value: object) -> object:
        if value is None:
            raise ValueError("this cannot be null; leave it out to keep it")
        return value


def check_figures(tier: str, hourly_limit: int | None, daily_limit: int | None) -> None:
    """See that a tier has figures of its own exactly if it is `custom`.

    Raises:
        ValueError: it does not.
    """
    given = (hourly_limit is not None, daily_limit is not None)
    if tier == "custom" and not all(given):
        raise ValueError("the tier custom needs hourly_limit and daily_limit")
    if tier != "custom" and any(given):
        raise ValueError(f"hourly_limit and daily_limit go with the tier custom, not with {tier}")
