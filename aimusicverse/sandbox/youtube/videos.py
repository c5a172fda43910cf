"""Videos that were uploaded: looked at, changed, deleted, given a picture; and the page to see them."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from aimusicverse.sandbox.state import get, put, remove
from aimusicverse.sandbox.surroundings import Surroundings
from aimusicverse.sandbox.youtube.bodies import TooLong, body_of
from aimusicverse.sandbox.youtube.channel import shown as channel_shown
from aimusicverse.sandbox.youtube.errors import GoogleError, not_found
from aimusicverse.sandbox.youtube.faults import STORE
from aimusicverse.sandbox.youtube.pages import parts_of
from aimusicverse.sandbox.youtube.resource import changed, checked, settled, shown, upload_status, views

_MOST_IDS: Final = 50
_LARGEST_PICTURE: Final = 2 * 1024 * 1024
_PICTURES: Final = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG"}


def some(surroundings: Surroundings, account: str, request: Request, body: dict[str, Any]) -> Response:
    """By id; those that are not there are left out."""
    ids = [one for one in request.query_params.get("id", "").split(",") if one]
    if not 0 < len(ids) <= _MOST_IDS:
        raise GoogleError(400, "invalidValue", "1 to 50 ids are asked for.", location="id")
    now, parts = surroundings.now(), parts_of(request)
    found = []
    for identifier in dict.fromkeys(ids):
        video = surroundings.state.get(STORE, "video", identifier)
        if video is None:
            continue
        video = settled(video, now)
        if video["account"] == account or video["status"]["privacyStatus"] != "private":
            found.append(shown(video, parts, now))
    return JSONResponse(
        {
            "kind": "youtube#videoListResponse",
            "pageInfo": {"totalResults": len(found), "resultsPerPage": len(found)},
            "items": found,
        }
    )


def update(
    surroundings: Surroundings, account: str, request: Request, body: dict[str, Any], *, verified: bool
) -> Response:
    """Set its parts anew: what they leave out is as if it had never been set."""
    now, parts = surroundings.now(), parts_of(request)
    with surroundings.state.writing() as connection:
        video = settled(_mine(get(connection, STORE, "video", str(body.get("id"))), account), now)
        new = checked(body, parts, now)
        if video["first_public_at"] and new.get("status", {}).get("publishAt"):
            raise GoogleError(
                400, "invalidPublishAt", "It was public already.", location="body.status.publishAt"
            )
        if not verified and "status" in new:
            new["status"] |= {"privacyStatus": "private", "publishAt": None}
        video = {**changed(video, new, now), "updates": video["updates"] + 1}
        put(connection, STORE, "video", video["id"], video)
    return JSONResponse(shown(video, parts, now))


def delete(surroundings: Surroundings, account: str, request: Request, body: dict[str, Any]) -> Response:
    """For good."""
    identifier = request.query_params.get("id", "")
    with surroundings.state.writing() as connection:
        _mine(get(connection, STORE, "video", identifier), account)
        remove(connection, STORE, "video", identifier)
    return Response(status_code=204)


async def picture(request: Request) -> dict[str, Any]:
    """A thumbnail that was sent, as far as it is kept.

    Raises:
        GoogleError: it is too large, or no JPEG or PNG.
    """
    try:
        content = await body_of(request, _LARGEST_PICTURE)
    except TooLong:
        raise GoogleError(
            400, "mediaBodyTooLarge", "A thumbnail has at most 2 MB.", domain="youtube.thumbnail"
        ) from None
    head = _PICTURES.get(request.headers.get("content-type", ""))
    if head is None or not content.startswith(head):
        raise GoogleError(400, "invalidImage", "The image is invalid.", domain="youtube.thumbnail")
    return {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}


def set_thumbnail(
    surroundings: Surroundings, account: str, request: Request, body: dict[str, Any]
) -> Response:
    """Its picture in lists."""
    identifier = request.query_params.get("videoId", "")
    with surroundings.state.writing() as connection:
        video = _mine(get(connection, STORE, "video", identifier), account)
        put(connection, STORE, "video", identifier, {**video, "thumbnail": body})
    return JSONResponse({"kind": "youtube#thumbnailSetResponse", "items": [{"default": {}}]})


def channels(surroundings: Surroundings, account: str, request: Request, body: dict[str, Any]) -> Response:
    """One's own."""
    if request.query_params.get("mine") != "true":
        raise GoogleError(400, "missingRequiredParameter", "No filter selected.", domain="youtube.parameter")
    found = [channel_shown(account, parts_of(request))]
    return JSONResponse({"kind": "youtube#channelListResponse", "items": found})


def watched(surroundings: Surroundings, request: Request) -> Response:
    """The page of a video or playlist: nothing plays here."""
    now = surroundings.now()
    video = surroundings.state.get(STORE, "video", request.query_params.get("v", ""))
    playlist = surroundings.state.get(STORE, "playlist", request.query_params.get("list", ""))
    found = settled(video, now) if video else playlist
    if found is None or found["status"]["privacyStatus"] == "private":
        return PlainTextResponse("Video unavailable. This is a stand-in for YouTube.", 404)
    lines = [found["snippet"]["title"], "This is a stand-in for YouTube: nobody can hear it."]
    if video:
        lines.append(f"{upload_status(video, now)}, {views(settled(video, now), now)} views")
    return PlainTextResponse("\n".join(lines))


def _mine(video: dict[str, Any] | None, account: str) -> dict[str, Any]:
    if video is None:
        raise not_found("video")
    if video["account"] != account:
        raise GoogleError(403, "forbidden", "The video does not belong to this account.")
    return video
