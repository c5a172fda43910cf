"""Webhooks by Standard Webhooks 1.0.0 (symmetric, `v1`): signed, and judged before they are believed.

    from aimusicverse import webhooks

    event = webhooks.unwrap(body, headers, secret)     # raises WebhookVerificationError

It judges the messages of every sender of that standard, not of this server alone. Nothing here needs more
than the standard library, but for `unwrap`, which makes a typed event.
"""

from __future__ import annotations

from aimusicverse.errors import WebhookVerificationError
from aimusicverse.webhooks.signature import Webhook, sign, unwrap, verify

__all__ = ["Webhook", "WebhookVerificationError", "sign", "unwrap", "verify"]
