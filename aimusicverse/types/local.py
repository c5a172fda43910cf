"""What only a local server in dev mode has: a clock to move, faults to play, states to keep."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from aimusicverse.types.base import Answer, Timestamp
from aimusicverse.types.request import Request


class Fault(Request):
    """What the next calls to a route get instead of, or around, their answer.

    With `delay_seconds` alone the answer comes late. The others exclude each other.
    """

    route: Annotated[str, Field(pattern=r"^(\*|[A-Z]+) /", max_length=200)] = Field(
        description="Method and path below `/api/v1`: `GET /tracks/{id}`, `POST /generate`, `* /*`."
    )
    times: Annotated[int, Field(ge=1, le=10_000)] = 1
    delay_seconds: Annotated[float, Field(ge=0, le=600)] = 0
    status: Annotated[int, Field(ge=400, le=599)] | None = Field(
        default=None, description="Answer with this status, and do nothing."
    )
    retry_after: str | None = Field(
        default=None, max_length=100, description="`Retry-After` of that answer: seconds or an HTTP date."
    )
    drop: Literal["before", "after"] | None = Field(
        default=None, description="Reset the connection: before anything is done, or once it is done."
    )
    cut_body_after: Annotated[int, Field(ge=0)] | None = Field(
        default=None, description="Do it, send so many bytes of the answer's body, then reset the connection."
    )
    garbage: bool = Field(default=False, description="Do it, and answer 200 with bytes that are no JSON.")

    @model_validator(mode="after")
    def _one_thing(self) -> Fault:
        asked = (
            self.status is not None,
            self.drop is not None,
            self.cut_body_after is not None,
            self.garbage,
        )
        if sum(asked) > 1:
            raise ValueError("a fault is one of: status, drop, cut_body_after, garbage")
        if not any(asked) and not self.delay_seconds:
            raise ValueError("a fault needs delay_seconds, status, drop, cut_body_after or garbage")
        if self.retry_after is not None and self.status is None:
            raise ValueError("retry_after goes with status")
        return self


class LocalClock(Answer):
    """Server time, and how far it is ahead of real time."""

    now: Timestamp
    offset_seconds: float


class ClockAdvance(Request):
    """Move server time forward. What falls due on the way happens in order."""

    seconds: Annotated[float, Field(ge=0, le=100 * 366 * 24 * 3600)]


class Snapshot(Answer):
    """A state that was kept."""

    id: str


class Received(Answer):
    """What an upload brought, as the server counted it."""

    size_bytes: int
    sha256: str
