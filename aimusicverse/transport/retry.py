"""Whether to try again, and when. A pure policy: no clock, no sleep, no I/O."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC

#: Answers that another try may change. 409 is among them for one code only.
RETRIED_STATUSES = frozenset({408, 429, 500, 502, 503, 504})
STILL_RUNNING = "idempotency_in_progress"

_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try ended.

    Attributes:
        status: of the answer; None when none arrived that could be used.
        code: of the problem in the answer.
        retry_after: the header as it was sent.
        repeatable: whether another try is free of harm.
    """

    status: int | None
    code: str | None = None
    retry_after: str | None = None
    repeatable: bool = True

    @property
    def is_passing(self) -> bool:
        """Whether another try may end otherwise."""
        if self.status == 409:
            return self.code == STILL_RUNNING
        return self.status is None or self.status in RETRIED_STATUSES


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Exponential backoff with full jitter (a random part of 0.5, 1, 2, 4, 8, 8… seconds).

    A `Retry-After` is waited out in full, with up to a tenth more so that those who were sent away
    together do not come back together.
    """

    retries: int = 2
    base: float = 0.5
    ceiling: float = 8.0

    def delay(
        self,
        attempt: int,
        outcome: Outcome,
        left: float,
        *,
        now: float = 0.0,
        chance: Callable[[], float] = random.random,
    ) -> float | None:
        """Seconds to wait before the next try; None to stop.

        Args:
            attempt: how many tries there were, from 1.
            outcome: of the last of them.
            left: seconds until the deadline. A wait that would not end before it is not begun.
            now: unix seconds, to which a `Retry-After` with a date is compared.
            chance: 0 ≤ x < 1.
        """
        if attempt > self.retries or not outcome.repeatable or not outcome.is_passing:
            return None
        asked = retry_after_seconds(outcome.retry_after, now=now)
        if asked is None:
            # 2.0 ** 1024 overflows; the ceiling is reached long before.
            wait = chance() * min(self.ceiling, self.base * 2.0 ** min(attempt - 1, 60))
        else:
            wait = asked + chance() * min(asked * 0.1, max(0.0, left - asked))
        return wait if wait < left else None


def retry_after_seconds(header: str | None, *, now: float) -> float | None:
    """`Retry-After` in either of its forms (RFC 9110, section 10.2.3) as seconds; None when it is neither."""
    if header is None:
        return None
    text = header.strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    from email.utils import parsedate_to_datetime  # rarely needed, and slow to load

    try:
        at = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    # Without a zone it is GMT: HTTP knows no other.
    moment = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, moment.timestamp() - now)
