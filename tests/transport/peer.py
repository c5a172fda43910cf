"""A real server on loopback that does with each request what its script says."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Heard:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int


Step = Callable[[socket.socket, "Peer"], None]


class Peer:
    """Steps are taken in turn; the last one is repeated.

    `slams`: so many connections are reset as soon as they are made, before anything is read.
    `greeting`: sent on each connection before anything is read, as HTTP servers do not.
    """

    def __init__(
        self,
        *steps: Step,
        port: int = 0,
        slams: int = 0,
        tls: ssl.SSLContext | None = None,
        greeting: bytes = b"",
    ) -> None:
        self.steps = list(steps)
        self.heard: list[Heard] = []
        self.ending = threading.Event()
        self._lock = threading.Lock()
        self._slams = slams
        self._tls = tls
        self._greeting = greeting
        self._listener = socket.create_server(("127.0.0.1", port), backlog=256)
        self._open: list[socket.socket] = []
        self.port = self._listener.getsockname()[1]
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Peer:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.ending.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        for connection in self._open:
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._slams:
                self._slams -= 1
                cut(connection, self)
                continue
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection, len(self._open)), daemon=True).start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        buffer = b""
        try:
            connection.sendall(self._greeting)
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
                self._open.append(connection)
            while True:
                while b"\r\n\r\n" not in buffer:
                    more = connection.recv(65536)
                    if not more:
                        return
                    buffer += more
                head, buffer = buffer.split(b"\r\n\r\n", 1)
                first, *lines = head.decode("latin-1").split("\r\n")
                headers = {n.lower(): v.strip() for n, v in (line.split(":", 1) for line in lines)}
                size = int(headers.get("content-length", "0"))
                while len(buffer) < size:
                    buffer += connection.recv(65536)
                method, target, _ = first.split(" ")
                with self._lock:
                    step = self.steps[min(len(self.heard), len(self.steps) - 1)]
                    self.heard.append(Heard(method, target, headers, buffer[:size], number))
                buffer = buffer[size:]
                step(connection, self)
        except OSError:
            return


def answer(
    status: int = 200, content: Any = b"", *, of: str | None = None, claim: int | None = None, **headers: str
) -> Step:
    """An answer; `claim` is a Content-Length that is not true, after which the connection is cut."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    kind = of or ("application/octet-stream" if isinstance(content, bytes) else "application/json")

    def step(connection: socket.socket, peer: Peer) -> None:
        lines = [
            f"HTTP/1.1 {status} X",
            f"Content-Type: {kind}",
            f"Content-Length: {len(body) if claim is None else claim}",
        ]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        if claim is not None:
            connection.shutdown(socket.SHUT_RDWR)

    return step


def problem(status: int, code: str, **headers: str) -> Step:
    content = {"title": code.replace("_", " "), "status": status, "code": code, "request_id": "req_1"}
    return answer(status, content, of="application/problem+json", **headers)


def cut(connection: socket.socket, peer: Peer) -> None:
    """No answer, and a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def hang(connection: socket.socket, peer: Peer) -> None:
    """No answer at all."""
    peer.ending.wait(20)


def gibberish(connection: socket.socket, peer: Peer) -> None:
    connection.sendall(b"* OK IMAP4rev1 ready\r\n")
    connection.shutdown(socket.SHUT_RDWR)


def drip_head(every: float = 0.05) -> Step:
    """A head that never ends, a line at a time."""

    def step(connection: socket.socket, peer: Peer) -> None:
        connection.sendall(b"HTTP/1.1 200 X\r\n")
        while not peer.ending.wait(every):
            connection.sendall(b"X-More: 1\r\n")

    return step


def drip(size: int = 1000, every: float = 0.05) -> Step:
    """Head at once, then a byte at a time."""

    def step(connection: socket.socket, peer: Peer) -> None:
        connection.sendall(f"HTTP/1.1 200 X\r\nContent-Length: {size}\r\n\r\n".encode())
        for _ in range(size):
            if peer.ending.wait(every):
                return
            connection.sendall(b"x")

    return step
