"""What is asked for around one's own account."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, field_validator

from aimusicverse.types.request import Request
from aimusicverse.types.text import LeftAsWritten, Line, Title


def _address(value: str) -> str:
    try:
        parts = urlsplit(value)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
        parts.port  # noqa: B018 - raises for one that is none
    except ValueError:
        fits = False
    if not fits or any(char.isspace() for char in value):
        raise ValueError("write an address like https://example.com/me.png, without a user name in it")
    return value


#: A picture's address. The server keeps it, and never asks for it.
AvatarUrl = Annotated[str, Field(max_length=2_000), Line, LeftAsWritten, AfterValidator(_address)]


class ProfileUpdate(Request):
    """What to change; what is left out stays as it is."""

    name: Title | None = Field(default=None, description="Left out: unchanged. It cannot be null.")
    avatar_url: AvatarUrl | None = Field(default=None, description="Null: none any more.")

    @field_validator("name")
    @classmethod
    def _given(cls, value: str | None) -> str:
        if value is None:
            raise ValueError("this cannot be null; leave it out to keep it")
        return value
