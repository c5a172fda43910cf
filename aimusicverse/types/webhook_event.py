"""What a webhook carries."""

from __future__ import annotations

import json
from typing import Any

from pydantic import Field

from aimusicverse.errors import WebhookVerificationError
from aimusicverse.types.base import Answer, Timestamp


class WebhookEvent(Answer):
    """An event, as a message brought it. What another sender's events have besides is in `model_extra`."""

    id: str = Field(description="Of the message: the same each time that its sender tries again.")
    type: str = Field(description="For example `generation.completed`.")
    timestamp: Timestamp | None = Field(default=None, description="When it happened, if the sender says so.")
    data: Any = Field(default=None, description="The object as it was then.")


def read(message_id: str, body: bytes) -> WebhookEvent:
    """The event in a body whose signature was judged.

    Raises:
        WebhookVerificationError: `malformed_event`.
    """
    try:
        found = json.loads(body)
        return WebhookEvent.model_validate({**found, "id": message_id})
    except (ValueError, TypeError, RecursionError):  # pydantic's own is a ValueError
        raise WebhookVerificationError(
            "The message is signed, but no event: its body is not a JSON object with a type.",
            reason="malformed_event",
        ) from None
