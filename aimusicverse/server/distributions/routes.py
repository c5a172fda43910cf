"""`/platforms`, `/distributions`: where a release may go, and what that costs. Nothing is sent yet."""

from __future__ import annotations

from typing import Final

from fastapi.responses import Response

from aimusicverse.server.call import Call
from aimusicverse.server.distributions import service
from aimusicverse.server.routing import Router
from aimusicverse.types import DistributionQuote, DistributionValidate, OutletList, Quote, ValidationReport

router: Final = Router("Distributions")

_JSON = "application/json"


@router.get("/platforms", scope="distributions:read")
async def list_platforms(call: Call) -> OutletList:
    """Stores and distributors: whether they take what a machine made, what they need, how a release gets
    there. From public pages, each with its source and date.
    """
    return service.platforms()


@router.post(
    "/distributions/validate",
    scope="distributions:read",
    problems=("track_not_found", "artwork_not_found", "artwork_not_ready"),
    response_model=ValidationReport,
)
async def validate_distribution(body: DistributionValidate, call: Call) -> Response:
    """Judge a release by every published rule of ours that concerns these stores. Nothing is sent or kept.

    A fault of the release is a finding, and no problem: the answer is 200. Of sound the rules know what was
    measured when the track came in; what needs the file itself (clipping, silence, ends) `amv release check`
    judges. The cover is the artwork `cover.artwork_id`, or else the one that the tracks have. The same
    `Idempotency-Key` is answered anew.
    """
    await call.ask()
    return Response(await call.services.judging.report(call, body), media_type=_JSON)


@router.post(
    "/distributions/quote",
    scope="distributions:read",
    problems=("track_not_found", "prices_unreadable"),
    response_model=Quote,
)
async def quote_distribution(body: DistributionQuote, call: Call) -> Response:
    """What it would cost to bring a release to stores by a distributor, by prices that were told in public.

    Sources that do not agree give a range; what is not verified says so. The same `Idempotency-Key` is
    answered anew.
    """
    await call.ask()
    return Response(await call.services.judging.quote(call, body), media_type=_JSON)
