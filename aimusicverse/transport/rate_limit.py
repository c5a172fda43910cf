"""What the server said about how often it may be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class RateLimit:
    """The hourly allowance of the key's owner, all keys together.

    Attributes:
        limit: calls it holds when full.
        remaining: calls left in it.
        reset_at: when it is full again.
    """

    limit: int
    remaining: int
    reset_at: datetime


def rate_limit_of(headers: Mapping[str, str]) -> RateLimit | None:
    """The allowance that an answer's `X-RateLimit-*` headers speak of; None when they do not."""
    try:
        return RateLimit(
            limit=int(headers["x-ratelimit-limit"]),
            remaining=int(headers["x-ratelimit-remaining"]),
            reset_at=datetime.fromtimestamp(float(headers["x-ratelimit-reset"]), UTC),
        )
    except (KeyError, ValueError, OverflowError, OSError):
        return None
