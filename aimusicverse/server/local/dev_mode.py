"""The parts that only a server in dev mode has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from aimusicverse.clock import ServerClock
from aimusicverse.server.local.faults import Faults
from aimusicverse.server.local.states import States


@dataclass(frozen=True, slots=True)
class DevMode:
    """A clock to move, faults to play, states to keep; and the one key that may."""

    key_id: str
    clock: ServerClock
    faults: Faults
    states: States
    wake: Callable[[], None]

    def advance(self, by: timedelta) -> None:
        """Move server time forward; what fell due begins at once."""
        self.clock.advance(by)
        self.wake()

    def reset(self) -> None:
        """As after the first start: no rows, no faults, real time."""
        self.faults.clear()
        self.states.reset()
