"""A receiver on loopback that does with each connection what its script says, byte by byte."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self


class Receiver:
    """Attributes: `heard`: heads and bodies; `connections`: how many were made; `sent`: bytes of `pour`."""

    def __init__(
        self, script: Script, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None, port: int = 0
    ) -> None:
        self._script = script
        self._where = (host, port)
        self._tls = tls
        self._tasks: set[asyncio.Task[None]] = set()
        self.heard: list[tuple[str, bytes]] = []
        self.connections = 0
        self.sent = 0
        self.cut = asyncio.Event()

    @property
    def url(self) -> str:
        host = f"[{self._where[0]}]" if ":" in self._where[0] else self._where[0]
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}/hook"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, *self._where, ssl=self._tls)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            await self._script(self, reader, writer)
        except (OSError, EOFError):
            self.cut.set()
        except asyncio.CancelledError:
            task.uncancel()  # by us, at the end
        finally:
            writer.transport.abort()
            self._tasks.discard(task)

    def take_little(self) -> None:
        """Have the system take no more of what nobody reads than it must."""
        for listener in self._server.sockets:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)

    async def request(self, reader: asyncio.StreamReader) -> None:
        """Hear one to its end."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        sizes = [line[15:] for line in head.lower().split("\r\n") if line.startswith("content-length:")]
        self.heard.append((head, await reader.readexactly(int(sizes[0]) if sizes else 0)))

    async def pour(self, writer: asyncio.StreamWriter, piece: bytes, *, most: int = 10**8) -> None:
        """Send the same without end, as quickly as it is taken."""
        while self.sent < most:
            writer.write(piece)
            await writer.drain()
            self.sent += len(piece)


Script = Callable[[Receiver, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def answering(*answers: bytes | str) -> Script:
    """These in turn, the last one again and again; on every connection from the first."""

    async def script(self: Receiver, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        left = list(answers)
        while True:
            await self.request(reader)
            answer = left.pop(0) if len(left) > 1 else left[0]
            writer.write(answer if isinstance(answer, bytes) else answer.encode("latin-1"))
            await writer.drain()

    return script


def ok(body: str = "ok", status: str = "200 OK", **headers: str) -> str:
    lines = [f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items()]
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{''.join(lines)}\r\n{body}"


def dripping(first: str, piece: str, *, every: float = 0.02) -> Script:
    """At once `first`, then a piece at a time, for ever."""

    async def script(self: Receiver, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self.request(reader)
        writer.write(first.encode())
        while True:
            await asyncio.sleep(every)
            writer.write(piece.encode())
            await writer.drain()

    return script


def pouring(first: str, piece: bytes) -> Script:
    """At once `first`, then a piece as often as it is taken."""

    async def script(self: Receiver, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self.request(reader)
        writer.write(first.encode())
        await self.pour(writer, piece)

    return script


def ending(first: str, *, reset: bool) -> Script:
    """At once `first`, then nothing more, by a reset or an orderly end."""

    async def script(self: Receiver, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self.request(reader)
        writer.write(first.encode())
        await writer.drain()
        await asyncio.sleep(0.05)
        if reset:
            connection: socket.socket = writer.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            writer.write_eof()
            await reader.read()

    return script


async def silent(self: Receiver, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Takes the connection, and says nothing."""
    await reader.read(-1)
    raise EOFError


async def deaf(self: Receiver, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Takes the connection, and does not read."""
    assert isinstance(writer.transport, asyncio.ReadTransport)
    writer.transport.pause_reading()
    await asyncio.sleep(20)
