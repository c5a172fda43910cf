"""What a delivery costs through `Egress` beside aiohttp's own `session.post`, to a receiver on this machine.

python -m benchmarks.egress ADDRESS     measures, and prints JSON
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from statistics import median
from typing import Any

from benchmarks.client_processes import figures, stub
from benchmarks.table import Row

AT_ONCE = 16
SENDS = 960
ROUNDS = 15
BODY = json.dumps({"type": "generation.completed", "data": "a" * 970}).encode()
HEADERS = {
    "Content-Type": "application/json",
    "User-Agent": "aimusicverse",
    "webhook-id": "evt_0000000000000000000",
    "webhook-timestamp": "1800000000",
    "webhook-signature": "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
}

Send = Callable[[], Awaitable[Any]]


def measure() -> list[Row]:
    """Medians of interleaved rounds."""
    with stub() as address:
        found = figures("benchmarks.egress", address)
    ours, raw = found["Egress.send"], found["session.post"]
    return [
        Row(
            f"CPU to send 1 KB as a delivery is sent, {AT_ONCE} at once, × raw aiohttp's session.post",
            ours["cpu"] / raw["cpu"],
            1.3,
            note=f"{ours['cpu']:.0f} µs; raw: {raw['cpu']:.0f} µs; {ours['rate']:,.0f}/s",
        ),
    ]


async def _one_round(send: Send) -> tuple[float, float]:
    """Microseconds of CPU for one, and how many in a second."""
    left = iter(range(SENDS))

    async def worker() -> None:
        for _ in left:
            await send()

    cpu, began = time.process_time(), time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    return (time.process_time() - cpu) / SENDS * 1e6, SENDS / (time.perf_counter() - began)


async def _measure(address: str) -> dict[str, dict[str, float]]:
    import aiohttp

    from aimusicverse.egress import Egress, Rules

    url = f"{address}/hooks/music"
    async with aiohttp.ClientSession() as session, Egress(Rules.of(local=True)) as egress:

        async def raw() -> Any:
            async with session.post(url, headers=HEADERS, data=BODY) as response:
                return response.status, await response.read()

        sends: dict[str, Send] = {
            "session.post": raw,
            "Egress.send": lambda: egress.send(url, headers=HEADERS, body=BODY),
        }
        for send in sends.values():
            await _one_round(send)
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in sends}
        for _ in range(ROUNDS):
            for name, send in sends.items():
                taken[name].append(await _one_round(send))
    return {
        name: {"cpu": median(cpu for cpu, _ in pairs), "rate": median(rate for _, rate in pairs)}
        for name, pairs in taken.items()
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_measure(sys.argv[1]))))
