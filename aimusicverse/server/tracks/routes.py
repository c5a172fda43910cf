"""`/tracks`: the library, its audio, and links that play without a key."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import ValidationError

from aimusicverse.server import pages
from aimusicverse.server.call import Call, identified, services_of
from aimusicverse.server.distributions import service as distributions
from aimusicverse.server.problems import Refusal
from aimusicverse.server.ready import Ready, page_of
from aimusicverse.server.routing import Router
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.tracks import listing, service
from aimusicverse.server.tracks.audio_response import audio_response
from aimusicverse.server.tracks.encodings import Audience
from aimusicverse.server.versions import IfMatch
from aimusicverse.types import (
    FieldError,
    Page,
    PlayUrl,
    PlayUrlCreate,
    Track,
    TrackDistribution,
    TrackUpdate,
    TrackUpload,
)
from aimusicverse.types.base import AskedTimestamp
from aimusicverse.types.track import AudioFormat

router: Final = Router("Tracks")


@router.get(
    "/tracks",
    scope="tracks:read",
    problems=("cursor_invalid", "invalid_request"),
    response_model=Page[Track],
)
async def list_tracks(
    call: Call,
    q: Annotated[
        str | None,
        Query(
            min_length=1,
            max_length=200,
            description="Words that are all in the title, artist, genre, tags, lyrics or prompt; of the last "
            "one the beginning is enough. Case and diacritics do not matter, nor does punctuation.",
        ),
    ] = None,
    genre: Annotated[str | None, Query(max_length=40, description="Only of this genre.")] = None,
    status: Annotated[
        Literal["ready", "deleted"], Query(description="`deleted`: what can still be restored.")
    ] = "ready",
    created_after: Annotated[AskedTimestamp | None, Query(description="Only made after this time.")] = None,
    created_before: Annotated[AskedTimestamp | None, Query(description="Only made before this time.")] = None,
    sort: Annotated[listing.Sort, Query(description="`-`: the greatest first.")] = "-created_at",
    limit: pages.Limit = 50,
    cursor: pages.Cursor = None,
) -> Ready:
    """Tracks, newest first unless sorted otherwise."""
    wish = listing.Wish(q, genre, status, created_after, created_before, sort)
    filters = wish.as_filters()
    after = pages.opened(call, "tracks", filters, cursor)
    shown, last = await call.read(service.page, wish, after, limit, call.services.known_tracks)
    return page_of([one.json for one in shown], pages.cursor_to(call, "tracks", filters, last))


@router.post(
    "/tracks",
    scope="tracks:write",
    status=201,
    problems=(
        "audio_unreadable",
        "audio_truncated",
        "audio_unsupported",
        "audio_too_long",
        "upload_too_large",
        "idempotency_in_progress",
    ),
    streamed={
        "required": True,
        "description": "WAV, FLAC, MP3, AIFF or Ogg, mono or stereo, up to 2 GiB and 3 hours.",
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in ("audio/*", "application/octet-stream")
        },
    },
)
async def upload_track(
    call: Call,
    request: Request,
    title: Annotated[str, Query(description="1 to 200 characters, on one line.")],
    artist: Annotated[str | None, Query(description="Up to 200 characters.")] = None,
    genre: Annotated[str | None, Query(description="Up to 40 characters.")] = None,
    tag: Annotated[list[str] | None, Query(description="May be repeated, up to 20 times.")] = None,
) -> Track:
    """Bring a recording of your own. It is read as it comes, measured, and kept as a WAV master."""
    try:
        asked = TrackUpload(title=title, artist=artist, genre=genre, tags=tag or [])
    except ValidationError as error:
        wrong = [{**one, "loc": ("query", *_as_asked(one["loc"]))} for one in error.errors(include_url=False)]
        raise RequestValidationError(wrong) from None
    return await call.services.uploads.take(call, request, asked)


@router.get("/tracks/{track_id}", scope="tracks:read", problems=("track_not_found",), response_model=Track)
async def get_track(track_id: str, call: Call, request: Request) -> Ready:
    """One track. Its `ETag` can be sent as `If-Match` when it is changed."""
    shown = await call.read(service.shown, track_id, call.services.known_tracks)
    return Ready(shown.json, shown.track.etag)


@router.patch(
    "/tracks/{track_id}",
    scope="tracks:write",
    problems=("track_not_found", "version_conflict", "artwork_not_found", "artwork_not_ready"),
)
async def update_track(
    track_id: str, body: TrackUpdate, call: Call, request: Request, if_match: IfMatch = None
) -> Track:
    """Change title, artist, genre, tags, lyrics or artwork."""
    return await call.write(service.update, track_id, body, if_match)


@router.delete(
    "/tracks/{track_id}",
    scope="tracks:write",
    status=204,
    problems=("track_not_found", "version_conflict"),
)
async def delete_track(track_id: str, call: Call, if_match: IfMatch = None) -> None:
    """Remove a track from the library. For 30 days it can be restored; then it is gone for good."""
    await call.write(service.delete, track_id, if_match)


@router.post("/tracks/{track_id}/restore", scope="tracks:write", problems=("track_not_found",))
async def restore_track(track_id: str, call: Call, request: Request) -> Track:
    """Bring a deleted track back. One that is not deleted stays as it is."""
    return await call.write(service.restore, track_id)


@router.post(
    "/tracks/{track_id}/play-url", scope="tracks:read", problems=("track_not_found", "invalid_request")
)
async def create_play_url(track_id: str, body: PlayUrlCreate, call: Call, request: Request) -> PlayUrl:
    """A link that plays in an `<audio>` element, without a key, until it expires. The file that it gives does
    not tell the prompt."""
    origin = call.services.settings.public_url or str(request.base_url)
    return await call.write(service.play_url, track_id, body, call.services.play_links, origin)


@router.get(
    "/tracks/{track_id}/distributions",
    scope="tracks:read",
    problems=("track_not_found", "cursor_invalid", "invalid_request"),
)
async def list_track_distributions(
    track_id: str, call: Call, limit: pages.Limit = 50, cursor: pages.Cursor = None
) -> Page[TrackDistribution]:
    """Where a track stands, or is to stand: a line for each platform of each distribution that has it, the
    newest distribution first."""
    filters: dict[str, object] = {"track": track_id}
    after = pages.opened(call, "track_distributions", filters, cursor)
    found = await call.read(distributions.of_track, track_id, after, limit)
    lines, marks = [line for _, line in found], [mark for mark, _ in found]
    return pages.marked_page(call, "track_distributions", filters, lines, marks, limit)


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
    audience: Audience = "maker"
    if signature is not None:
        if owner is None or expires is None:
            raise Refusal("play_url_invalid")
        services.play_links.check(owner, track_id, format, expires, signature, services.clock.now())
        listener, audience = Owner(owner), "anybody"
    else:
        principal = await identified(request)
        principal.require("tracks:read")
        listener = principal.owner
    if format == "mp3" and bit_depth is not None:
        raise Refusal(
            "invalid_request",
            "query.bit_depth: MP3 has no bit depth",
            errors=[FieldError(field="query.bit_depth", code="no_bit_depth", message="MP3 has no bit depth")],
        )
    track = await services.store.read(service.get, listener, track_id)
    service.require_format(track, format, "query.format")
    content = await services.encodings.find(
        track, format, None if bit_depth is None else int(bit_depth), audience
    )
    return await audio_response(
        request, track.title, format, services.blobs, content, master=track.audio.sha256
    )


def _as_asked(where: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """A field by the name that it has in the query."""
    return ("tag", *where[1:]) if where[0] == "tags" else where
