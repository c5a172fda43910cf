"""A network that keeps deadlines: no row of small reads, writes or addresses outlasts a call's time.

A plain socket's timeout begins anew with each read, so a server that sends a byte a second holds a blocked
thread for as long as it likes. Here each step gets only what is left. (Async calls are cancelled instead.)
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable
from typing import Any

import httpcore

from aimusicverse.transport.deadline import SecondsLeft
from aimusicverse.transport.lean_httpx import httpx

#: Bytes between two looks at the clock while sending.
_PIECE = 65536


class DeadlineTransport(httpx.HTTPTransport):
    """httpx's transport over the network below."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # httpx has no argument for what httpcore takes as one. Were it to move, phases would still end.
        if hasattr(self._pool, "_network_backend"):
            self._pool._network_backend = DeadlineNetwork()


class DeadlineNetwork(httpcore.NetworkBackend):
    """Opens connections whose every step ends with the call."""

    def __init__(self) -> None:
        self._system = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of `host` that picks up."""
        lost: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in _addresses(host, port):
            try:
                stream = self._system.connect_tcp(
                    address, port, _left(timeout, httpcore.ConnectTimeout), local_address, socket_options
                )
                return DeadlineStream(stream)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as problem:
                lost = problem
        raise lost or httpcore.ConnectError(f"{host} has no address")

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to a socket in the file system."""
        return DeadlineStream(self._system.connect_unix_socket(path, timeout, socket_options))


class DeadlineStream(httpcore.NetworkStream):
    """A connection that looks at the clock before each step."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes."""
        return self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All bytes."""
        if len(buffer) <= _PIECE:
            self._stream.write(buffer, _left(timeout, httpcore.WriteTimeout))
            return
        for start in range(0, len(buffer), _PIECE):
            self._stream.write(buffer[start : start + _PIECE], _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        """Close."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """The same connection, encrypted."""
        left = _left(timeout, httpcore.ConnectTimeout)
        return DeadlineStream(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks a stream for."""
        return self._stream.get_extra_info(info)


def _addresses(host: str, port: int) -> list[str]:
    """Those of `host`, in the system's order.

    Raises:
        httpcore.ConnectError: it has none, in the system's words.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as problem:
        raise httpcore.ConnectError(str(problem)) from problem
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _left(timeout: float | None, over: type[httpcore.TimeoutException]) -> float | None:
    if not isinstance(timeout, SecondsLeft):
        return timeout
    seconds = timeout.now()
    if seconds <= 0.0:
        raise over("the deadline has passed")
    return seconds
