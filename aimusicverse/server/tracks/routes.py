"""`/tracks`: the library, its audio, and links that play without a key."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import Query, Request
from fastapi.responses import Response

from aimusicverse.server import pages
from aimusicverse.server.call import Call, api_key_of, services_of
from aimusicverse.server.problems import Refusal
from aimusicverse.server.routing import Router
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.tracks import service
from aimusicverse.server.tracks.audio_response import audio_response
from aimusicverse.types import FieldError, Page, PlayUrl, PlayUrlCreate, Track
from aimusicverse.types.track import AudioFormat

router: Final = Router("Tracks")


@router.get("/tracks", scope="tracks:read", problems=("cursor_invalid", "invalid_request"))
async def list_tracks(
    call: Call,
    genre: Annotated[str | None, Query(max_length=40, description="Only of this genre.")] = None,
    limit: pages.Limit = 50,
    cursor: pages.Cursor = None,
) -> Page[Track]:
    """Tracks, newest first."""
    filters: dict[str, object] = {"genre": genre}
    before = pages.opened(call, "tracks", filters, cursor)
    found = await call.read(service.page, genre, before, limit, call.services.known_tracks)
    return pages.page(call, "tracks", filters, found, limit)


@router.get("/tracks/{track_id}", scope="tracks:read", problems=("track_not_found",))
async def get_track(track_id: str, call: Call) -> Track:
    """One track."""
    return await call.read(service.get, track_id)


@router.delete("/tracks/{track_id}", scope="tracks:write", status=204, problems=("track_not_found",))
async def delete_track(track_id: str, call: Call) -> None:
    """Remove a track from the library."""
    await call.write(service.delete, track_id)


@router.post(
    "/tracks/{track_id}/play-url", scope="tracks:read", problems=("track_not_found", "invalid_request")
)
async def create_play_url(track_id: str, body: PlayUrlCreate, call: Call, request: Request) -> PlayUrl:
    """A link that plays in an `<audio>` element, without a key, until it expires."""
    origin = call.services.settings.public_url or str(request.base_url)
    return await call.write(service.play_url, track_id, body, call.services.play_links, origin)


@router.head("/tracks/{track_id}/audio", scope=None)
@router.get(
    "/tracks/{track_id}/audio",
    scope=None,
    problems=(
        "track_not_found",
        "range_not_satisfiable",
        "play_url_invalid",
        "play_url_expired",
        "invalid_request",
        "audio_lost",
        "storage_full",
    ),
    response_class=Response,
    responses={
        200: {
            "description": "The audio; 206 for a `Range`.",
            "content": {
                kind: {"schema": {"type": "string", "format": "binary"}}
                for kind in ("audio/wav", "audio/flac", "audio/mpeg")
            },
        },
        206: {"description": "A part of the audio (RFC 9110, section 14)."},
        304: {"description": "What you have is still right (`If-None-Match`)."},
    },
)
async def get_track_audio(
    track_id: str,
    request: Request,
    format: Annotated[AudioFormat, Query(description="Made when first asked for.")] = "wav",
    bit_depth: Annotated[
        Literal["16", "24"] | None, Query(description="For wav and flac; the master's if absent.")
    ] = None,
    owner: Annotated[str | None, Query(max_length=40, description="Part of a play link.")] = None,
    expires: Annotated[int | None, Query(description="Part of a play link.")] = None,
    signature: Annotated[str | None, Query(max_length=100, description="Part of a play link.")] = None,
) -> Response:
    """The audio of a track, whole or by `Range`. Needs a key with `tracks:read`, or a play link."""
    services = services_of(request)
    if signature is not None:
        if owner is None or expires is None:
            raise Refusal("play_url_invalid")
        services.play_links.check(owner, track_id, format, expires, signature, services.clock.now())
        listener = Owner(owner)
    else:
        principal = await services.authenticator.authenticate(api_key_of(request))
        principal.require("tracks:read")
        listener = principal.owner
    if format == "mp3" and bit_depth is not None:
        raise Refusal(
            "invalid_request",
            "query.bit_depth: MP3 has no bit depth",
            errors=[FieldError(field="query.bit_depth", code="no_bit_depth", message="MP3 has no bit depth")],
        )
    track = await services.store.read(service.get, listener, track_id)
    content = await services.encodings.find(track, format, None if bit_depth is None else int(bit_depth))
    return await audio_response(request, track, format, services.blobs, content)
