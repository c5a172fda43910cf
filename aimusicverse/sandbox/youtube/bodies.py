"""Bodies of requests, up to a bound."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request

from aimusicverse.sandbox.youtube.errors import GoogleError


class TooLong(Exception):
    """More than was expected."""


async def body_of(request: Request, most: int) -> bytes:
    """All of it.

    Raises:
        TooLong: more than `most` bytes.
    """
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise TooLong
    return bytes(body)


async def resource_of(request: Request, most: int = 1_000_000) -> dict[str, Any]:
    """The JSON object that was sent; `{}`: nothing was.

    Raises:
        GoogleError: it is none.
    """
    try:
        body = json.loads(await body_of(request, most) or b"{}")
    except (TooLong, ValueError, RecursionError):
        raise GoogleError(400, "parseError", "Parse Error", domain="global") from None
    if not isinstance(body, dict):
        raise GoogleError(400, "parseError", "Parse Error", domain="global")
    return body


def part_of(body: dict[str, Any], name: str) -> dict[str, Any]:
    """A part of a resource, like `snippet`.

    Raises:
        GoogleError: it is something else.
    """
    part = body.get(name, {})
    if not isinstance(part, dict):
        raise GoogleError(400, "badRequest", f"Invalid value at '{name}'", domain="global", location=name)
    return part
