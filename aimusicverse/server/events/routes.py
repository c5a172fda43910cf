"""`/events`: the log, and its stream by long poll."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import Query
from pydantic import BeforeValidator, Field, WithJsonSchema

from aimusicverse.server import long_poll, pages
from aimusicverse.server.call import Call
from aimusicverse.server.events import service
from aimusicverse.server.problems import Refusal
from aimusicverse.server.routing import Router
from aimusicverse.types import Event, EventPage, EventTrigger
from aimusicverse.types.base import AskedTimestamp

router: Final = Router("Events")

_MOST: Final = 2**63 - 1
_LATEST: Final = "latest"


def _none_for_the_latest(value: Any) -> Any:
    return None if value == _LATEST else value


#: A number; None is whichever is the latest.
_After = Annotated[
    Annotated[int, Field(ge=0, le=_MOST)] | None,
    BeforeValidator(_none_for_the_latest),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 0, "maximum": _MOST}, {"const": _LATEST}]}),
]


@router.get("/events", scope="webhooks:read", problems=("invalid_request",))
async def list_events(
    call: Call,
    after: Annotated[
        _After,
        Query(description="The last `seq` you have seen; or `latest`: only what happens from now on."),
    ] = 0,
    since: Annotated[AskedTimestamp | None, Query(description="Only what happened from then on.")] = None,
    type: Annotated[str | None, Query(max_length=60, description="Only of this type.")] = None,
    limit: pages.Limit = 100,
    wait: long_poll.Wait = 0,
) -> EventPage:
    """What happened after `after`, in the order of commits. With `wait`, the stream."""
    start = await call.read(service.last_seq) if after is None else after
    return await long_poll.until(
        call,
        service.topic(call.owner),
        wait,
        lambda: call.read(service.page, start, since, type, limit),
        lambda page: bool(page.data),
    )


@router.get("/events/{event_id}", scope="webhooks:read", problems=("event_not_found",))
async def get_event(event_id: str, call: Call) -> Event:
    """One event."""
    return await call.read(service.get, event_id)


@router.post("/events/trigger", scope="webhooks:write", status=201, problems=("test_key_needed",))
async def trigger_event(body: EventTrigger, call: Call) -> Event:
    """Make up an event, to try a receiver out. It is marked by `test: true`. For test keys only."""
    if call.principal.mode != "test":
        raise Refusal("test_key_needed")
    return await call.write(service.trigger, body)
