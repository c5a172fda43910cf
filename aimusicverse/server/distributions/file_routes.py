"""`/distributions/export`, `/distributions/import`: all distributions as a file."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import Query, Request
from fastapi.responses import StreamingResponse

from aimusicverse.server.call import Call
from aimusicverse.server.distributions import exporting
from aimusicverse.server.distributions.export_queries import Wish
from aimusicverse.server.distributions.exporting import ExportFormat
from aimusicverse.server.routing import Router
from aimusicverse.types import DistributionExport, DistributionImport
from aimusicverse.types.distribution import DeliveryStatus
from aimusicverse.types.distribution_request import Name

router: Final = Router("Distributions")

_CSV: Final = {"schema": {"type": "string", "description": "RFC 4180, UTF-8: a row for each store."}}
_JSON: Final = {"schema": {"$ref": f"#/components/schemas/{DistributionExport.__name__}"}}


@router.get(
    "/distributions/export",
    scope="distributions:read",
    response_class=StreamingResponse,
    responses={
        200: {
            "model": DistributionExport,
            "description": "The file.",
            "content": {"application/json": _JSON, "text/csv": _CSV},
        }
    },
)
async def export_distributions(
    call: Call,
    format: Annotated[ExportFormat, Query(description="Of the file.")] = "json",
    track_id: Annotated[str | None, Query(max_length=40, description="Only those with this track.")] = None,
    status: Annotated[DeliveryStatus | None, Query(description="Only those in this state.")] = None,
    platform: Annotated[Name | None, Query(description="Only those that go to this store.")] = None,
    mode: Annotated[Literal["sandbox", "live"] | None, Query(description="Only those of this mode.")] = None,
) -> StreamingResponse:
    """All that the server knows of your distributions, as a file, the oldest first; `import` takes it back,
    here or on another server. Recordings and pictures are not in it, nor accounts with stores.
    """
    wish = Wish(track_id, status, platform, mode)
    return StreamingResponse(
        exporting.exported(call, wish, format),
        media_type=exporting.MEDIA_TYPES[format],
        headers={
            "Content-Disposition": f'attachment; filename="distributions.{format}"',
            "Cache-Control": "no-store",
        },
    )


@router.post(
    "/distributions/import",
    scope="distributions:write",
    problems=("live_key_needed", "upload_too_large", "file_truncated", "idempotency_in_progress"),
    streamed={
        "required": True,
        "description": "An export, up to 64 MiB.",
        "content": {"application/json": _JSON, "text/csv": _CSV},
    },
)
async def import_distributions(call: Call, request: Request) -> DistributionImport:
    """Take an export in: all of it, or nothing. Nothing is sent, and nobody is told.

    What ended stays as it was: live, failed, rejected. What was on its way is paused until you resume it.
    Distributions that you have already, by their ids, are left as they are: a file may come again. Live ones
    need a live key.
    """
    return await call.services.distribution_imports.take(call, request)
