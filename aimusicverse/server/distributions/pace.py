"""How long to wait: between looks at a store, and between tries of what did not work."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Final

#: Seconds between looks; the last one repeats. A stand-in's review is over within seconds.
_LOOKS: Final = {"sandbox": (1, 2, 2, 3, 4), "live": (5, 10, 20, 40, 60, 120, 300, 900)}
#: Seconds after a try that failed; then it is given up.
RETRIES: Final = (1, 4, 15, 60, 240, 900)
#: At most so much of a pause is added by chance, so that not all come back at once.
_JITTER: Final = 0.1
#: Between looks at what is live, and at what waits for its date.
SELDOM: Final = timedelta(hours=6)
#: An allowance that is used up, where the store does not say until when.
QUOTA: Final = timedelta(hours=1)
#: Between looks at a cover that is drawn.
ARTWORK: Final = timedelta(seconds=1)
#: A store that answers no look for so long is given up.
SILENCE: Final = timedelta(hours=24)


def look(mode: str, looks: int) -> timedelta:
    """Until the next look, after so many."""
    pauses = _LOOKS["live" if mode == "live" else "sandbox"]
    return timedelta(seconds=pauses[min(looks, len(pauses) - 1)])


def after_failure(failures: int) -> timedelta:
    """Until the next try, after so many failures in a row (1 is the first)."""
    seconds = RETRIES[min(failures, len(RETRIES)) - 1]
    return timedelta(seconds=seconds * (1 + random.random() * _JITTER))  # noqa: S311


def no_sooner(due: datetime, now: datetime, retry_after: timedelta | None, at: datetime | None) -> datetime:
    """`due`, or as late as the store asks."""
    wished = [due, *([now + retry_after] if retry_after else []), *([at] if at else [])]
    return max(wished)
