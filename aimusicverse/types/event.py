"""Events: what happened, in the order in which it was committed."""

from __future__ import annotations

from typing import Any, Final

from pydantic import Field

from aimusicverse.types.base import Answer, Timestamp

#: Everything that can happen. Of a later server there may be more.
EVENT_TYPES: Final = (
    "generation.started",
    "generation.progress",
    "generation.completed",
    "generation.failed",
    "generation.cancelled",
    "track.created",
    "track.updated",
    "track.deleted",
    "playlist.updated",
    "distribution.submitted",
    "distribution.scheduled",
    "distribution.updated",
    "distribution.live",
    "distribution.failed",
    "distribution.rejected",
    "distribution.action_required",
    "endpoint.test",
    "endpoint.failing",
    "endpoint.disabled",
    "api_key.rotation_due",
    "api_key.suspended",
    "alert.raised",
    "alert.cleared",
)


class Event(Answer):
    """Something that happened. `data` carries the object as it was then, with its URLs."""

    id: str
    seq: int = Field(description="Commit order: who has seen `seq` n has seen all before it.")
    type: str = Field(description="For example `generation.completed`.")
    timestamp: Timestamp
    data: dict[str, Any]
    test: bool = Field(default=False, description="True: it only was triggered to try something out.")


class EventPage(Answer):
    """A stretch of the event log. Go on with `after=last_seq`."""

    data: list[Event]
    last_seq: int = Field(description="The `seq` to pass as `after` next; unchanged if nothing is new.")
