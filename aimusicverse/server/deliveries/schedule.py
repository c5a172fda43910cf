"""When a delivery is tried again."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from aimusicverse.webhooks.message import FAST

#: Seconds between one try and the next, by an endpoint's `retry_schedule`.
DELAYS: Final[Mapping[str, tuple[int, ...]]] = {
    "fast": FAST,
    "extended": (*FAST, 300, 1_800, 7_200, 28_800, 86_400),
}
#: A part of the delay, so that what failed together does not come back together.
JITTER: Final = 0.1
#: Of what `Retry-After` asks for, so much is granted.
LONGEST_ASKED: Final = 60.0


def delay(
    retry_schedule: str, tries: int, *, asked: float | None = None, luck: float | None = None
) -> timedelta | None:
    """How long to wait after the `tries`-th try failed; None when it was the last one.

    Args:
        retry_schedule: the endpoint's. One that is not known here is `fast`.
        tries: how many there were, from 1 on.
        asked: what the answer's `Retry-After` says, in seconds.
        luck: 0 to 1, where within the jitter; by chance by default.
    """
    delays = DELAYS.get(retry_schedule, FAST)
    if tries > len(delays):
        return None
    luck = random.random() if luck is None else luck  # noqa: S311 - no secret
    wait = delays[tries - 1] * (1 + JITTER * luck)
    return timedelta(seconds=max(wait, min(asked or 0.0, LONGEST_ASKED)))


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds of a `Retry-After` (RFC 9110, section 10.2.3), as a number or as a date; None for nonsense."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    if moment.tzinfo is None:  # as in the oldest of the three forms (section 5.6.7): all are of GMT
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
