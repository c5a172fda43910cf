"""Messages to a person about what happened to his releases."""

from __future__ import annotations

from pydantic import Field

from aimusicverse.types.base import Answer, Timestamp
from aimusicverse.types.request import Request


class TelegramLink(Answer):
    """Whether a chat with the bot belongs to you, and how it comes to."""

    available: bool = Field(description="Whether this server has a bot.")
    bot: str | None = Field(default=None, description="Its name: `@…`.")
    linked: bool
    chat: str | None = Field(default=None, description="Who you are there, as Telegram says.")
    code: str | None = Field(
        default=None,
        description="Send it to the bot: `/start <code>`. Used once; only shown when it is made.",
    )
    link_url: str | None = Field(default=None, description="Opens the bot with the code.")
    code_expires_at: Timestamp | None = None
    problem: str | None = Field(
        default=None, description="Why a chat that was linked gets nothing more: it takes no messages."
    )


class NotificationSettings(Answer):
    """What you are told of, and where."""

    telegram: TelegramLink
    live: bool
    failed: bool
    rejected: bool
    action_required: bool
    complete: bool = Field(description="One message when a release is everywhere where it was to go.")


class NotificationUpdate(Request):
    """What to change; what is left out stays."""

    telegram: bool | None = Field(
        default=None, description="`true`: a new code to link a chat with. `false`: the chat is forgotten."
    )
    live: bool | None = None
    failed: bool | None = None
    rejected: bool | None = None
    action_required: bool | None = None
    complete: bool | None = None
