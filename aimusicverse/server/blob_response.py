"""A blob over HTTP: ranges, validators, a file name (RFC 9110, sections 13 and 14)."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final
from urllib.parse import quote

import anyio
from fastapi import Request
from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

from aimusicverse.server.problems import Refusal
from aimusicverse.server.store.blobs import BlobLost, Blobs, Content
from aimusicverse.server.store.errors import StoreError

log: Final = logging.getLogger("aimusicverse.server")

_RANGE = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*")


async def blob_response(
    request: Request,
    blobs: Blobs,
    content: Content,
    *,
    media_type: str,
    name: str,
    lost: str,
    headers: dict[str, str],
) -> Response:
    """The content, a part of it, or 304. Its first piece is read here: until then it can be refused.

    Args:
        request: of it.
        blobs: where it is kept.
        content: which blob.
        media_type: what it is.
        name: of the file, if it is saved.
        lost: the code of the problem when the blob is not there any more.
        headers: further ones, such as how long it may be kept.

    Raises:
        Refusal: `range_not_satisfiable`, or the one that `lost` names.
        StoreError: the blobs do not answer.
    """
    headers = {"ETag": f'"{content.sha256}"', "X-Content-SHA256": content.sha256, **headers}
    if content.sha256 in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    part = _part(request, headers["ETag"], content.size)
    first, end = part or (0, content.size)
    headers |= {
        "Accept-Ranges": "bytes",
        "Content-Disposition": disposition(name),
        "Content-Length": str(end - first),
        "Content-Type": media_type,
    }
    if part is not None:
        headers["Content-Range"] = f"bytes {first}-{end - 1}/{content.size}"
    pieces = _nothing() if request.method == "HEAD" else blobs.read(content.sha256, first, end)
    try:
        beginning = await anext(pieces, b"")
    except BlobLost as error:
        log.error("a blob is lost", extra={"path": request.url.path, "error": str(error)})
        raise Refusal(lost) from None
    return _Streamed(_joined(beginning, pieces), status_code=200 if part is None else 206, headers=headers)


class _Streamed(Response):
    """Sends pieces until the listener goes or there are no more."""

    def __init__(
        self, pieces: AsyncGenerator[bytes, None], *, status_code: int, headers: dict[str, str]
    ) -> None:
        self._pieces = pieces
        self.status_code = status_code
        self.background = None
        self.init_headers(headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request. An answer that cannot be finished is cut: its length says so."""
        async with anyio.create_task_group() as tasks:

            async def send_all() -> None:
                try:
                    await self._send(send)
                except (StoreError, BlobLost) as error:
                    log.error(
                        "an answer was cut",
                        extra={"request_id": scope["amv.request_id"], "error": str(error)},
                    )
                tasks.cancel_scope.cancel()

            tasks.start_soon(send_all)
            while (await receive())["type"] != "http.disconnect":
                pass
            tasks.cancel_scope.cancel()  # nothing more is read from a store for somebody who has gone

    async def _send(self, send: Send) -> None:
        async with aclosing(self._pieces) as pieces:
            await send(
                {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
            )
            async for piece in pieces:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _joined(beginning: bytes, rest: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    async with aclosing(rest):
        if beginning:
            yield beginning
        async for piece in rest:
            yield piece


async def _nothing() -> AsyncGenerator[bytes, None]:
    return
    yield b""


def _part(request: Request, etag: str, size: int) -> tuple[int, int] | None:
    """First byte and end of the range that is asked for; `None` for the whole.

    One that begins behind the end is refused; one that is not understood, or is meant for other content
    (`If-Range`), is ignored, as RFC 9110 asks.
    """
    match = _RANGE.fullmatch(request.headers.get("range", ""))
    if match is None or match.groups() == ("", "") or request.headers.get("if-range", etag) != etag:
        return None
    first, last = match.groups()
    if (first and int(first) >= size) or (not first and int(last) == 0):
        raise Refusal("range_not_satisfiable", headers={"Content-Range": f"bytes */{size}"})
    if not first:
        return max(0, size - int(last)), size
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last) + 1, size) if last else size


def disposition(name: str, kind: str = "inline") -> str:
    """Under this name if it is saved (RFC 6266, RFC 8187). `inline`: shown, not saved; else `attachment`."""
    quoted = quote(name)
    return f'{kind}; filename="{name}"' if quoted == name else f"{kind}; filename*=utf-8''{quoted}"


def file_name(title: str, otherwise: str) -> str:
    """A title as a file's name: no separators, no control characters, not hidden, never empty."""
    name = "".join(char for char in title if char.isprintable() and char not in '/\\:*?"<>|')
    return name.strip(" .")[:100] or otherwise
