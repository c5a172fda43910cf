"""What is known of one exchange while it goes on. The context takes it through aiohttp to the connection."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Literal

from aimusicverse.egress.line import Line
from aimusicverse.egress.urls import Target

Stage = Literal["lookup", "connect", "answer"]


class Exchange:
    """One request and its answer.

    Attributes:
        target: where it goes.
        read_at_most: bytes.
        stage: what is waited for.
        vetted: the addresses that may be connected to.
        line: the connection, once there is one.
        again: it failed on a kept one, and gets a new one.
    """

    __slots__ = ("again", "line", "read_at_most", "stage", "target", "vetted")

    def __init__(self, target: Target, read_at_most: int) -> None:
        self.target = target
        self.read_at_most = read_at_most
        self.stage: Stage = "lookup"
        self.vetted: tuple[str, ...] = () if target.address is None else (target.host,)
        self.line: Line | None = None
        self.again = False

    def take(self, line: Line) -> None:
        """This is the connection."""
        self.line = line
        self.stage = "answer"
        line.take(self, self.read_at_most)

    def begin_again(self) -> None:
        """Drop the connection, and take a new one."""
        self.leave(keep=False)
        self.again = True
        self.stage = "lookup"

    def leave(self, *, keep: bool) -> None:
        """It is over, well or badly."""
        if self.line is not None:
            self.line.leave(self, keep=keep)

    @property
    def flooded(self) -> bool:
        """More came than was asked for."""
        return self.line is not None and self.line.flooded

    @property
    def garbled(self) -> bool:
        """What came is not HTTP."""
        return self.line is not None and self.line.garbled

    @property
    def closed_unused(self) -> bool:
        """Whether it failed on a kept connection from which nothing came: it was being closed just then."""
        line = self.line
        return line is not None and line.used > 1 and line.silent and not (line.flooded or self.again)


CURRENT: ContextVar[Exchange] = ContextVar("CURRENT")
