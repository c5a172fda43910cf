"""`/distributions`: whether a release may go where it is to go, and what that costs. Nothing is sent yet."""

from __future__ import annotations

from typing import Final

from fastapi.responses import Response

from aimusicverse.server.call import Call
from aimusicverse.server.routing import Router
from aimusicverse.types import DistributionQuote, DistributionValidate, Quote, ValidationReport

router: Final = Router("Distributions")

_JSON = "application/json"


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
