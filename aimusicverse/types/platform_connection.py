"""Accounts with stores, as users connected them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from aimusicverse.types.base import Answer, Timestamp, WrittenOut
from aimusicverse.types.distribution import Mode

ConnectionStatus = Literal["pending", "connected", "expired", "disconnected"]


class PlatformConnection(Answer):
    """Your account with a store. Its tokens and passwords are kept sealed, and never shown."""

    platform: str = Field(description="Such as `soundcloud`.")
    mode: Mode | str = Field(description="`sandbox`: with the stand-in store of this server.")
    status: ConnectionStatus | str = Field(
        description="`pending`: open `authorize_url`. `expired`: the store wants you to connect anew."
    )
    account: str | None = Field(default=None, description="Who you are there, where the store tells.")
    settings: dict[str, str] = Field(default={}, description="What you gave that is not secret.")
    authorize_url: str | None = Field(
        default=None, description="Where you let this server in, in a browser; good for ten minutes."
    )
    callback_url: str | None = Field(
        default=None, description="Where the store may tell how a release stands, signed with the secret."
    )
    callback_secret: WrittenOut | None = Field(
        default=None, description="`whsec_…`: told once, when you connect."
    )
    connected_at: Timestamp | None = None
    problem: str | None = Field(default=None, description="Why it cannot be used.")
