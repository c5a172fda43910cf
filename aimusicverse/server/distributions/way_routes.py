"""`/distributions`: releases on their way to stores: asked for, watched, edited, held, taken back."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import Query

from aimusicverse.server import long_poll, pages
from aimusicverse.server.call import Call, CallContext
from aimusicverse.server.distributions import acting, editing, reading, submitting, telling
from aimusicverse.server.distributions.states import Action
from aimusicverse.server.routing import Router
from aimusicverse.server.versions import IfMatch
from aimusicverse.types import (
    Distribution,
    DistributionAct,
    DistributionConfirm,
    DistributionCreate,
    DistributionEvent,
    DistributionUpdate,
    Page,
)
from aimusicverse.types.distribution import DeliveryStatus
from aimusicverse.types.distribution_request import Name

router: Final = Router("Distributions")

_PUBLISH: Final = "distributions:publish"
_ONE: Final = ("distribution_not_found",)
_SENDS: Final = ("live_key_needed", "track_not_found", "artwork_not_found", "artwork_not_ready")
_ACTS: Final = (*_ONE, "distribution_state", "live_key_needed")


@router.get("/distributions", scope="distributions:read", problems=("cursor_invalid", "invalid_request"))
async def list_distributions(
    call: Call,
    track_id: Annotated[str | None, Query(max_length=40, description="Only those with this track.")] = None,
    status: Annotated[DeliveryStatus | None, Query(description="Only those in this state.")] = None,
    platform: Annotated[Name | None, Query(description="Only those that go to this store.")] = None,
    mode: Annotated[Literal["sandbox", "live"] | None, Query(description="Only those of this mode.")] = None,
    limit: pages.Limit = 50,
    cursor: pages.Cursor = None,
) -> Page[Distribution]:
    """Distributions, newest first."""
    filters: dict[str, object] = {"track_id": track_id, "status": status, "platform": platform, "mode": mode}
    before = pages.opened(call, "distributions", filters, cursor)
    found = await call.read(reading.page, track_id, status, platform, mode, before, limit)
    return pages.page(call, "distributions", filters, found, limit)


@router.post(
    "/distributions",
    scope="distributions:write",
    status=201,
    problems=(*_SENDS, "release_refused", "platform_unreachable"),
)
async def create_distribution(body: DistributionCreate, call: Call) -> Distribution:
    """Bring a release to stores; with `draft`, keep it and send nothing. Whatever sends needs the scope
    `distributions:publish`.

    The answer comes at once; wait with `GET /distributions/{id}?wait=30`. A store whose rules the release
    breaks has it not: that delivery is `failed` with the rule (`docs_url`), and the others go on.
    """
    if not body.draft:
        call.principal.require(_PUBLISH)
    first = await call.answered(Distribution)
    if first is not None:
        return first
    asked = submitting.asked(body, call.principal)
    track_ids = dict(enumerate(asked.track_ids))
    judged = await call.services.judging.judged(
        call, asked.release, track_ids, asked.platforms, asked.via, by_rules=not body.draft
    )
    return await call.write(submitting.create, body, asked, judged)


@router.get("/distributions/{distribution_id}", scope="distributions:read", problems=_ONE)
async def get_distribution(
    distribution_id: str,
    call: Call,
    wait: long_poll.Wait = 0,
    until: Annotated[
        Literal["live"] | None,
        Query(description="`live`: with `wait`, go on waiting while a store holds it back until its date."),
    ] = None,
) -> Distribution:
    """One distribution. With `wait`, the answer comes when it is settled in all of its stores (live, failed,
    rejected, waiting for a person or for its date, cancelled, taken down) or the time is up."""
    return await long_poll.until(
        call,
        telling.topic(distribution_id),
        wait,
        lambda: call.read(reading.get, distribution_id),
        lambda found: reading.is_settled(found, until_live=until == "live"),
    )


@router.patch(
    "/distributions/{distribution_id}",
    scope="distributions:write",
    problems=(*_ACTS, *_SENDS, "version_conflict", "date_with_store", "platform_unreachable"),
)
async def update_distribution(
    distribution_id: str, body: DistributionUpdate, call: Call, if_match: IfMatch = None
) -> Distribution:
    """Change the release, its date, its cover or its stores. What is on its way goes on as it was sent:
    `POST …/retry` sends the edit. A date that the server waits for itself is moved at once. To add a store to
    what was submitted, or to move the date of what is on its way, takes the scope `distributions:publish`.
    """
    return await call.write(editing.update, call.principal, distribution_id, body, if_match)


@router.get(
    "/distributions/{distribution_id}/events",
    scope="distributions:read",
    problems=(*_ONE, "cursor_invalid", "invalid_request"),
)
async def list_distribution_events(
    distribution_id: str, call: Call, limit: pages.Limit = 50, cursor: pages.Cursor = None
) -> Page[DistributionEvent]:
    """The history of a distribution, oldest first."""
    name = f"distributions/{distribution_id}/events"
    after = pages.opened(call, name, {}, cursor)
    found = await call.read(reading.history, distribution_id, after, limit)
    return pages.marked_page(call, name, {}, found, [line.id for line in found], limit)


@router.post(
    "/distributions/{distribution_id}/submit", scope=_PUBLISH, problems=(*_ACTS, *_SENDS, "version_conflict")
)
async def submit_distribution(
    distribution_id: str, call: Call, body: DistributionAct | None = None
) -> Distribution:
    """Send a draft."""
    first = await call.answered(Distribution)
    if first is not None:
        return first
    draft = await call.read(reading.draft, distribution_id, [] if body is None else body.platforms)
    submitting.require_live(call.principal, draft.asked.mode)
    asked = draft.asked
    judged = await call.services.judging.judged(
        call, asked.release, dict(enumerate(asked.track_ids)), asked.platforms, asked.via, by_rules=True
    )
    return await call.write(submitting.submit, distribution_id, asked.platforms, draft.revision, judged)


@router.post("/distributions/{distribution_id}/retry", scope=_PUBLISH, problems=(*_ACTS, "nothing_changed"))
async def retry_distribution(
    distribution_id: str, call: Call, body: DistributionAct | None = None
) -> Distribution:
    """Try again what failed, was rejected or waits for you; or send what was edited since."""
    return await _act(call, Action.RETRY, distribution_id, body)


@router.post("/distributions/{distribution_id}/pause", scope="distributions:write", problems=_ACTS)
async def pause_distribution(
    distribution_id: str, call: Call, body: DistributionAct | None = None
) -> Distribution:
    """Hold it, until it is resumed. What a store has, and would release by itself, is held back there."""
    return await _act(call, Action.PAUSE, distribution_id, body)


@router.post("/distributions/{distribution_id}/resume", scope=_PUBLISH, problems=_ACTS)
async def resume_distribution(
    distribution_id: str, call: Call, body: DistributionAct | None = None
) -> Distribution:
    """Let go on what was paused. If its date has passed meanwhile, people hear it at once."""
    return await _act(call, Action.RESUME, distribution_id, body)


@router.post("/distributions/{distribution_id}/cancel", scope="distributions:write", problems=_ACTS)
async def cancel_distribution(
    distribution_id: str, call: Call, body: DistributionAct | None = None
) -> Distribution:
    """Give up what is not live yet. What a store has of it already is taken away there."""
    return await _act(call, Action.CANCEL, distribution_id, body)


@router.post("/distributions/{distribution_id}/takedown", scope=_PUBLISH, problems=_ACTS)
async def takedown_distribution(
    distribution_id: str, call: Call, body: DistributionAct | None = None
) -> Distribution:
    """Take it away from people."""
    return await _act(call, Action.TAKEDOWN, distribution_id, body)


@router.post("/distributions/{distribution_id}/confirm", scope=_PUBLISH, problems=_ACTS)
async def confirm_distribution(
    distribution_id: str, call: Call, body: DistributionConfirm | None = None
) -> Distribution:
    """Tell that a person did his step: handed a kit over, or looked in the store."""
    return await call.write(acting.confirm, call.principal, distribution_id, body or DistributionConfirm())


async def _act(
    call: CallContext, action: Action, distribution_id: str, body: DistributionAct | None
) -> Distribution:
    return await call.write(acting.act, call.principal, action, distribution_id, body or DistributionAct())
