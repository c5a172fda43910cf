"""HTTP by hand, for requests that no client would send."""

from __future__ import annotations

import io
import json
import socket
from dataclasses import dataclass
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urlsplit


@dataclass
class Answer:
    """One of the answers on a connection."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def problem(self) -> dict[str, Any]:
        """The body, which is a problem."""
        found: dict[str, Any] = json.loads(self.body)
        assert self.header("content-type") == "application/problem+json"
        assert found["status"] == self.status
        assert found["request_id"] == self.header("x-request-id")
        return found

    @property
    def code(self) -> str:
        """The problem's code, or nothing."""
        if self.header("content-type") != "application/problem+json":
            return ""
        return str(self.problem()["code"])

    def header(self, name: str) -> str | None:
        """A header that is there once, or not at all."""
        found = [value for known, value in self.headers if known.lower() == name]
        assert len(found) < 2, found
        return found[0] if found else None


class Wire:
    """A connection to a server."""

    def __init__(self, url: str, seconds: float = 10) -> None:
        where = urlsplit(url)
        self.host = where.netloc
        self.socket = socket.create_connection((where.hostname, where.port), timeout=seconds)

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        """As it is."""
        self.socket.sendall(data)

    def request(self, line: str = "GET /healthz HTTP/1.1", *headers: str, host: str | None = None) -> None:
        """A head without faults: the line, `Host`, the other headers."""
        lines = [line, f"Host: {host or self.host}", *headers, "", ""]
        self.send("\r\n".join(lines).encode("latin-1"))

    def rest(self) -> bytes:
        """All that comes until the server closes, or resets, the connection."""
        found = b""
        try:
            while piece := self.socket.recv(65536):
                found += piece
        except ConnectionResetError:
            pass
        return found

    def answers(self) -> list[Answer]:
        """The answers on this connection, until the server closes it."""
        return parsed(self.rest())

    def answer(self) -> Answer:
        """The only one."""
        [answer] = self.answers()
        return answer

    def first(self) -> Answer:
        """The next one, on a connection that may stay open."""
        response = HTTPResponse(self.socket)
        response.begin()
        return Answer(response.status, response.getheaders(), response.read())


class _Bytes:
    """What `HTTPResponse` wants of a socket."""

    def __init__(self, file: io.BytesIO) -> None:
        self._file = file

    def makefile(self, *_: object) -> io.BytesIO:
        return self._file


class _Open(io.BytesIO):
    def close(self) -> None:
        """`HTTPResponse` closes after each answer; the next one is still in here."""


def parsed(data: bytes) -> list[Answer]:
    """The answers in these bytes, each whole."""
    file, found = _Open(data), []
    while file.tell() < len(data):
        response = HTTPResponse(_Bytes(file))  # type: ignore[arg-type]
        response.begin()
        found.append(Answer(response.status, response.getheaders(), response.read()))
    return found
