"""How many messages may be on their way to each endpoint, so that none holds up the others.

An endpoint that answers quickly gets more at once, one by one; one that is slow gets half as many each time.
One that only fails gets a single try at a time while others are being served, and so does one that comes back
after an outage: what has gathered for it does not fall upon it all at once.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

#: Messages on their way at once: to one endpoint, and from this process.
MOST_TO_ONE: Final = 10
MOST: Final = 500
_AT_FIRST: Final = 4
_SLOW_SECONDS: Final = 1.0
#: So many failures in a row, and an endpoint gives way to others.
_FAILING: Final = 5
#: Others are being served when one was so lately.
_LATELY_SECONDS: Final = 1.0


@dataclass(slots=True)
class _Lane:
    busy: int = 0
    pace: int = _AT_FIRST
    failures: int = 0


class Lanes:
    """Of one process; what it has learnt is gone with it."""

    def __init__(self) -> None:
        self._lanes: dict[str, _Lane] = {}
        self._busy = 0
        self._served_at = float("-inf")

    @property
    def busy(self) -> int:
        """How many are on their way."""
        return self._busy

    def room(self, webhook_id: str, *, besides: int = 0) -> int:
        """How many more may go to an endpoint now, if `besides` others are about to begin."""
        lane = self._lanes.get(webhook_id) or _Lane()
        pace = lane.pace
        if lane.failures >= _FAILING and time.monotonic() - self._served_at < _LATELY_SECONDS:
            pace = 1
        return max(0, min(pace - lane.busy, MOST - self._busy - besides))

    def begin(self, webhook_id: str) -> None:
        """One is on its way."""
        self._lanes.setdefault(webhook_id, _Lane()).busy += 1
        self._busy += 1

    def end(self, webhook_id: str, *, succeeded: bool, seconds: float) -> None:
        """It has come back."""
        lane = self._lanes[webhook_id]
        lane.busy -= 1
        self._busy -= 1
        if seconds >= _SLOW_SECONDS:
            lane.pace = max(1, lane.pace // 2)
        elif succeeded:
            lane.pace = min(MOST_TO_ONE, lane.pace + 1)
        if succeeded:
            self._served_at = time.monotonic()
            lane.failures = 0
            if not lane.busy and lane.pace == MOST_TO_ONE:
                del self._lanes[webhook_id]  # nothing to remember
        else:
            lane.failures += 1
            if lane.failures == _FAILING:
                lane.pace = _AT_FIRST  # from where it goes on once it is back
