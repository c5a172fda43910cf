"""A track's audio over HTTP."""

from __future__ import annotations

from typing import Final

from fastapi import Request
from fastapi.responses import Response

from aimusicverse.server.blob_response import blob_response, file_name
from aimusicverse.server.store.blobs import Blobs, Content
from aimusicverse.types.track import AudioFormat

MEDIA_TYPES: Final[dict[AudioFormat, str]] = {"wav": "audio/wav", "flac": "audio/flac", "mp3": "audio/mpeg"}

_FOR_EVER: Final = "private, max-age=31536000, immutable"
_ASK_AGAIN: Final = "private, no-cache"


async def audio_response(
    request: Request, title: str, format: AudioFormat, blobs: Blobs, content: Content, *, master: str
) -> Response:
    """The audio, a part of it, or 304. `title` names the file, if it is saved; `master` is
    the hash of the file of which it is a form, or which it is.

    A master never changes. Other files do, with the title in their tags: whoever has one asks whether it is
    still right.

    Raises:
        Refusal: `range_not_satisfiable`, `audio_lost`.
        StoreError: the blobs do not answer.
    """
    return await blob_response(
        request,
        blobs,
        content,
        media_type=MEDIA_TYPES[format],
        name=f"{file_name(title, 'track')}.{format}",
        lost="audio_lost",
        headers={
            "Cache-Control": _FOR_EVER if content.sha256 == master else _ASK_AGAIN,
            "Cross-Origin-Resource-Policy": "cross-origin",  # a play link is for any page's <audio>
        },
    )
