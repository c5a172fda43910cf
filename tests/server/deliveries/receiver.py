"""Somebody's endpoint: a real HTTP server on a loopback port, which answers as a test says."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aimusicverse import webhooks
from aimusicverse.types import WebhookEvent

#: Answers by itself: whatever it likes, on the socket.
Behaviour = Callable[[BaseHTTPRequestHandler], None]
PATIENCE = 20.0


@dataclass(frozen=True)
class Received:
    """A request as it came."""

    path: str
    headers: Message
    body: bytes

    def judged(self, secret: str) -> WebhookEvent:
        """The event in it.

        Raises:
            WebhookVerificationError: it is not signed by that secret.
        """
        return webhooks.unwrap(self.body, dict(self.headers.items()), secret)

    @property
    def id(self) -> str:
        """Of the message."""
        return str(self.headers["webhook-id"])


@dataclass
class Receiver:
    """What came, and what is answered: the next of `answers`, or, when there is none left, `usual`."""

    port: int = 0
    received: list[Received] = field(default_factory=list)
    answers: deque[int | Behaviour] = field(default_factory=deque)
    usual: int | Behaviour = 200
    #: Instead of these, at some paths.
    at: dict[str, int | Behaviour] = field(default_factory=dict)
    _came: threading.Condition = field(default_factory=threading.Condition)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}/hook"

    def wait_for(self, count: int) -> list[Received]:
        """The first `count` requests, once they are there."""
        with self._came:
            assert self._came.wait_for(lambda: len(self.received) >= count, PATIENCE), (
                f"{len(self.received)} of {count} requests came"
            )
            return self.received[:count]

    def of_type(self, type: str, count: int = 1) -> list[Received]:
        """The first `count` requests that carry events of a type, once they are there."""
        mark = f'"type":"{type}"'.encode()

        def found() -> list[Received]:
            return [one for one in self.received if mark in one.body]

        with self._came:
            assert self._came.wait_for(lambda: len(found()) >= count, PATIENCE), (
                f"{len(found())} of {count} {type} came"
            )
            return found()[:count]

    def take(self, handler: BaseHTTPRequestHandler) -> int | Behaviour:
        """Note a request; how it is to be answered."""
        length = int(handler.headers.get("content-length", 0))
        with self._came:
            self.received.append(Received(handler.path, handler.headers, handler.rfile.read(length)))
            answer = self.at.get(handler.path) or (self.answers.popleft() if self.answers else self.usual)
            self._came.notify_all()
        return answer


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver while the block runs."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            answer = receiver.take(self)
            if callable(answer):
                answer(self)
            else:
                answer_with(answer)(self)

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, *_: Any) -> None:
            pass  # whoever sends may hang up at any time

    with Server(("127.0.0.1", 0), Handler) as server:
        receiver.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()


def answer_with(status: int, body: bytes = b"", **headers: str) -> Behaviour:
    """Answer with this, and nothing odd; underscores in names of headers are hyphens."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer
