"""Where messages arrive in a test: a real HTTP server on a loopback port, which answers when it is told."""

from __future__ import annotations

import selectors
import socket
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, NamedTuple

from aimusicverse.testing.message import Answer

#: How often the server looks whether it is to end, in seconds.
_LOOKS: Final = 0.01
#: Nobody waits longer for an answer: the sender gives up after fifteen seconds.
_LONGEST_SECONDS: Final = 20.0
#: What the connection says, and not the message. A framework's test client has its own.
_OF_THE_CONNECTION: Final = frozenset(("accept", "accept-encoding", "connection", "content-length", "host"))


class Arrived(NamedTuple):
    """A request that waits for its answer."""

    body: bytes
    headers: dict[str, str]
    answer: Future[Answer]
    connection: socket.socket

    @property
    def is_given_up(self) -> bool:
        """Whether the sender has hung up. He says nothing more, so all that can be read is that."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.connection, selectors.EVENT_READ)
            return bool(selector.select(0))


class Mailbox:
    """Keeps each request, and its connection, until it is taken out and answered."""

    def __init__(self) -> None:
        self._waiting: dict[str, Arrived] = {}
        self._answers: list[Future[Answer]] = []
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
        """Keep a request, in the place of an earlier try of the same message."""
        with self._came:
            self._waiting[arrived.headers["webhook-id"]] = arrived
            self._answers.append(arrived.answer)
            self._came.notify_all()

    def take(self, ids: Sequence[str], *, within: float) -> Arrived | None:
        """The request of the first of these messages that is there; None if none comes in time."""
        with self._came:
            return self._came.wait_for(lambda: self._first(ids), within)

    def close(self) -> None:
        """Take in no more, and hang up on whoever still waits: else the server would, when it is to end."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        with self._came:
            for answer in self._answers:
                answer.cancel()  # nothing, if it was given

    def _first(self, ids: Sequence[str]) -> Arrived | None:
        for name in ids:
            arrived = self._waiting.pop(name, None)
            if arrived is not None and not arrived.is_given_up:
                return arrived
        return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    mailbox: Mailbox

    def handle_error(self, *about: Any) -> None:
        """Whoever sends may hang up at any time; all else is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(*about)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        told = {name: value for name, value in headers.items() if name not in _OF_THE_CONNECTION}
        waits: Future[Answer] = Future()
        self.server.mailbox.put(Arrived(body, told, waits, self.connection))
        try:
            answer = waits.result(_LONGEST_SECONDS)
        except (CancelledError, TimeoutError):
            return
        self.send_response(answer.status)
        for name, value in {**answer.headers, "Content-Length": str(len(answer.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_: Any) -> None:
        """The test tells what came."""
