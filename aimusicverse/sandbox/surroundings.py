"""What all stand-in stores share: their memory, their orders, and the clock by which they review."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from aimusicverse.sandbox.orders import Orders
from aimusicverse.sandbox.state import State


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Of one sandbox.

    Args:
        folder: where its files are: `sandbox.db`, inboxes, what was uploaded.
        now: server time, UTC; it can be moved.
        review: how long a store looks at a release before it is taken.
        url: under which the stores answer, without a slash at the end; `""` where they do not.
    """

    folder: Path
    now: Callable[[], datetime]
    review: timedelta
    url: str
    state: State
    orders: Orders
