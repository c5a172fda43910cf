"""`/events`: the log, and its stream by long poll."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Query

from aimusicverse.server import long_poll, pages
from aimusicverse.server.call import Call
from aimusicverse.server.events import service
from aimusicverse.server.problems import Refusal
from aimusicverse.server.routing import Router
from aimusicverse.types import Event, EventPage, EventTrigger

router: Final = Router("Events")


@router.get("/events", scope="webhooks:read", problems=("invalid_request",))
async def list_events(
    call: Call,
    after: Annotated[int, Query(ge=0, le=2**63 - 1, description="The last `seq` you have seen.")] = 0,
    type: Annotated[str | None, Query(max_length=60, description="Only of this type.")] = None,
    limit: pages.Limit = 100,
    wait: long_poll.Wait = 0,
) -> EventPage:
    """What happened after `after`, in the order of commits. With `wait`, the stream."""
    return await long_poll.until(
        call,
        service.topic(call.owner),
        wait,
        lambda: call.read(service.page, after, type, limit),
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
