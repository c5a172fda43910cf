"""A file on its way in: what is there, and how to go on after a cut (RFC 9110, sections 13 and 14)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from hashlib import sha256

from aimusicverse.resources.sink import FileSink, StreamSink

CHECKSUM = "x-content-sha256"
_CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})")


class Arrival:
    """The bytes of one file as they come, over as many answers as it takes.

    Going on needs a strong ETag: with it the server sends the rest if the file is still the same, and all
    of it if not (If-Range). The checksum is over the whole, however it came.
    """

    def __init__(
        self, sink: FileSink | StreamSink, progress: Callable[[int, int | None], None] | None
    ) -> None:
        self._sink = sink
        self._progress = progress
        self._done = 0
        self._size: int | None = None
        self._etag: str | None = None
        self._expected = ""
        self._digest = sha256()

    @property
    def continues(self) -> bool:
        """Whether a further answer may bring only what is missing."""
        return self._etag is not None

    def headers(self) -> dict[str, str]:
        """Of the next request: what is missing, if some is there."""
        if self._etag is None or self._done == 0 or self._done == self._size:
            return {}
        return {"range": f"bytes={self._done}-", "if-range": self._etag}

    def begins(self, status: int, headers: Mapping[str, str], size: int | None) -> bool:
        """An answer begins, of `size` bytes. False when it is another file than the one begun with."""
        if status == 206 and self._is_the_rest(headers):
            return True
        if self._done and not self._sink.rewinds:
            return False
        self._forget()
        self._sink.restart()
        self._size = size
        self._expected = headers.get(CHECKSUM, "").lower()
        etag = headers.get("etag", "")
        if etag.startswith('"') and size is not None and status == 200:
            self._etag = etag
        # A part where the whole was asked for is no answer; only its checksum could hide that.
        return status != 206

    def take(self, chunk: bytes) -> None:
        """More of it."""
        self._sink.write(chunk)
        self._digest.update(chunk)
        self._done += len(chunk)
        if self._progress is not None:
            self._progress(self._done, self._size)

    def is_intact(self) -> bool:
        """Whether all of it is there, and as it should be. If not, the next answer begins anew."""
        whole = self._size in (None, self._done)
        if whole and self._expected in ("", self._digest.hexdigest()):
            return True
        self._etag = None
        return False

    def _is_the_rest(self, headers: Mapping[str, str]) -> bool:
        match = _CONTENT_RANGE.fullmatch(headers.get("content-range", ""))
        if match is None or self._etag is None or headers.get("etag", self._etag) != self._etag:
            return False
        first, last, size = map(int, match.groups())
        return (first, last, size) == (self._done, (self._size or 0) - 1, self._size)

    def _forget(self) -> None:
        self._done, self._size, self._etag, self._expected = 0, None, None, ""
        self._digest = sha256()
