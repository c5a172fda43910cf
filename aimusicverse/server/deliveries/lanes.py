"""How many messages may be on their way to each endpoint, so that none holds up the others.

An endpoint that answers quickly gets more at once, one by one; one that is slow gets half as many each time.
Those that only fail give way: while others are being served, they get one try at a time, all of them
together, and not more than some a second. One that comes back after an outage begins with few again, so that
what has gathered for it does not fall upon it all at once.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

#: Messages on their way at once: to one endpoint, and from this process.
MOST_TO_ONE: Final = 10
MOST: Final = 500
_AT_FIRST: Final = 4
_SLOW_SECONDS: Final = 1.0
#: So many failures in a row, and an endpoint gives way to others.
_FAILING: Final = 5
#: Others are being served when one was so lately; then those that fail have a try each so often.
_LATELY_SECONDS: Final = 1.0
_BETWEEN_TRIES_SECONDS: Final = 0.1


@dataclass(slots=True)
class _Lane:
    busy: int = 0
    pace: int = _AT_FIRST
    failures: int = 0
    tried_at: float = 0.0

    @property
    def failing(self) -> bool:
        return self.failures >= _FAILING


class Plan(NamedTuple):
    """Who may get how many now; and when to look again for those that had to give way, in seconds."""

    shares: list[tuple[str, int]]
    again_in: float | None


class Lanes:
    """Of one process; what it has learnt is gone with it."""

    def __init__(self) -> None:
        self._lanes: dict[str, _Lane] = {}
        self._busy = 0
        self._served_at = float("-inf")
        self._failing_tried_at = float("-inf")

    def plan(self, ready: Sequence[str]) -> Plan:
        """Share out what may be sent now among endpoints for which something is due. Changes nothing."""
        now = time.monotonic()
        lanes = [(webhook_id, self._lanes.get(webhook_id) or _Lane()) for webhook_id in ready]
        well = [(webhook_id, lane) for webhook_id, lane in lanes if not lane.failing]
        failing = sorted(
            ((webhook_id, lane) for webhook_id, lane in lanes if lane.failing),
            key=lambda found: found[1].tried_at,
        )
        left = MOST - self._busy
        shares: list[tuple[str, int]] = []
        again_in = None
        if failing and now - self._served_at < _LATELY_SECONDS:
            again_in = self._failing_tried_at + _BETWEEN_TRIES_SECONDS - now
            free = [(webhook_id, 1) for webhook_id, lane in failing if not lane.busy]
            failing_shares = free[:1] if again_in <= 0 else []
            again_in = max(again_in, _BETWEEN_TRIES_SECONDS / 2)
        else:
            failing_shares = [(webhook_id, lane.pace - lane.busy) for webhook_id, lane in failing]
        for webhook_id, room in [*((one, lane.pace - lane.busy) for one, lane in well), *failing_shares]:
            if share := max(0, min(room, left)):
                shares.append((webhook_id, share))
                left -= share
        return Plan(shares, again_in)

    def begin(self, webhook_id: str) -> None:
        """One is on its way."""
        lane = self._lanes.setdefault(webhook_id, _Lane())
        lane.busy += 1
        self._busy += 1
        lane.tried_at = time.monotonic()
        if lane.failing:
            self._failing_tried_at = lane.tried_at

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
            if lane.failing:
                lane.pace = min(lane.pace, _AT_FIRST)  # from where it goes on once it is back
