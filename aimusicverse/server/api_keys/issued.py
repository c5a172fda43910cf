"""The one answer in which a key's text stands: the one that makes the key."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, PlainSerializer

from aimusicverse.secret import Secret
from aimusicverse.types import ApiKey, User

#: A secret that is written out where it is asked for as JSON; for a person's eyes it stays `***`.
Shown = Annotated[
    Secret, PlainSerializer(lambda secret: secret.get_secret_value(), return_type=str, when_used="json")
]


class IssuedApiKey(ApiKey):
    """A new API key, with its text."""

    key: Shown = Field(description="The key itself. It is not shown again.")


class IssuedUser(User):
    """A new user, with the text of the first key."""

    api_key: IssuedApiKey
