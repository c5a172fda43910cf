"""What comes in calls and goes out in answers, and errors as the description has them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any, Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from aimusicverse.sandbox.soundcloud.faults import HungUp, error
from aimusicverse.sandbox.soundcloud.forms import OddFileName, TooLarge
from aimusicverse.sandbox.soundcloud.library import NotTaken
from aimusicverse.sandbox.soundcloud.multipart import MultipartError

Endpoint = Callable[[Request], Awaitable[Response]]
_JSON: Final = "application/json; charset=utf-8"
_MOST_JSON_BYTES: Final = 1024 * 1024


class Refused(Exception):
    """An error of HTTP."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


async def answered(work: Endpoint, request: Request) -> Response:
    """Errors as the description has them."""
    try:
        return await work(request)
    except NotTaken as refusal:
        return error(422, str(refusal))
    except Refused as refusal:
        return error(refusal.status, str(refusal))
    except (MultipartError, UnicodeDecodeError) as refusal:
        return error(400, str(refusal))
    except TooLarge:
        return error(413, "too large")
    except OddFileName:
        return error(500, "internal server error")
    except ClientDisconnect:
        return HungUp()  # nobody listens any more


async def small_body(request: Request) -> bytes:
    """A body that is no file."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_JSON_BYTES:
            raise TooLarge
    return bytes(body)


async def object_of(request: Request, name: str) -> dict[str, Any]:
    """What stands under `name` in a body of JSON."""
    try:
        given = json.loads(await small_body(request))
    except (ValueError, RecursionError):
        raise Refused(400, "the body is no JSON") from None
    inner = given.get(name) if isinstance(given, dict) else None
    if not isinstance(inner, dict):
        raise Refused(400, f"{name} is missing")
    return inner


def urns(given: dict[str, Any]) -> list[str] | None:
    """Of a playlist's tracks; `None`: nothing is said of them."""
    tracks = given.get("tracks")
    if tracks is None:
        return None
    if not isinstance(tracks, list) or not all(
        isinstance(one, dict) and isinstance(one.get("urn"), str) for one in tracks
    ):
        raise Refused(400, "tracks are a list of objects with a urn")
    return [one["urn"] for one in tracks]


def as_json(content: Any, status: int = 200) -> Response:
    """An answer."""
    return Response(json.dumps(content), status, media_type=_JSON)
