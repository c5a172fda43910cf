"""An endpoint in a process of its own: takes what comes, and when, with nothing but asyncio.

python -m benchmarks.webhook_receiver

It says its port on the first line. For each line it reads it prints, as JSON, what came since the last one:
[[path, id of the message, milliseconds from the event's timestamp to its arrival], …]
"""

from __future__ import annotations

import asyncio
import gc
import json
import re
import sys
import time
from datetime import datetime

_ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
_HAPPENED = re.compile(rb'"timestamp":"([^"]+)"')

came: list[tuple[str, str, float]] = []


class Endpoint(asyncio.Protocol):
    """One connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ready."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._buffer = b""

    def data_received(self, data: bytes) -> None:
        """Answer when a request is whole."""
        self._buffer += data
        while True:
            head, found, rest = self._buffer.partition(b"\r\n\r\n")
            if not found:
                return
            lines = head.decode("latin-1").split("\r\n")
            headers = dict(line.lower().split(": ", 1) for line in lines[1:])
            length = int(headers["content-length"])
            if len(rest) < length:
                return
            body, self._buffer = rest[:length], rest[length:]
            arrived = time.time()
            happened = _HAPPENED.search(body)
            assert happened is not None
            moment = datetime.fromisoformat(happened[1].decode()).timestamp()
            came.append((lines[0].split(" ")[1], headers["webhook-id"], (arrived - moment) * 1000))
            self._transport.write(_ANSWER)


async def main() -> None:
    """Serve until nobody asks any more."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Endpoint, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    gc.disable()  # its own pauses are not the server's
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(json.dumps(came), flush=True)
        came.clear()


if __name__ == "__main__":
    asyncio.run(main())
