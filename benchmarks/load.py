"""A load generator of its own process: open loop, HTTP/1.1 with keep-alive, nothing but asyncio.

    python -m benchmarks.load < order.json

The order: {"host": …, "ports": […], "headers": {…}, "seconds": 10, "streams": [{"rate": 500, "paths": […]}]}
A stream asks for its paths at random, or sends each of "once": [[method, path, body, {header: value}], …]
once, in their order. Connections are spread over the ports. The figures come stream by stream.

Open loop: a request is due at its time whether or not earlier ones were answered, and its latency counts from
when it was due. So a server that falls behind shows it, instead of slowing down whoever asks.
"""

from __future__ import annotations

import asyncio
import gc
import json
import random
import sys
import time
from collections.abc import Iterator
from itertools import cycle
from typing import Any

CONNECTIONS = 64
#: How long to wait for answers after the last request was due.
LAST_ANSWER_SECONDS = 30


class Connection(asyncio.Protocol):
    """One keep-alive connection; one request at a time."""

    def __init__(self) -> None:
        self._buffer = b""
        self._awaited = -1
        self._status = 0
        self._answer: asyncio.Future[int] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ready."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    @property
    def is_closed(self) -> bool:
        """Whether nothing can be asked on it any more."""
        return self._transport is None or self._transport.is_closing()

    def connection_lost(self, error: Exception | None) -> None:
        """Whoever waits learns that nothing will come."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(0)

    def ask(self, request: bytes) -> asyncio.Future[int]:
        """Send; the status of the whole answer, 0 for none."""
        self._answer = asyncio.get_running_loop().create_future()
        if self._transport is None or self.is_closed:
            self._answer.set_result(0)
        else:
            self._transport.write(request)
        return self._answer

    def data_received(self, data: bytes) -> None:
        """Collect until head and body are there."""
        self._buffer += data
        if self._awaited < 0:
            head, found, body = self._buffer.partition(b"\r\n\r\n")
            if not found:
                return
            lowered = head.lower()
            self._status = int(head[9:12])
            self._awaited = 0
            if self._status != 204:
                at = lowered.index(b"content-length:") + 15
                self._awaited = int(lowered[at : (lowered + b"\r\n").index(b"\r\n", at)])
            self._buffer = body
        if len(self._buffer) >= self._awaited:
            self._buffer, self._awaited = b"", -1
            if self._answer is not None and not self._answer.done():
                self._answer.set_result(self._status)


async def load(order: dict[str, Any]) -> list[dict[str, Any]]:
    """Offer the load; for each stream its latencies in milliseconds."""
    loop = asyncio.get_running_loop()
    free: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
    ports = cycle(order["ports"])

    async def connected() -> Connection:
        return (await loop.create_connection(Connection, order["host"], next(ports)))[1]

    for _ in range(CONNECTIONS):
        free.put_nowait(await connected())

    gc.disable()  # the generator's own pauses are not the server's
    cpu = time.process_time()
    began = loop.time() + 0.05

    async def stream(ordered: dict[str, Any]) -> dict[str, Any]:
        requests = _requests(order, ordered)
        latencies: list[float] = []
        errors = 0

        async def one(request: bytes, due: float) -> None:
            nonlocal errors
            connection = await free.get()
            if connection.is_closed:  # the server ends those that are idle for a while
                connection = await connected()
            status = await connection.ask(request)
            free.put_nowait(connection)
            if 200 <= status < 300:
                latencies.append((loop.time() - due) * 1000)
            else:
                errors += 1

        tasks: set[asyncio.Task[None]] = set()
        for number in range(int(ordered["rate"] * order["seconds"])):
            due = began + number / ordered["rate"]
            if (rest := due - loop.time()) > 0:
                await asyncio.sleep(rest)
            task = loop.create_task(one(next(requests), due))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        if tasks:
            _, unanswered = await asyncio.wait(tasks, timeout=LAST_ANSWER_SECONDS)
            errors += len(unanswered)
            for task in unanswered:
                task.cancel()
        return _figures(latencies, errors, loop.time() - began)

    figures = await asyncio.gather(*(stream(ordered) for ordered in order["streams"]))
    busy = (time.process_time() - cpu) / (loop.time() - began)
    return [each | {"generator_cpu": busy} for each in figures]


def _requests(order: dict[str, Any], stream: dict[str, Any]) -> Iterator[bytes]:
    """What a stream sends, one after the other."""

    def request(method: str, path: str, body: str = "", more: dict[str, str] | None = None) -> bytes:
        headers = {"Host": order["host"], **order["headers"], **(more or {})}
        if body:
            headers |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"{method} {path} HTTP/1.1\r\n{lines}\r\n{body}".encode()

    if "once" in stream:
        yield from (request(*each) for each in stream["once"])
        return
    chooser = random.Random(1)
    requests = [request("GET", path) for path in stream["paths"]]
    while True:
        yield chooser.choice(requests)


def _figures(latencies: list[float], errors: int, lasted: float) -> dict[str, Any]:
    latencies.sort()

    def percentile(part: float) -> float:
        return latencies[min(len(latencies) - 1, int(part * len(latencies)))] if latencies else float("inf")

    return {
        "rate": len(latencies) / lasted,
        "p50": percentile(0.50),
        "p95": percentile(0.95),
        "p99": percentile(0.99),
        "errors": errors,
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(load(json.load(sys.stdin)))))
