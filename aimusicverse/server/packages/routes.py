"""`/distributions/{id}/packages/{platform}`: what a person hands over himself."""

from __future__ import annotations

from typing import Final

from fastapi.responses import Response

from aimusicverse.server.call import Call
from aimusicverse.server.packages import service
from aimusicverse.server.routing import Router

router: Final = Router("Distributions")


@router.get(
    "/distributions/{distribution_id}/packages/{platform}",
    scope="distributions:read",
    problems=(
        "distribution_not_found",
        "package_not_found",
        "package_impossible",
        "package_busy",
        "storage_full",
    ),
    response_class=Response,
    responses={
        200: {
            "description": "A zip.",
            "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def get_distribution_package(distribution_id: str, platform: str, call: Call) -> Response:
    """The kit or package of a store, as a zip: for a person who hands it over himself, also while a store's
    own API is down. It is made of the release as it is now; nothing is sent.
    """
    wanted = await call.read(service.wanted, distribution_id, platform)
    return await call.services.packing.made(call, wanted)
