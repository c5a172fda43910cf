"""Events: what happened, in the order in which it was committed."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from aimusicverse.types.base import Answer, Timestamp


class Event(Answer):
    """Something that happened. `data` carries the object as it was then, with its URLs."""

    id: str
    seq: int = Field(description="Commit order: who has seen `seq` n has seen all before it.")
    type: str = Field(description="For example `generation.completed`.")
    timestamp: Timestamp
    data: dict[str, Any]


class EventPage(Answer):
    """A stretch of the event log. Go on with `after=last_seq`."""

    data: list[Event]
    last_seq: int = Field(description="The `seq` to pass as `after` next; unchanged if nothing is new.")
