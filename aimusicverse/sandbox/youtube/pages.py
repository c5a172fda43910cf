"""Lists, page by page, and the parts of what is in them."""

from __future__ import annotations

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse

from aimusicverse.sandbox.youtube.errors import GoogleError

_MOST: Final = 50


def parts_of(request: Request) -> list[str]:
    """Which parts are asked for.

    Raises:
        GoogleError: none.
    """
    parts = [part.strip() for part in request.query_params.get("part", "").split(",") if part.strip()]
    if not parts:
        raise GoogleError(400, "required", "Required parameter: part", domain="global", location="part")
    return parts


def some_of(request: Request, kind: str, found: list[dict[str, Any]]) -> JSONResponse:
    """One page of them.

    Raises:
        GoogleError: a page that is none.
    """
    size, start = request.query_params.get("maxResults", "5"), request.query_params.get("pageToken", "0")
    if not (size.isascii() and size.isdigit() and 0 < int(size) <= _MOST):
        raise GoogleError(400, "invalidParameter", "maxResults is 1 to 50.", domain="global")
    if not (start.isascii() and start.isdigit()) or len(start) > 9:
        raise GoogleError(400, "invalidPageToken", "The request specifies an invalid page token.")
    first, last = int(start), int(start) + int(size)
    answer = {
        "kind": kind,
        "pageInfo": {"totalResults": len(found), "resultsPerPage": int(size)},
        "items": found[first:last],
    }
    if last < len(found):
        answer["nextPageToken"] = str(last)
    return JSONResponse(answer)
