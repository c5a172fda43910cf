# Generated from aimusicverse/transport/_async/body.py by scripts/unasync.py: edit there.
"""An answer's body while it is being read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from aimusicverse.errors import APIConnectionError
from aimusicverse.transport.deadline import Deadline
from aimusicverse.transport.failure import TRANSPORT_ERRORS, ExchangeLost, failure, out_of_time
from aimusicverse.transport.lean_httpx import httpx


class Body:
    """What a receiver gets: headers, and the bytes as they come.

    Reading ends with `ExchangeLost` when the connection fails, the deadline passes or bytes are missing;
    a receiver lets that through.
    """

    def __init__(self, response: httpx.Response, deadline: Deadline, doing: str) -> None:
        self._response = response
        self._deadline = deadline
        self._doing = doing
        #: A receiver says False once it has passed bytes on to where they cannot be called back from.
        self.repeatable = True

    @property
    def status(self) -> int:
        """The answer's status."""
        return self._response.status_code

    @property
    def headers(self) -> httpx.Headers:
        """The answer's headers."""
        return self._response.headers

    @property
    def size(self) -> int | None:
        """Bytes to come; None when the server did not say, or compressed them."""
        length = self.headers.get("content-length", "")
        return int(length) if length.isdecimal() and "content-encoding" not in self.headers else None

    def read(self) -> bytes:
        """All of it."""
        return b"".join([chunk for chunk in self.chunks()])

    def chunks(self) -> Iterator[bytes]:
        """Its parts in order."""
        lost: APIConnectionError | None = None
        done = 0
        try:
            for chunk in self._decoded():
                if self._deadline.passed:
                    lost = out_of_time(self._doing, self._deadline.seconds)
                    break
                done += len(chunk)
                yield chunk
        except TRANSPORT_ERRORS as problem:
            lost = failure(problem, self._doing)
        if lost is None and (size := self.size) is not None and size != done:
            lost = APIConnectionError(f"{self._doing}: the answer ended before its end")
        if lost is not None:
            raise ExchangeLost(lost, repeatable=self.repeatable)

    def _decoded(self) -> Iterable[bytes]:
        # A hook of a client that was passed in may have read it already.
        if "content-encoding" in self.headers or self._response.is_stream_consumed:
            return self._response.iter_bytes()
        # As it comes: what httpx wraps around it to decode nothing takes a tenth of a whole call.
        return cast("Iterable[bytes]", self._response.stream)

    def reject(self, reason: str) -> ExchangeLost:
        """What to raise when all bytes came, but not the right ones."""
        return ExchangeLost(APIConnectionError(f"{self._doing}: {reason}"), repeatable=self.repeatable)
