"""An upload that can be gone on with: YouTube's resumable protocol.

    POST …/videos?uploadType=resumable   -> its session (Location)
    PUT session, Content-Range: bytes 0-8388607/20000000   -> 308, Range: how far it is
    PUT session, Content-Range: bytes */20000000           -> the same, and nothing is sent
    PUT session, the last piece                            -> 201, the video

A session that is complete tells its video for as long as it lives: so no answer is ever lost for good.
Source: developers.google.com/youtube/v3/guides/using_resumable_upload_protocol.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from aimusicverse.platforms.answer import Answer, store_incomprehensible
from aimusicverse.platforms.base import DeliveryError
from aimusicverse.platforms.http import Body
from aimusicverse.platforms.youtube.api import Api
from aimusicverse.platforms.youtube.refusals import refusal

#: What pieces are multiples of.
STEP: Final = 256 * 1024
CHUNK: Final = 32 * STEP
_READ: Final = 64 * 1024
#: How often a piece may fail without that a byte gets further, before it is left to the next try.
_MOST_FAILURES: Final = 3
_PAUSES: Final = (0.2, 1.0, 3.0)
_RESUME: Final = 308
_GONE: Final = frozenset({404, 410})
_KIND: Final = "video/mp4"
_SECRET: Final = re.compile(r"(upload_id=|uploadid', b')[^&\s\"']+", re.IGNORECASE)


class SessionGone(Exception):
    """The store does not know the session any more."""


@dataclass(frozen=True, slots=True)
class Far:
    """How far a session is.

    Args:
        bytes: that the store has.
        video: what it became, once it is complete.
    """

    bytes: int
    video: str | None = None


class Uploads:
    """Sessions of one account."""

    def __init__(self, api: Api, chunk: int = CHUNK) -> None:
        """Args:
        api: signed in.
        chunk: bytes of a piece, a multiple of `STEP`.
        """
        self._api = api
        self._chunk = chunk
        _keep_out_of_logs()

    def begin(self, resource: Mapping[str, Any], size: int, index: int) -> str:
        """A new session. Nothing comes of it before its last byte.

        Raises:
            DeliveryError: `metadata`, `quota`, …
        """
        answer = self._api.calls.call(
            "POST",
            f"{self._api.address.upload}/videos",
            params={"uploadType": "resumable", "part": ",".join(resource)},
            data=resource,
            headers={"X-Upload-Content-Length": str(size), "X-Upload-Content-Type": _KIND},
        )
        session = answer.headers.get("Location", "")
        if answer.status != 200:
            raise refusal(answer, self._api.now(), index)
        if not self._is_theirs(session):
            raise DeliveryError(store_incomprehensible("YouTube"))
        return str(session)

    def far(self, session: str, size: int) -> Far:
        """How far it is.

        Raises:
            SessionGone: it is over.
            DeliveryError: the store was not reached.
        """
        answer = self._api.calls.call("PUT", session, headers={"Content-Range": f"bytes */{size}"})
        return self._far(answer)

    def give_up(self, session: str) -> None:
        """End one that is not complete."""
        self._api.calls.call("DELETE", session)

    def send(
        self,
        session: str,
        film: Path,
        size: int,
        before_last: Callable[[], None],
        progress: Callable[[float], None],
    ) -> str:
        """The rest of a file, wherever the session is.

        Args:
            session: of `begin`.
            film: the file; the same in each try.
            size: of it.
            before_last: called before its last byte goes out, once.
            progress: called once a second, with 0 to 1.

        Returns:
            The video.

        Raises:
            SessionGone: it is over.
            DeliveryError: it was interrupted too often, or refused.
        """
        far, failures, is_last = self.far(session, size), 0, False
        while far.video is None:
            length = min(self._chunk, size - far.bytes)
            if far.bytes + length == size and not is_last:
                before_last()
                is_last = True
            try:
                now = self._put(session, film, far.bytes, length, size, progress)
            except DeliveryError as error:
                if error.problem.kind != "transient" or error.retry_after or failures == _MOST_FAILURES:
                    raise
                time.sleep(_PAUSES[failures])
                progress(far.bytes / size)
                now = self.far(session, size)
            failures = 0 if now.bytes > far.bytes else failures + 1
            if failures > _MOST_FAILURES:
                raise DeliveryError(store_incomprehensible("YouTube"))
            far = now
        return far.video

    def _put(
        self, session: str, film: Path, start: int, length: int, size: int, progress: Callable[[float], None]
    ) -> Far:
        def pieces() -> Iterator[bytes]:
            told, left = time.monotonic(), length
            with film.open("rb") as file:
                file.seek(start)
                while left and (piece := file.read(min(_READ, left))):
                    if time.monotonic() - told >= 1:
                        told = time.monotonic()
                        progress((start + length - left) / size)
                    left -= len(piece)
                    yield piece

        progress(start / size)
        content_range = f"bytes {start}-{start + length - 1}/{size}"
        answer = self._api.calls.call(
            "PUT", session, body=Body(_KIND, length, pieces), headers={"Content-Range": content_range}
        )
        return self._far(answer)

    def _far(self, answer: Answer) -> Far:
        if answer.status == _RESUME:
            found = re.fullmatch(r"bytes=0-(\d{1,15})", answer.headers.get("Range", ""), re.ASCII)
            return Far(int(found[1]) + 1 if found else 0)
        if answer.status in (200, 201):
            return Far(0, _video_of(answer))
        if answer.status in _GONE:
            raise SessionGone
        raise refusal(answer, self._api.now())

    def _is_theirs(self, session: str) -> bool:
        """A token goes along with each piece: only to the store, and as well guarded as to it."""
        to, store = urlsplit(session), urlsplit(self._api.address.upload)
        if self._api.address.mode == "sandbox":
            return (to.scheme, to.netloc) == (store.scheme, store.netloc)
        return to.scheme == "https" and (to.hostname or "").endswith(".googleapis.com")


def _video_of(answer: Answer) -> str:
    try:
        video = json.loads(answer.content)["id"]
    except (ValueError, RecursionError, KeyError, TypeError):
        video = None
    if not isinstance(video, str) or not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", video):
        raise DeliveryError(store_incomprehensible("YouTube"))
    return video


def _keep_out_of_logs() -> None:
    """Whoever knows a session can upload there; httpx logs addresses, and httpcore the heads of answers."""
    for name in ("httpx", "httpcore.http11", "httpcore.http2"):
        logger = logging.getLogger(name)
        if _masked not in logger.filters:
            logger.addFilter(_masked)


def _masked(record: logging.LogRecord) -> bool:
    if isinstance(record.args, tuple):
        record.args = tuple(_mask(one) for one in record.args)
    record.msg = _mask(record.msg)
    return True


def _mask(said: Any) -> Any:
    text = str(said)
    return _SECRET.sub(r"\1***", text) if _SECRET.search(text) else said
