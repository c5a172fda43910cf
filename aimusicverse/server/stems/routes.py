"""`/tracks/{id}/stems`: the parts of a track, and the audio of each."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Final

from fastapi import Query, Request
from fastapi.responses import Response

from aimusicverse.server import long_poll
from aimusicverse.server.call import Call
from aimusicverse.server.routing import Router
from aimusicverse.server.stems import service
from aimusicverse.server.tracks import file_tags
from aimusicverse.server.tracks.audio_response import audio_response
from aimusicverse.server.tracks.encodings import Master
from aimusicverse.types import StemSet
from aimusicverse.types.stems import StemFormat

router: Final = Router("Tracks")


@router.post(
    "/tracks/{track_id}/stems",
    scope="tracks:write",
    status=202,
    problems=("track_not_found", "stems_unavailable"),
)
async def create_track_stems(track_id: str, call: Call) -> StemSet:
    """Ask for the parts of a track, one file for each. The answer comes at once; wait with
    `GET …/stems?wait=30`. Asked again, the same are answered; those that failed, or of which a file is lost,
    are made anew."""
    blobs = call.services.blobs
    there = await call.read(service.files, track_id)
    lost = {sha256 for sha256 in there if await blobs.size(sha256) is None}
    return await call.write(service.ask, track_id, call.services.engines, lost)


@router.get("/tracks/{track_id}/stems", scope="tracks:read", problems=("track_not_found", "stems_not_found"))
async def get_track_stems(track_id: str, call: Call, wait: long_poll.Wait = 0) -> StemSet:
    """The stems of a track. With `wait`, the answer comes when they are ready or failed, or time is up."""
    return await long_poll.until(
        call,
        service.topic(track_id),
        wait,
        lambda: call.read(service.get, track_id),
        lambda found: found.is_final,
    )


@router.head("/tracks/{track_id}/stems/{name}/audio", scope="tracks:read")
@router.get(
    "/tracks/{track_id}/stems/{name}/audio",
    scope="tracks:read",
    problems=(
        "track_not_found",
        "stems_not_found",
        "stems_not_ready",
        "range_not_satisfiable",
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
                for kind in ("audio/wav", "audio/flac")
            },
        },
        206: {"description": "A part of the audio (RFC 9110, section 14)."},
        304: {"description": "What you have is still right (`If-None-Match`)."},
    },
)
async def get_stem_audio(
    track_id: str,
    name: str,
    call: Call,
    request: Request,
    format: Annotated[StemFormat, Query(description="FLAC is made when first asked for.")] = "wav",
) -> Response:
    """The audio of a stem, whole or by `Range`."""
    stem, depth, track = await call.read(service.one, track_id, name)
    services = call.services
    said = replace(file_tags.of_track(track), title=f"{track.title} ({stem.instrument})")
    content = await services.encodings.of_master(Master(stem.sha256, depth, said), format, None)
    title = f"{stem.name} {track.title}"
    return await audio_response(request, title, format, services.blobs, content, master=stem.sha256)
