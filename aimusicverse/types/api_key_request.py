"""What is asked for around an API key."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, field_validator

from aimusicverse.types.api_key import KeyMode, Scope
from aimusicverse.types.base import Timestamp
from aimusicverse.types.request import Request
from aimusicverse.types.text import Title

#: How long the old key goes on working when it is rotated, unless said otherwise; and at most.
DAY_SECONDS = 24 * 3600
LONGEST_OVERLAP_SECONDS = 30 * DAY_SECONDS


def _each_once(scopes: list[Scope]) -> list[Scope]:
    return list(dict.fromkeys(scopes))


Scopes = Annotated[list[Scope], Field(min_length=1, max_length=100), AfterValidator(_each_once)]


class ApiKeyCreate(Request):
    """A new key. It can be given nothing that the key that makes it does not have."""

    name: Title = Field(description="What it is for. One line of 1 to 200 characters.")
    scopes: Scopes = Field(description="What it may do.")
    mode: KeyMode | None = Field(
        default=None, description="Left out: that of the key that makes it. A test key makes test keys only."
    )
    expires_at: Timestamp | None = Field(
        default=None, description="Left out: never, or when the key that makes it expires."
    )


class ApiKeyUpdate(Request):
    """What to change; what is left out stays as it is."""

    name: Title | None = Field(default=None, description="Left out: unchanged. It cannot be null.")
    scopes: Scopes | None = Field(
        default=None, description="All of them from now on. Left out: unchanged. It cannot be null."
    )
    expires_at: Timestamp | None = Field(default=None, description="Null: never. Left out: unchanged.")

    @field_validator("name", "scopes")
    @classmethod
    def _given(cls, value: object) -> object:
        if value is None:
            raise ValueError("this cannot be null; leave it out to keep it")
        return value


class ApiKeyRotate(Request):
    """How one key takes the place of another."""

    overlap_seconds: int = Field(
        default=DAY_SECONDS,
        ge=0,
        le=LONGEST_OVERLAP_SECONDS,
        description="How long the old key still works. 0: not any more.",
    )
    expires_at: Timestamp | None = Field(
        default=None, description="Of the new key. Left out: it lives as long as the old one was meant to."
    )


class ApiKeySuspension(Request):
    """Whether a key is shut out for a while; what it is stays."""

    suspended: bool
