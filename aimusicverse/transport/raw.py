"""The answer behind a result."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class RawResponse(Generic[T_co]):
    """A result, and the answer that it was read from; the last one, where a method asks several times.

    Attributes:
        status: the HTTP status.
        headers: the answer's headers, names in lower case.
        request_id: what to tell whoever runs the server.
        parsed: what the method returns.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    request_id: str | None
    parsed: T_co


class Record:
    """Notes the last answer to the calls of one task or thread."""

    __slots__ = ("headers", "status")

    def __init__(self) -> None:
        self.status: int = 0
        self.headers: Mapping[str, str] = {}

    def response(self, parsed: T) -> RawResponse[T]:
        """What was noted, with what became of it."""
        shown = {name.lower(): value for name, value in self.headers.items()}
        return RawResponse(self.status, shown, shown.get("x-request-id"), parsed)


#: The record of whoever asked for the raw answer, in this task or thread.
recording: ContextVar[Record | None] = ContextVar("aimusicverse.recording", default=None)
