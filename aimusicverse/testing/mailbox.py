"""Where messages arrive in a test: a real HTTP server on a loopback port, which answers when it is told."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from concurrent.futures import CancelledError, Future
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, NamedTuple

from aimusicverse.testing.message import Answer

#: How often the server looks whether it is to end, in seconds.
_LOOKS: Final = 0.01
#: What the connection says, and not the message. A framework's test client has its own.
_OF_THE_CONNECTION: Final = frozenset(("accept", "accept-encoding", "connection", "content-length", "host"))


class Arrived(NamedTuple):
    """A request that waits for its answer."""

    body: bytes
    headers: dict[str, str]
    answer: Future[Answer]


class Mailbox:
    """Keeps each request, and its connection, until it is taken out and answered."""

    def __init__(self) -> None:
        self._waiting: dict[str, Arrived] = {}
        self._came = threading.Condition()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.mailbox = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_LOOKS,), name="amv-mailbox", daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._server.server_port}/webhooks"

    def put(self, arrived: Arrived) -> None:
        """Keep a request. Of the same message an earlier one is dropped: its sender has given it up."""
        with self._came:
            before = self._waiting.pop(arrived.headers["webhook-id"], None)
            self._waiting[arrived.headers["webhook-id"]] = arrived
            self._came.notify_all()
        if before is not None:
            before.answer.cancel()

    def take(self, ids: Iterable[str], *, within: float) -> Arrived | None:
        """The request of the first of these messages, once it is there.

        If it is not there within so many seconds, the first that is there is taken instead, if there is one.
        """
        wanted = list(ids)
        with self._came:
            self._came.wait_for(lambda: wanted[0] in self._waiting, within)
            first = next((name for name in wanted if name in self._waiting), None)
            return None if first is None else self._waiting.pop(first)

    def close(self) -> None:
        """Hang up on whoever still waits, and take in no more."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        with self._came:
            for arrived in self._waiting.values():
                arrived.answer.cancel()
            self._waiting.clear()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    mailbox: Mailbox

    def handle_error(self, *_: Any) -> None:
        """Whoever sends may hang up at any time."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        told = {name: value for name, value in headers.items() if name not in _OF_THE_CONNECTION}
        answer: Future[Answer] = Future()
        self.server.mailbox.put(Arrived(body, told, answer))
        try:
            status, more, content = answer.result()
        except CancelledError:
            return
        self.send_response(status)
        for name, value in {**more, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """The test tells what came."""
