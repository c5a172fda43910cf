"""The one answer in which a secret stands: the one that makes it."""

from __future__ import annotations

from pydantic import Field

from aimusicverse.types import Webhook
from aimusicverse.types.base import WrittenOut


class IssuedWebhook(Webhook):
    """An endpoint, with the secret that was made for it."""

    secret: WrittenOut = Field(description="`whsec_…`. It is not shown again.")
