"""Webhooks by Standard Webhooks 1.0.0 (symmetric, `v1`): signed, and judged before they are believed.

    from aimusicverse import webhooks

    event = webhooks.unwrap(body, headers, secret)     # raises WebhookVerificationError

It judges the messages of every sender of that standard, not of this server alone. Nothing here needs more
than the standard library, but for `unwrap`, which makes a typed event.
"""

from __future__ import annotations

from importlib import import_module

from aimusicverse.errors import WebhookVerificationError
from aimusicverse.webhooks.signature import Webhook, sign, unwrap, verify

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aimusicverse.webhooks.explanation import Explanation, Finding, explain
    from aimusicverse.webhooks.replay import Claim, MemoryReplayStore, ReplayStore
    from aimusicverse.webhooks.replay_redis import RedisReplayStore
    from aimusicverse.webhooks.replay_sqlite import SQLiteReplayStore

#: Loaded on first use (PEP 562): who only judges messages does not pay for them.
_HOME = {
    "Claim": "replay",
    "Explanation": "explanation",
    "Finding": "explanation",
    "MemoryReplayStore": "replay",
    "RedisReplayStore": "replay_redis",
    "ReplayStore": "replay",
    "SQLiteReplayStore": "replay_sqlite",
    "explain": "explanation",
}

__all__ = [
    "Claim",
    "Explanation",
    "Finding",
    "MemoryReplayStore",
    "RedisReplayStore",
    "ReplayStore",
    "SQLiteReplayStore",
    "Webhook",
    "WebhookVerificationError",
    "explain",
    "sign",
    "unwrap",
    "verify",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = found
    return found
