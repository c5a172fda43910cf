"""The parts that only a server in dev mode has."""

from __future__ import annotations

from dataclasses import dataclass

from aimusicverse.server.local.faults import Faults
from aimusicverse.server.local.states import States
from aimusicverse.server.store.base import Store


@dataclass(frozen=True, slots=True)
class DevMode:
    """A clock to move, which the store keeps; faults to play, states to keep; and the one key that may."""

    key_id: str
    store: Store
    faults: Faults
    states: States

    def reset(self) -> None:
        """As after the first start: no rows, no faults, real time."""
        self.faults.clear()
        self.states.reset()
