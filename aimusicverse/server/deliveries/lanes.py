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

#: Messages on their way at once: to one endpoint, to all that are slow, and from this process. However many
#: there are that hang, there is room for those that do not.
MOST_TO_ONE: Final = 10
MOST_TO_SLOW: Final = 300
MOST: Final = 500
#: Endpoints of which something is remembered.
MOST_REMEMBERED: Final = 5_000
_AT_FIRST: Final = 4
_SLOW_SECONDS: Final = 1.0
#: So many failures in a row, and an endpoint gives way to others.
_FAILING: Final = 5
#: Others are being served when one was so lately; then those that fail have a try each so often. A try is a
#: few milliseconds of this process, in which others wait: hardly one in a hundred of them is to meet one.
_LATELY_SECONDS: Final = 1.0
_BETWEEN_TRIES_SECONDS: Final = 0.5


@dataclass(slots=True)
class _Lane:
    busy: int = 0
    pace: int = _AT_FIRST
    failures: int = 0
    slow: bool = False
    begun_at: float = 0.0

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
        self._busy_with_slow = 0
        self._served_at = float("-inf")
        self._failing_begun_at = float("-inf")

    def __len__(self) -> int:
        """Of how many endpoints something is remembered."""
        return len(self._lanes)

    def plan(self, ready: Sequence[str]) -> Plan:
        """Share out what may be sent now among endpoints for which something is due. Changes nothing."""
        now = time.monotonic()
        lanes = [(webhook_id, self._lanes.get(webhook_id) or _Lane()) for webhook_id in ready]
        lanes.sort(key=lambda found: found[1].begun_at)  # who has waited longest is first
        rooms = [(webhook_id, lane, lane.pace - lane.busy) for webhook_id, lane in lanes if not lane.failing]
        failing = [(webhook_id, lane) for webhook_id, lane in lanes if lane.failing]
        again_in = None
        if failing and now - self._served_at < _LATELY_SECONDS:
            wait = self._failing_begun_at + _BETWEEN_TRIES_SECONDS - now
            again_in = max(wait, _BETWEEN_TRIES_SECONDS / 2)
            if wait <= 0:
                rooms += [(webhook_id, lane, 1) for webhook_id, lane in failing if not lane.busy][:1]
        else:
            rooms += [(webhook_id, lane, lane.pace - lane.busy) for webhook_id, lane in failing]
        return Plan(self._shared_out(rooms), again_in)

    def begin(self, webhook_id: str) -> None:
        """One is on its way."""
        lane = self._lanes.get(webhook_id)
        if lane is None:
            if len(self._lanes) >= MOST_REMEMBERED:
                self._forget_one()
            lane = self._lanes[webhook_id] = _Lane()
        lane.busy += 1
        self._busy += 1
        self._busy_with_slow += lane.slow
        lane.begun_at = time.monotonic()
        if lane.failing:
            self._failing_begun_at = lane.begun_at

    def end(self, webhook_id: str, *, succeeded: bool, seconds: float) -> None:
        """It has come back."""
        lane = self._lanes[webhook_id]
        self._busy -= 1
        self._busy_with_slow -= lane.busy * lane.slow
        lane.busy -= 1
        lane.slow = seconds >= _SLOW_SECONDS
        self._busy_with_slow += lane.busy * lane.slow
        if lane.slow:
            lane.pace = max(1, lane.pace // 2)
        elif succeeded:
            lane.pace = min(MOST_TO_ONE, lane.pace + 1)
        if succeeded:
            self._served_at = time.monotonic()
            lane.failures = 0
        else:
            lane.failures += 1
            if lane.failing:
                lane.pace = min(lane.pace, _AT_FIRST)  # from where it goes on once it is back

    def _shared_out(self, rooms: Sequence[tuple[str, _Lane, int]]) -> list[tuple[str, int]]:
        left, left_to_slow = MOST - self._busy, MOST_TO_SLOW - self._busy_with_slow
        shares = []
        for webhook_id, lane, room in rooms:
            share = min(room, left, left_to_slow if lane.slow else left)
            if share > 0:
                shares.append((webhook_id, share))
                left -= share
                left_to_slow -= share * lane.slow
        return shares

    def _forget_one(self) -> None:
        """One that is idle, rather one that is well: it begins with few the next time, and that is enough."""
        idle = [webhook_id for webhook_id, lane in self._lanes.items() if not lane.busy]
        well = (webhook_id for webhook_id in idle if not self._lanes[webhook_id].failures)
        if idle:
            del self._lanes[next(well, idle[0])]
