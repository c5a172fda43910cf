"""Playlists, and what is in them."""

from __future__ import annotations

import secrets
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from aimusicverse.release.rules.youtube import PRIVACY
from aimusicverse.sandbox.state import get, put, remove
from aimusicverse.sandbox.surroundings import Surroundings
from aimusicverse.sandbox.youtube.bodies import part_of
from aimusicverse.sandbox.youtube.channel import channel_of, uploads_of
from aimusicverse.sandbox.youtube.errors import GoogleError, not_found
from aimusicverse.sandbox.youtube.faults import STORE
from aimusicverse.sandbox.youtube.pages import parts_of, some_of

_LONGEST_TITLE: Final = 150
_LONGEST_DESCRIPTION: Final = 5_000


def insert(surroundings: Surroundings, account: str, request: Request, body: dict[str, Any]) -> Response:
    """Make one. Nothing keeps a second one with the same title from being made."""
    playlist = {
        "id": f"PL{secrets.token_urlsafe(24)}",
        "account": account,
        "created_at": surroundings.now().isoformat(),
        "items": [],
        **_checked(body),
    }
    with surroundings.state.writing() as connection:
        put(connection, STORE, "playlist", playlist["id"], playlist)
    return JSONResponse(_shown(playlist, parts_of(request)), 200)


def some(surroundings: Surroundings, account: str, request: Request, body: dict[str, Any]) -> Response:
    """One's own (`mine`), or by id."""
    ids = request.query_params.get("id", "").split(",")
    mine = request.query_params.get("mine") == "true"
    found = [
        _shown(one, parts_of(request))
        for one in surroundings.state.all(STORE, "playlist").values()
        if one["account"] == account and (mine or one["id"] in ids)
    ]
    return some_of(request, "youtube#playlistListResponse", found)


def update(surroundings: Surroundings, account: str, request: Request, body: dict[str, Any]) -> Response:
    """Replace its parts."""
    with surroundings.state.writing() as connection:
        playlist = _mine(get(connection, STORE, "playlist", str(body.get("id"))), account)
        playlist |= _checked(body)
        put(connection, STORE, "playlist", playlist["id"], playlist)
    return JSONResponse(_shown(playlist, parts_of(request)), 200)


def delete(surroundings: Surroundings, account: str, request: Request, body: dict[str, Any]) -> Response:
    """The videos in it stay."""
    identifier = request.query_params.get("id", "")
    with surroundings.state.writing() as connection:
        _mine(get(connection, STORE, "playlist", identifier), account)
        remove(connection, STORE, "playlist", identifier)
    return Response(status_code=204)


def add_item(surroundings: Surroundings, account: str, request: Request, body: dict[str, Any]) -> Response:
    """Put a video into it; the same one twice is in it twice."""
    snippet = part_of(body, "snippet")
    video = part_of(snippet, "resourceId").get("videoId", "")
    with surroundings.state.writing() as connection:
        playlist = _mine(get(connection, STORE, "playlist", str(snippet.get("playlistId"))), account)
        if get(connection, STORE, "video", str(video)) is None:
            raise not_found("video")
        item = {"id": secrets.token_urlsafe(24), "video": video}
        at = snippet.get("position", len(playlist["items"]))
        if not isinstance(at, int) or not 0 <= at <= len(playlist["items"]):
            raise GoogleError(400, "invalidPlaylistItemPosition", "Invalid position.")
        playlist["items"].insert(at, item)
        put(connection, STORE, "playlist", playlist["id"], playlist)
    return JSONResponse(_item(playlist["id"], item, at), 200)


def items(surroundings: Surroundings, account: str, request: Request, body: dict[str, Any]) -> Response:
    """What is in one; of the uploads the newest first."""
    identifier = request.query_params.get("playlistId", "")
    if identifier == uploads_of(account):
        videos = [v for v in surroundings.state.all(STORE, "video").values() if v["account"] == account]
        videos.sort(key=lambda video: (video["uploaded_at"], video["id"]), reverse=True)
        inside = [{"id": f"{identifier}.{video['id']}", "video": video["id"]} for video in videos]
    else:
        inside = _mine(surroundings.state.get(STORE, "playlist", identifier), account)["items"]
    found = [_item(identifier, item, at) for at, item in enumerate(inside)]
    return some_of(request, "youtube#playlistItemListResponse", found)


def _mine(playlist: dict[str, Any] | None, account: str) -> dict[str, Any]:
    if playlist is None or playlist["account"] != account:
        raise not_found("playlist")
    return playlist


def _checked(body: dict[str, Any]) -> dict[str, Any]:
    snippet, status = part_of(body, "snippet"), part_of(body, "status")
    title, description = snippet.get("title"), snippet.get("description", "")
    privacy = status.get("privacyStatus", "public")
    if not isinstance(title, str) or not title.strip() or len(title) > _LONGEST_TITLE:
        raise GoogleError(400, "playlistTitleRequired", "The title is missing, or too long.")
    if not isinstance(description, str) or len(description) > _LONGEST_DESCRIPTION:
        raise GoogleError(400, "invalidPlaylistSnippet", "The description is too long.")
    if privacy not in PRIVACY:
        raise GoogleError(400, "invalidValue", "Invalid privacy status.")
    return {"snippet": {"title": title, "description": description}, "status": {"privacyStatus": privacy}}


def _shown(playlist: dict[str, Any], parts: list[str]) -> dict[str, Any]:
    every = {
        "snippet": {
            **playlist["snippet"],
            "publishedAt": playlist["created_at"],
            "channelId": channel_of(playlist["account"]),
        },
        "status": playlist["status"],
        "contentDetails": {"itemCount": len(playlist["items"])},
    }
    return {
        "kind": "youtube#playlist",
        "id": playlist["id"],
        **{name: every[name] for name in parts if name in every},
    }


def _item(playlist: str, item: dict[str, Any], at: int) -> dict[str, Any]:
    return {
        "kind": "youtube#playlistItem",
        "id": item["id"],
        "snippet": {
            "playlistId": playlist,
            "position": at,
            "resourceId": {"kind": "youtube#video", "videoId": item["video"]},
        },
        "contentDetails": {"videoId": item["video"]},
    }
