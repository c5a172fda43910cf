"""What somebody is told who has called too often: which limit it is, and when the next call passes."""

from __future__ import annotations

import math
from typing import Final

from aimusicverse.server.problems import Refusal
from aimusicverse.server.security.limits.limiter import Period, Verdict

_CODES: Final[dict[Period, str]] = {"hour": "rate_limited", "day": "quota_exceeded"}


def of_user(verdict: Verdict, upgrade_url: str) -> Refusal:
    """No call is left in one of a user's buckets.

    Args:
        verdict: of the limiter.
        upgrade_url: where to read how to get more.
    """
    period = verdict.limit or "hour"
    return Refusal(
        _CODES[period],
        f"All {verdict.calls:,} calls of the {period} are used, those of all your keys together. "
        f"The next one passes in {_duration(verdict)}.",
        headers=_retry_after(verdict),
        upgrade_url=upgrade_url,
    )


def of_address(verdict: Verdict) -> Refusal:
    """Too many calls without a key came from an address."""
    return Refusal(
        "rate_limited",
        f"All {verdict.calls:,} calls an hour that may come from your address without an API key are used. "
        f"Send a key, or wait {_duration(verdict)}.",
        headers=_retry_after(verdict),
    )


def of_wrong_keys(verdict: Verdict) -> Refusal:
    """Too many wrong keys came from an address; this one was not looked at."""
    return Refusal(
        "rate_limited",
        "Too many wrong API keys came from your address, so that this one was not looked at. "
        f"Wait {_duration(verdict)}.",
        headers=_retry_after(verdict),
    )


def _seconds(verdict: Verdict) -> int:
    return max(1, math.ceil(verdict.wait - 0.001))


def _retry_after(verdict: Verdict) -> dict[str, str]:
    return {"Retry-After": str(_seconds(verdict))}


def _duration(verdict: Verdict) -> str:
    seconds = _seconds(verdict)
    return f"{seconds} s" if seconds <= 300 else f"{math.ceil(seconds / 60)} min"
