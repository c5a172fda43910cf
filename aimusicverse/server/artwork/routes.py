"""`/artwork`: pictures for releases."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import ValidationError

from aimusicverse.server import long_poll, pages
from aimusicverse.server.artwork import service
from aimusicverse.server.blob_response import blob_response, file_name
from aimusicverse.server.call import Call
from aimusicverse.server.pictures import SUFFIXES
from aimusicverse.server.routing import Router
from aimusicverse.server.store.blobs import Content
from aimusicverse.server.versions import IfMatch
from aimusicverse.types import Artwork, ArtworkCreate, ArtworkTemplateList, ArtworkUpload, Page
from aimusicverse.types.artwork import ArtworkStatus

router: Final = Router("Artwork")

_ONE = ("artwork_not_found",)
_FILE = {"schema": {"type": "string", "format": "binary"}}
_PICTURES = dict.fromkeys(SUFFIXES, _FILE)


@router.get("/artwork", scope="tracks:read", problems=("cursor_invalid", "invalid_request"))
async def list_artwork(
    call: Call,
    track_id: Annotated[
        str | None, Query(max_length=40, description="Only what was made for this track.")
    ] = None,
    status: Annotated[ArtworkStatus | None, Query(description="Only those in this state.")] = None,
    limit: pages.Limit = 50,
    cursor: pages.Cursor = None,
) -> Page[Artwork]:
    """Artworks, newest first."""
    filters: dict[str, object] = {"track_id": track_id, "status": status}
    before = pages.opened(call, "artwork", filters, cursor)
    found = await call.read(service.page, track_id, status, before, limit)
    return pages.page(call, "artwork", filters, found, limit)


@router.post(
    "/artwork",
    scope="artwork:write",
    status=202,
    problems=("track_not_found", "too_many_artworks", "generator_unknown"),
)
async def create_artwork(body: ArtworkCreate, call: Call) -> Artwork:
    """Draw a picture of 3000 × 3000 pixels, after a track or after what is said; or let a generator make one,
    where the server has an account. The answer comes at once; wait with `GET /artwork/{id}?wait=30`."""
    services = call.services
    return await call.write(
        service.create, body, services.artwork_generators, services.settings.artwork_limit
    )


@router.post(
    "/artwork/upload",
    scope="artwork:write",
    status=201,
    problems=(
        "track_not_found",
        "too_many_artworks",
        "image_unreadable",
        "image_truncated",
        "image_unsupported",
        "image_dimensions",
        "upload_too_large",
        "idempotency_in_progress",
    ),
    streamed={
        "required": True,
        "description": "JPEG, PNG or WebP, 64 to 10,000 pixels on each side, up to 20 MiB.",
        "content": {**_PICTURES, "application/octet-stream": _FILE},
    },
)
async def upload_artwork(
    call: Call,
    request: Request,
    title: Annotated[str, Query(description="Of the release: 1 to 200 characters, on one line.")],
    artist: Annotated[str | None, Query(description="Up to 200 characters.")] = None,
    track_id: Annotated[str | None, Query(description="A track of yours that it is for.")] = None,
) -> Artwork:
    """Bring a picture of your own.

    It is drawn anew, upright and in sRGB: what the file says of place, time and camera is not kept.
    """
    try:
        asked = ArtworkUpload(title=title, artist=artist, track_id=track_id)
    except ValidationError as error:
        wrong = [{**one, "loc": ("query", *one["loc"])} for one in error.errors(include_url=False)]
        raise RequestValidationError(wrong) from None
    return await call.services.artwork_uploads.take(call, request, asked)


@router.get("/artwork/templates", scope="tracks:read")
async def list_artwork_templates(call: Call) -> ArtworkTemplateList:
    """Pictures that need no wishes: name one as `template` when you ask for artwork."""
    return service.template_list()


@router.get("/artwork/{artwork_id}", scope="tracks:read", problems=_ONE)
async def get_artwork(artwork_id: str, call: Call, wait: long_poll.Wait = 0) -> Artwork:
    """One artwork. With `wait`, the answer comes when its state is final or the time is up."""
    return await long_poll.until(
        call,
        service.topic(artwork_id),
        wait,
        lambda: call.read(service.get, artwork_id),
        lambda found: found.is_final,
    )


@router.head("/artwork/{artwork_id}/image", scope="tracks:read")
@router.get(
    "/artwork/{artwork_id}/image",
    scope="tracks:read",
    problems=(*_ONE, "artwork_not_ready", "range_not_satisfiable", "image_lost"),
    response_class=Response,
    responses={
        200: {"description": "The picture; 206 for a `Range`.", "content": _PICTURES},
        206: {"description": "A part of the picture (RFC 9110, section 14)."},
        304: {"description": "What you have is still right (`If-None-Match`)."},
    },
)
async def get_artwork_image(
    artwork_id: str,
    call: Call,
    request: Request,
    size: Annotated[
        int | None,
        Query(
            ge=1,
            le=10_000,
            description="Pixels that the longest side is to have at least: the smallest form that has them "
            "is given. The whole picture by default.",
        ),
    ] = None,
) -> Response:
    """The picture, as a file."""
    artwork, file = await call.read(service.picture, artwork_id, size)
    return await blob_response(
        request,
        call.services.blobs,
        Content(file.sha256, file.size),
        media_type=file.type,
        name=f"{file_name(artwork.title, 'cover')}.{SUFFIXES[file.type]}",
        lost="image_lost",
        headers={"Cache-Control": "private, max-age=3600"},  # a picture does not change
    )


@router.delete(
    "/artwork/{artwork_id}", scope="artwork:write", status=204, problems=(*_ONE, "version_conflict")
)
async def delete_artwork(artwork_id: str, call: Call, if_match: IfMatch = None) -> None:
    """Delete an artwork, drawn or not. Tracks that have it have none then."""
    await call.write(service.delete, artwork_id, if_match)
