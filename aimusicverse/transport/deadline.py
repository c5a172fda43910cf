"""One deadline for a whole call; what a single phase may take follows from it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _collections_abc import dict_keys

#: Nobody who is there takes longer to pick up; beyond it another try is the better use of the time.
CONNECT_SECONDS = 15.0


class Deadline:
    """A moment in real time. Everything that a call does ends before it."""

    __slots__ = ("_at", "seconds", "silence")

    def __init__(self, seconds: float, *, silence: float = math.inf) -> None:
        self.seconds: float = seconds
        #: Seconds without a single byte that are too many, whatever is left.
        self.silence: float = silence
        self._at = monotonic() + seconds

    def left(self) -> float:
        """Seconds left; 0 when there are none."""
        seconds = self._at - monotonic()
        return seconds if seconds > 0.0 else 0.0

    @property
    def passed(self) -> bool:
        """Whether the time is up."""
        return self.left() <= 0.0


class SecondsLeft(float):
    """A timeout that knows its deadline.

    As a number it is what a phase had when it began. A network stream of ours asks `now()` before each
    read and write instead, because a phase of many small ones would outlast any number.
    """

    __slots__ = ("ceiling", "deadline")
    deadline: Deadline
    #: Seconds that are too many for one step, whatever is left.
    ceiling: float

    def now(self) -> float:
        """Seconds for a read or write that begins now; 0 when there are none."""
        return min(self.deadline.left(), self.ceiling)


class PhaseTimeouts(dict[str, float | None]):
    """What httpx hands to its transport as timeouts, worked out anew whenever a phase asks.

    A phase (pool, connect, write, read of the head, read of the body) that begins late gets only
    what is left then, so that their sum cannot exceed the deadline. Nothing is kept: whoever copies it
    asks for each.
    """

    __slots__ = ("_deadline",)

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline

    @property
    def silence(self) -> float:
        """Seconds without a single byte that are too many; the same for all phases and tries."""
        return self._deadline.silence

    def get(self, phase: str, default: object = None) -> float | None:
        """The timeout of a phase that begins now."""
        return self[phase]

    def __getitem__(self, phase: str) -> float | None:
        deadline = self._deadline
        ceiling = CONNECT_SECONDS if phase == "connect" else deadline.silence if phase == "read" else math.inf
        seconds = min(deadline.left(), ceiling)
        if seconds == math.inf:
            return None
        timeout = SecondsLeft(seconds if seconds > 0.001 else 0.001)  # 0 would mean "do not block"
        timeout.deadline = deadline
        timeout.ceiling = ceiling
        return timeout

    def keys(self) -> dict_keys[str, float | None]:
        """The phases."""
        return _PHASES.keys()

    def __iter__(self) -> Iterator[str]:
        return iter(_PHASES)

    def __len__(self) -> int:
        return len(_PHASES)


_PHASES: dict[str, float | None] = dict.fromkeys(("connect", "read", "write", "pool"))
