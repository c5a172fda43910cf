"""`/metrics`, at the root, where Prometheus looks."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from aimusicverse.server.call import services_of
from aimusicverse.server.health import service as health
from aimusicverse.server.metrics import permission
from aimusicverse.server.routing import problem_responses
from aimusicverse.server.services import Services
from aimusicverse.server.store.errors import StoreError

router: Final = APIRouter(tags=["Service"])


@router.get(
    "/metrics",
    operation_id="metrics",
    response_class=PlainTextResponse,
    responses=problem_responses(("metrics_refused",)),
)
async def metrics(request: Request) -> Response:
    """What the process that answers measures, and what waits to be done, for Prometheus.

    For whoever has the token of the settings, or without one for this machine.
    """
    services = services_of(request)
    permission.require(request, services.settings)
    rows: health.Rows | None = None
    with suppress(StoreError):  # the metrics say so
        rows = await services.store.read(health.rows)
    body, kind = await asyncio.to_thread(_rendered, services, rows, request.headers.get("accept", ""))
    return Response(body, media_type=kind)


def _rendered(services: Services, rows: health.Rows | None, accept: str) -> tuple[bytes, str]:
    from aimusicverse.server.metrics.families import exposition  # its library takes a while to import

    services.usage.flush_if_possible()
    return exposition(services, rows, accept)
