"""`/generate`, `/generations`, `/engines`."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Path, Query

from aimusicverse.server import long_poll, pages
from aimusicverse.server.call import Call
from aimusicverse.server.generation import reworking, service
from aimusicverse.server.ready import Ready
from aimusicverse.server.routing import Router
from aimusicverse.types import EngineList, Generation, GenerationCreate, Page, Plan, SectionRegenerate
from aimusicverse.types.generation import GenerationStatus

router: Final = Router("Generation")


@router.post(
    "/generate",
    scope="generate:write",
    status=202,
    problems=("engine_unknown", "plan_refused", "track_not_found", "track_not_replayable"),
)
async def create_generation(body: GenerationCreate, call: Call) -> Generation:
    """Start making music. The answer comes at once; wait with `GET /generations/{id}?wait=30`."""
    return await call.write(service.create, body, call.services.engines)


@router.post(
    "/generate/plan",
    scope="generate:write",
    problems=("engine_unknown", "plan_refused", "track_not_found", "track_not_replayable"),
)
async def plan_generation(body: GenerationCreate, call: Call) -> Plan:
    """Say what would be made, and make nothing. Edit it and send it back as `plan`. Free."""
    return await call.write(service.plan, body, call.services.engines)


@router.get("/generations", scope="generate:read", problems=("cursor_invalid", "invalid_request"))
async def list_generations(
    call: Call,
    status: Annotated[GenerationStatus | None, Query(description="Only those in this state.")] = None,
    limit: pages.Limit = 50,
    cursor: pages.Cursor = None,
) -> Page[Generation]:
    """Generations, newest first."""
    filters: dict[str, object] = {"status": status}
    before = pages.opened(call, "generations", filters, cursor)
    found = await call.read(service.page, status, before, limit)
    return pages.page(call, "generations", filters, found, limit)


@router.get(
    "/generations/{generation_id}",
    scope="generate:read",
    problems=("generation_not_found",),
    response_model=Generation,
)
async def get_generation(generation_id: str, call: Call, wait: long_poll.Wait = 0) -> Ready:
    """One generation. With `wait`, the answer comes when its state is final or the time is up."""
    shown = await long_poll.until(
        call,
        service.topic(generation_id),
        wait,
        lambda: call.read(service.shown, generation_id, call.services.ready_generations),
        lambda shown: shown.is_final,
    )
    return shown.answer


@router.post(
    "/generations/{generation_id}/cancel",
    scope="generate:write",
    problems=("generation_not_found", "generation_final"),
)
async def cancel_generation(generation_id: str, call: Call) -> Generation:
    """Stop a generation. Variants that are finished stay."""
    return await call.write(service.cancel, generation_id)


@router.post(
    "/tracks/{track_id}/sections/{section}/regenerate",
    scope="generate:write",
    status=202,
    problems=("track_not_found", "track_not_replayable", "section_not_found"),
)
async def regenerate_section(
    track_id: str,
    section: Annotated[int, Path(description="Which one, counted from 0.")],
    call: Call,
    body: SectionRegenerate | None = None,
) -> Generation:
    """Play a section of a track anew. The track stays; a new one has its samples, but for that section.

    The answer comes at once, as that of `POST /generate` does."""
    wish = body or SectionRegenerate()
    return await call.write(reworking.regenerate, track_id, section, wish, call.services.engines)


@router.get("/engines", scope="generate:read")
async def list_engines(call: Call) -> EngineList:
    """The engines of this server; the first is the default."""
    return service.capabilities(call.services.engines)
