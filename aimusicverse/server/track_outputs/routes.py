"""`/tracks/{id}/midi`, `…/structure`, `…/waveform`: what a track gives besides its audio."""

from __future__ import annotations

import hashlib
from typing import Annotated, Final

from fastapi import Query, Request
from fastapi.responses import Response

from aimusicverse.server.blob_response import disposition, file_name
from aimusicverse.server.call import Call
from aimusicverse.server.routing import Router
from aimusicverse.server.track_outputs import service
from aimusicverse.server.tracks import service as tracks
from aimusicverse.types import Structure, Waveform

router: Final = Router("Tracks")


@router.get(
    "/tracks/{track_id}/midi",
    scope="tracks:read",
    problems=("track_not_found", "midi_unavailable", "invalid_request"),
    response_class=Response,
    responses={
        200: {
            "description": "A Standard MIDI File of format 1.",
            "content": {"audio/midi": {"schema": {"type": "string", "format": "binary"}}},
        },
        304: {"description": "What you have is still right (`If-None-Match`)."},
    },
)
async def get_track_midi(
    track_id: str,
    call: Call,
    request: Request,
    humanised: Annotated[
        bool, Query(description="Begin notes when the recording plays them, not on the grid.")
    ] = False,
) -> Response:
    """The notes of a generated track, a track of the file for each part. What was uploaded has none."""
    track, plan = await call.read(service.recorded, track_id)
    found = service.notes(track, plan, call.services.engines)
    content = await call.services.composing.midi(found, title=track.title, humanised=humanised)
    sha256 = hashlib.sha256(content).hexdigest()
    headers = {"ETag": f'"{sha256}"', "X-Content-SHA256": sha256, "Cache-Control": "private, no-cache"}
    if sha256 in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = disposition(f"{file_name(track.title, 'track')}.mid", "attachment")
    return Response(content, media_type="audio/midi", headers=headers)


@router.get(
    "/tracks/{track_id}/structure",
    scope="tracks:read",
    problems=("track_not_found", "structure_unavailable", "audio_lost", "storage_full"),
)
async def get_track_structure(track_id: str, call: Call) -> Structure:
    """Sections, bars and chords. Of a track whose plan is not on record, such as an upload, sections, tempo
    and key are estimated from the audio, once: it takes about a second for three minutes of sound.
    """
    track, plan = await call.read(service.recorded, track_id)
    found = service.composition(track, plan, call.services.engines)
    if found is None or not found.gives("structure"):
        return await call.services.hearing.structure(track)
    return await call.services.composing.structure(found)


@router.get(
    "/tracks/{track_id}/waveform",
    scope="tracks:read",
    problems=("track_not_found", "audio_lost", "storage_full", "invalid_request"),
)
async def get_track_waveform(
    track_id: str,
    call: Call,
    points: Annotated[int, Query(ge=10, le=10_000, description="At most so many.")] = 1_000,
) -> Waveform:
    """The outline of the recording, to be drawn, in the form of `audiowaveform`, which peaks.js reads."""
    track = await call.read(tracks.get, track_id)
    return await call.services.hearing.waveform(track, points)
