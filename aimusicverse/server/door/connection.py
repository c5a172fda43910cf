"""uvicorn's protocol, with what it leaves to proxies: bounds of a head, whose request it is, what is refused.

Why it is subclassed at all: heads are read before any application is asked, without a bound where httptools
parses them; trailers end up among the headers; an absolute target (RFC 9112, section 3.2.2) is cut down to
its path and its host forgotten; and what cannot be parsed is answered in plain text, without a problem, and
into the middle of an answer that is under way.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from aimusicverse.server.door.answer_headers import SECURITY
from aimusicverse.server.ids import new_id
from aimusicverse.server.problems import problem

if TYPE_CHECKING:
    from aimusicverse.server.door.patience import Waiting

log: Final = logging.getLogger("aimusicverse.server.access")

#: How long what a refused client still sends is thrown away, so that it gets to read why (RFC 9112, 9.6).
LINGER_SECONDS: Final = 1.0
LINGER_BYTES: Final = 1024 * 1024


#: In which pieces h11 gets a head.
_PIECE: Final = 1024


class _Bounds:
    """What both kinds of connection have. `head_bytes`: of request line and headers together."""

    head_bytes: int = 32 * 1024
    #: Bytes that ever came in.
    received: int = 0
    #: How often a reader that was slow took the most of what waited for it.
    resumed: int = 0
    #: Whether what comes in is thrown away, and how much of it was.
    _refused: bool = False
    _thrown_away: int = 0

    if TYPE_CHECKING:
        loop: Any
        transport: Any
        cycle: Any
        timeout_keep_alive_task: Any
        server_state: Any

    def resume_writing(self) -> None:
        """Called by the transport."""
        self.resumed += 1
        super().resume_writing()  # type: ignore[misc]

    def throw_away(self, data: bytes) -> None:
        """Read what a refused client still sends, within bounds."""
        self._thrown_away += len(data)
        if self._thrown_away > LINGER_BYTES:
            self.transport.abort()

    def cut(self, what: Waiting) -> None:
        """End a connection that was waited for too long."""
        unread = self.cycle is not None and self.cycle.response_complete and self.cycle.more_body
        if what == "answer" or not self.received or unread:
            self._tell_that_nobody_listens()
            self.transport.abort()
        else:
            self.turn_away("request_timeout")

    def turn_away(self, code: str) -> None:
        """Answer with a problem, if an answer can still be told from others, and end the connection."""
        if self._refused or self.transport.is_closing():
            return
        self._refused = True
        cycle, request_id = self.cycle, new_id("req")
        begins = cycle is None or cycle.response_complete
        if begins or (cycle.more_body and not cycle.response_started):
            self.transport.write(_raw_problem(code, request_id, self.server_state.default_headers))
        self._tell_that_nobody_listens()
        log.info("connection refused", extra={"request_id": request_id, "code": code})
        if self.transport.can_write_eof():
            self.transport.write_eof()
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
        self.timeout_keep_alive_task = self.loop.call_later(LINGER_SECONDS, self.transport.close)

    def _tell_that_nobody_listens(self) -> None:
        """To whoever still answers."""
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()


def _raw_problem(code: str, request_id: str, default: Iterable[tuple[bytes, bytes]]) -> bytes:
    found = problem(code, request_id=request_id)
    body = found.model_dump_json(exclude_none=True).encode()
    headers = (
        *default,
        (b"content-type", b"application/problem+json"),
        (b"content-length", b"%d" % len(body)),
        (b"connection", b"close"),
        (b"x-request-id", request_id.encode()),
        *SECURITY,
    )
    first = f"HTTP/1.1 {found.status} {HTTPStatus(found.status).phrase}\r\n".encode()
    return first + b"".join(b"%s: %s\r\n" % header for header in headers) + b"\r\n" + body


class GuardedH11(_Bounds, H11Protocol):
    """Where httptools has no wheel. h11 puts trailers nowhere, and bounds heads that come in pieces."""

    def data_received(self, data: bytes) -> None:
        """Called by the transport."""
        self.received += len(data)
        if self._refused:
            self.throw_away(data)
        while data and not self._refused:
            size = _PIECE if self.conn.their_state is h11.IDLE else len(data)
            super().data_received(data[:size])
            data = data[size:]

    def send_400_response(self, msg: str) -> None:
        """Called by uvicorn, while it handles h11's error."""
        too_large = (
            getattr(sys.exception(), "error_status_hint", None) == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        )
        self.turn_away("headers_too_large" if too_large else "malformed_http")


Guarded: type[Any] = GuardedH11
try:
    import httptools
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
except ImportError:  # httptools has no wheel for every platform
    pass
else:

    class GuardedHttpTools(_Bounds, HttpToolsProtocol):
        """Where httptools parses."""

        #: Bytes since the parser last got anywhere: to the end of a head, or a piece of a body.
        _silent: int = 0
        _why: str = "malformed_http"

        def data_received(self, data: bytes) -> None:
            """Called by the transport."""
            if self._refused:
                self.throw_away(data)
                return
            size = len(data)
            self.received += size
            self._silent += size
            self._unset_keepalive_if_required()
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade:
                self._refused = True  # the request is answered all the same; what follows could be anything
            except httptools.HttpParserError:
                self.turn_away(self._why)
            else:
                if self._silent > self.head_bytes:
                    self.turn_away("headers_too_large" if self.headers else "url_too_long")

        def on_headers_complete(self) -> None:
            """Called by the parser."""
            if self._silent > self.head_bytes:
                self._measure()  # there may be a body among those bytes
            self._silent = 0
            if self.url[:1] != b"/":
                self._take_target()
            super().on_headers_complete()
            self.headers = []  # trailers would be taken for headers of the request

        def on_body(self, body: bytes) -> None:
            """Called by the parser."""
            self._silent = 0
            super().on_body(body)

        def _measure(self) -> None:
            size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
            if size > self.head_bytes:
                too_long = len(self.url) > self.head_bytes // 2
                self._refuse("url_too_long" if too_long else "headers_too_large")

        def _take_target(self) -> None:
            """Let the host of an absolute target stand for `Host`, as RFC 9112 asks; the rest is refused."""
            if self.url == b"*":
                return
            _, scheme, rest = self.url.partition(b"://")
            authority, slash, path = rest.partition(b"/")
            if not scheme or not authority or b"@" in authority or b"?" in authority:
                self._refuse("malformed_http")
            self.url = slash + path or b"/"
            self.headers[:] = [(b"host", authority), *(one for one in self.headers if one[0] != b"host")]

        def _refuse(self, code: str) -> None:
            """Stop the parser, which passes no exception on."""
            self._why = code
            raise ValueError(code)

    Guarded = GuardedHttpTools
