"""One deadline for a whole call; what a single phase may take follows from it."""

from __future__ import annotations

import math
from time import monotonic
from typing import Self

#: Nobody who is there takes longer to pick up; beyond it another try is the better use of the time.
CONNECT_SECONDS = 15.0


class Deadline:
    """A moment in real time. Everything that a call does ends before it."""

    __slots__ = ("_at", "seconds", "silence")

    def __init__(self, seconds: float, *, silence: float = math.inf) -> None:
        self.seconds = seconds
        #: Seconds without a single byte that are too many, whatever is left.
        self.silence = silence
        self._at = monotonic() + seconds

    def left(self) -> float:
        """Seconds left; 0 when there are none."""
        return max(0.0, self._at - monotonic())

    @property
    def passed(self) -> bool:
        """Whether the time is up."""
        return self.left() <= 0.0


class SecondsLeft(float):
    """A timeout that knows its deadline.

    As a number it is what a phase had when it began. A network stream of ours asks `now()` before each
    read and write instead, because a phase of many small ones would outlast any number.
    """

    __slots__ = ("_ceiling", "_deadline")
    _deadline: Deadline
    _ceiling: float

    def __new__(cls, deadline: Deadline, ceiling: float) -> Self:
        """What is left until `deadline`, at most `ceiling`."""
        # 0 would mean "do not block" to a socket.
        made = super().__new__(cls, max(0.001, min(deadline.left(), ceiling)))
        made._deadline = deadline
        made._ceiling = ceiling
        return made

    def now(self) -> float | None:
        """Seconds for a read or write that begins now; 0 when there are none, None without an end."""
        seconds = min(self._deadline.left(), self._ceiling)
        return None if seconds == math.inf else seconds


class PhaseTimeouts(dict[str, float | None]):
    """What httpx hands to its transport as timeouts, worked out anew whenever a phase asks.

    A phase (pool, connect, write, read of the head, read of the body) that begins late gets only
    what is left then, so that their sum cannot exceed the deadline.
    """

    __slots__ = ("_deadline",)

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        # For a transport that copies the dict, and so does not ask again.
        usual = self._of("pool")
        super().__init__(connect=self._of("connect"), read=self._of("read"), write=usual, pool=usual)

    def get(self, phase: str, default: object = None) -> float | None:
        """The timeout of a phase that begins now."""
        return self._of(phase)

    def __getitem__(self, phase: str) -> float | None:
        return self._of(phase)

    def _of(self, phase: str) -> float | None:
        ceiling = math.inf
        if phase == "connect":
            ceiling = CONNECT_SECONDS
        elif phase == "read":
            ceiling = self._deadline.silence
        timeout = SecondsLeft(self._deadline, ceiling)
        return None if timeout == math.inf else timeout
