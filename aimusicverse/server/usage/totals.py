"""What a process has answered since it began."""

from __future__ import annotations

import threading
from typing import Final, NamedTuple

from aimusicverse.server.usage.tally import Counts, Taken


class Route(NamedTuple):
    """Requests of one kind, whoever asked."""

    route: str
    method: str
    status: int


class Totals:
    """Counts by route, method and status: nothing of users, and no more kinds than the API has."""

    def __init__(self) -> None:
        self._lock: Final = threading.Lock()
        self._counts: dict[Route, Counts] = {}

    def add(self, part: Taken) -> None:
        """Add what was counted."""
        with self._lock:
            for _, kind, counts in part:
                route = Route(kind.route, kind.method, kind.status)
                known = self._counts.get(route)
                if known is None:
                    self._counts[route] = counts.copy()
                else:
                    for place, count in enumerate(counts):
                        known[place] += count

    def all(self) -> dict[Route, Counts]:
        """As they are now."""
        with self._lock:
            return {route: counts.copy() for route, counts in self._counts.items()}
