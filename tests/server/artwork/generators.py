"""Stand-ins for Stability AI and Replicate: real HTTP servers that speak as their documentation says."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-not-a-real-one"


@dataclass
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def fields(self) -> dict[str, str]:
        """Of a multipart body, read by somebody else than its writer."""
        head = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode()
        parts = list(message_from_bytes(head + self.body).walk())[1:]
        return {
            str(part.get_param("name", header="content-disposition")): str(part.get_payload()).strip()
            for part in parts
        }


@dataclass
class Peer:
    """What came, and what is answered: the next of a method's answers, the last one again and again."""

    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    #: (status, headers, body)
    posts: deque[tuple[int, dict[str, str], bytes]] = field(default_factory=deque)
    gets: deque[tuple[int, dict[str, str], bytes]] = field(default_factory=deque)
    #: What lies at /files/picture.
    file: tuple[int, bytes] = (200, b"")
    #: Answers to a POST wait for it.
    go: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def prediction(status: str, **fields: Any) -> tuple[int, dict[str, str], bytes]:
    """Replicate's object."""
    told = {"id": "gm3qorzdhgbfurvjtvhg6dckhu", "status": status, "output": None, "error": None, **fields}
    return 201, {"Content-Type": "application/json"}, json.dumps(told).encode()


@contextmanager
def listening() -> Iterator[Peer]:
    """One that answers while the block runs."""
    peer = Peer()
    peer.go.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self._heard()
            peer.go.wait(30)
            self._say(*(peer.posts.popleft() if len(peer.posts) > 1 else peer.posts[0]), body)

        def do_GET(self) -> None:
            self._heard()
            if self.path.startswith("/files/"):
                self._say(peer.file[0], {"Content-Type": "image/jpeg"}, peer.file[1], b"")
            else:
                self._say(*(peer.gets.popleft() if len(peer.gets) > 1 else peer.gets[0]), b"")

        def _heard(self) -> bytes:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            peer.asked.append(Asked(self.command, self.path, headers, body))
            return body

        def _say(self, status: int, headers: dict[str, str], body: bytes, _: bytes) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    peer.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield peer
    finally:
        peer.go.set()
        server.shutdown()
        thread.join()
        server.server_close()
