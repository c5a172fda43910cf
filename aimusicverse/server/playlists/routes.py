"""`/playlists`: ordered lists of tracks."""

from __future__ import annotations

import re
from typing import Annotated, Final

from fastapi import Query, Request
from fastapi.responses import Response

from aimusicverse.server import pages, versions
from aimusicverse.server.blob_response import blob_response, file_name
from aimusicverse.server.call import Call
from aimusicverse.server.pictures import SUFFIXES
from aimusicverse.server.playlists import service
from aimusicverse.server.problems import Refusal
from aimusicverse.server.routing import Router
from aimusicverse.server.store.blobs import Content
from aimusicverse.server.versions import IfMatch
from aimusicverse.types import (
    FieldError,
    Page,
    Playlist,
    PlaylistCreate,
    PlaylistEntry,
    PlaylistTrackMove,
    PlaylistTracksAdd,
    PlaylistTracksReplace,
    PlaylistUpdate,
)
from aimusicverse.types.playlist_request import MOST_REMOVED

router: Final = Router("Playlists")

_ONE = ("playlist_not_found",)
_EDIT = (*_ONE, "version_conflict", "invalid_request")
_FILE = {"schema": {"type": "string", "format": "binary"}}
_PICTURES = dict.fromkeys(SUFFIXES, _FILE)


@router.get("/playlists", scope="playlists:read", problems=("cursor_invalid", "invalid_request"))
async def list_playlists(call: Call, limit: pages.Limit = 50, cursor: pages.Cursor = None) -> Page[Playlist]:
    """Playlists, newest first."""
    before = pages.opened(call, "playlists", {}, cursor)
    found = await call.read(service.page, before, limit)
    return pages.page(call, "playlists", {}, found, limit)


@router.post("/playlists", scope="playlists:write", status=201, problems=("track_not_found",))
async def create_playlist(body: PlaylistCreate, call: Call) -> Playlist:
    """Make a playlist, empty or with tracks."""
    return await call.write(service.create, body)


@router.get("/playlists/{playlist_id}", scope="playlists:read", problems=_ONE)
async def get_playlist(playlist_id: str, call: Call) -> Playlist:
    """One playlist, without its tracks."""
    return await call.read(service.get, playlist_id)


@router.patch("/playlists/{playlist_id}", scope="playlists:write", problems=_EDIT)
async def update_playlist(
    playlist_id: str, body: PlaylistUpdate, call: Call, if_match: IfMatch = None
) -> Playlist:
    """Change title, description or visibility."""
    return await call.write(service.update, playlist_id, body, if_match)


@router.delete("/playlists/{playlist_id}", scope="playlists:write", status=204, problems=_EDIT)
async def delete_playlist(playlist_id: str, call: Call, if_match: IfMatch = None) -> None:
    """Delete a playlist. Its tracks stay in the library."""
    await call.write(service.delete, playlist_id, if_match)


@router.head("/playlists/{playlist_id}/cover", scope="playlists:read")
@router.get(
    "/playlists/{playlist_id}/cover",
    scope="playlists:read",
    problems=(*_ONE, "cover_not_found", "range_not_satisfiable", "image_lost"),
    response_class=Response,
    responses={
        200: {"description": "The picture; 206 for a `Range`.", "content": _PICTURES},
        206: {"description": "A part of the picture (RFC 9110, section 14)."},
        304: {"description": "What you have is still right (`If-None-Match`)."},
    },
)
async def get_playlist_cover(playlist_id: str, call: Call, request: Request) -> Response:
    """The cover of a playlist, as a file."""
    playlist, cover = await call.read(service.cover, playlist_id)
    return await blob_response(
        request,
        call.services.blobs,
        Content(cover.sha256, cover.size_bytes),
        media_type=cover.content_type,
        name=f"{file_name(playlist.title, 'cover')}.{SUFFIXES[cover.content_type]}",
        lost="image_lost",
        headers={"Cache-Control": "private, no-cache"},  # the next one has the same address
    )


@router.put(
    "/playlists/{playlist_id}/cover",
    scope="playlists:write",
    problems=(
        *_EDIT,
        "image_unreadable",
        "image_truncated",
        "image_unsupported",
        "image_dimensions",
        "upload_too_large",
        "storage_full",
    ),
    streamed={
        "required": True,
        "description": "JPEG, PNG or WebP, 64 to 4,096 pixels on each side, up to 10 MiB.",
        "content": {**_PICTURES, "application/octet-stream": _FILE},
    },
)
async def set_playlist_cover(
    playlist_id: str, call: Call, request: Request, if_match: IfMatch = None
) -> Playlist:
    """Give a playlist a cover, in place of one that it has.

    The picture is drawn anew, upright and in sRGB: what the file says of place, time and camera is not kept.
    """
    return await call.services.covers.take(call, request, playlist_id, if_match)


@router.delete("/playlists/{playlist_id}/cover", scope="playlists:write", problems=_EDIT)
async def remove_playlist_cover(playlist_id: str, call: Call, if_match: IfMatch = None) -> Playlist:
    """Have no cover any more. Where there is none, nothing changes."""
    return await call.write(service.remove_cover, playlist_id, if_match)


@router.get(
    "/playlists/{playlist_id}/tracks",
    scope="playlists:read",
    problems=(*_ONE, "cursor_invalid", "invalid_request"),
)
async def list_playlist_tracks(
    playlist_id: str,
    call: Call,
    request: Request,
    limit: pages.Limit = 50,
    cursor: pages.Cursor = None,
) -> Page[PlaylistEntry]:
    """The tracks of a playlist, in order, each in an entry of its own."""
    name = f"playlists/{playlist_id}/tracks"
    after = pages.opened(call, name, {}, cursor)
    found = await call.read(service.stretch, playlist_id, after, limit, call.services.known_tracks)
    versions.announce(request, found.etag)
    return pages.marked_page(call, name, {}, found.entries, found.marks, limit)


@router.post(
    "/playlists/{playlist_id}/tracks",
    scope="playlists:write",
    problems=(*_EDIT, "track_not_found", "playlist_full"),
)
async def add_playlist_tracks(
    playlist_id: str, body: PlaylistTracksAdd, call: Call, if_match: IfMatch = None
) -> Playlist:
    """Add tracks at a position, or at the end: up to 1,000 at once, 10,000 in all."""
    return await call.write(service.add, playlist_id, body, if_match)


@router.put("/playlists/{playlist_id}/tracks", scope="playlists:write", problems=(*_EDIT, "track_not_found"))
async def replace_playlist_tracks(
    playlist_id: str, body: PlaylistTracksReplace, call: Call, if_match: IfMatch = None
) -> Playlist:
    """Replace all tracks, those that are deleted and might be restored too. Who stays keeps its entry."""
    return await call.write(service.replace, playlist_id, body, if_match)


@router.delete(
    "/playlists/{playlist_id}/tracks",
    scope="playlists:write",
    problems=(*_EDIT, "playlist_entry_not_found"),
)
async def remove_playlist_tracks(
    playlist_id: str,
    call: Call,
    entry_ids: Annotated[
        str, Query(max_length=5_000, description="Entries to remove: their ids, commas between.")
    ] = "",
    track_ids: Annotated[
        str, Query(max_length=5_000, description="Tracks to remove wherever they stand, commas between.")
    ] = "",
    if_match: IfMatch = None,
) -> Playlist:
    """Remove up to 100 entries or tracks: all that are named, or none if one of them is not there."""
    entries, tracks = _ids(entry_ids, "entry_ids", "ent"), _ids(track_ids, "track_ids", "trk")
    if not 1 <= len(entries) + len(tracks) <= MOST_REMOVED:
        raise _unfit("entry_ids", "count", f"name 1 to {MOST_REMOVED} entries or tracks")
    return await call.write(service.remove, playlist_id, entries, tracks, if_match)


@router.post(
    "/playlists/{playlist_id}/tracks/move",
    scope="playlists:write",
    problems=(*_EDIT, "playlist_entry_not_found", "playlist_entry_ambiguous"),
)
async def move_playlist_track(
    playlist_id: str, body: PlaylistTrackMove, call: Call, if_match: IfMatch = None
) -> Playlist:
    """Move an entry to a position; the others close up."""
    return await call.write(service.move, playlist_id, body, if_match)


def _ids(text: str, name: str, prefix: str) -> list[str]:
    ids = text.split(",") if text else []
    if not all(re.fullmatch(rf"{prefix}_[0-9A-Za-z]{{1,36}}", one) for one in ids):
        raise _unfit(name, "string_pattern_mismatch", f"ids like {prefix}_5HkQ0b, with commas between")
    return ids


def _unfit(name: str, code: str, message: str) -> Refusal:
    error = FieldError(field=f"query.{name}", code=code, message=message)
    return Refusal("invalid_request", f"query.{name}: {message}", errors=[error])
