"""The one answer in which a key's text stands: the one that makes the key."""

from __future__ import annotations

from pydantic import Field

from aimusicverse.types import ApiKey, User
from aimusicverse.types.base import WrittenOut


class IssuedApiKey(ApiKey):
    """A new API key, with its text."""

    key: WrittenOut = Field(description="The key itself. It is not shown again.")


class IssuedUser(User):
    """A new user, with the text of the first key."""

    api_key: IssuedApiKey
