"""Audio over HTTP: ranges, validators, a file name (RFC 9110, sections 13 and 14)."""

from __future__ import annotations

import re
from pathlib import Path

from fastapi import Request
from fastapi.responses import FileResponse, Response

from aimusicverse.server.problems import Refusal
from aimusicverse.types import Track
from aimusicverse.types.track import AudioFormat

MEDIA_TYPES: dict[AudioFormat, str] = {"wav": "audio/wav", "flac": "audio/flac", "mp3": "audio/mpeg"}
_RANGE = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*")


def audio_response(request: Request, track: Track, format: AudioFormat, path: Path, sha256: str) -> Response:
    """The file, a part of it, or 304.

    Raises:
        Refusal: `range_not_satisfiable`, `audio_lost`.
    """
    headers = {
        "ETag": f'"{sha256}"',
        "X-Content-SHA256": sha256,
        "Cache-Control": "private, max-age=31536000, immutable",  # content has the hash as its name
    }
    if sha256 in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        raise Refusal("audio_lost") from None
    _check_range(request, size)
    return FileResponse(
        path,
        headers=headers,
        media_type=MEDIA_TYPES[format],
        filename=f"{file_name(track.title)}.{format}",
        content_disposition_type="inline",
    )


def _check_range(request: Request, size: int) -> None:
    """Refuse a range that begins behind the end; ignore one that is not understood, as RFC 9110 asks."""
    asked = request.headers.get("range")
    if asked is None:
        return
    match = _RANGE.fullmatch(asked)
    if match is None or match.groups() == ("", ""):
        request.scope["headers"] = [pair for pair in request.scope["headers"] if pair[0] != b"range"]
        return
    first, last = match.groups()
    if (first and int(first) >= size) or (not first and int(last) == 0):
        raise Refusal("range_not_satisfiable", headers={"Content-Range": f"bytes */{size}"})
    if first and last and int(last) < int(first):
        request.scope["headers"] = [pair for pair in request.scope["headers"] if pair[0] != b"range"]


def file_name(title: str) -> str:
    """A title as a file's name: no separators, no control characters, not hidden, never empty."""
    name = "".join(char for char in title if char.isprintable() and char not in '/\\:*?"<>|')
    return name.strip(" .")[:100] or "track"
