"""64 calls at once, in one event loop: CPU per call over the transport in use, and throughput.

python -m benchmarks.client_concurrency ADDRESS     measures, and prints JSON
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

AT_ONCE = 64
CALLS = 1_280
ROUNDS = 7

Call = Callable[[], Awaitable[Any]]


def measure() -> list[Row]:
    """Medians of interleaved rounds."""
    with stub() as address:
        found = figures("benchmarks.client_concurrency", address)
    cpu = {name: taken["cpu"] for name, taken in found.items()}
    rate = {name: taken["rate"] for name, taken in found.items()}
    over = f"{AT_ONCE} at once: CPU per call over"
    return [
        Row(
            f"{over} httpx, µs",
            cpu["ours"] - cpu["httpx"],
            200,
            ("raw httpx", cpu["httpx"]),
            note=f"{cpu['ours']:.0f} µs in all",
        ),
        Row(
            f"{over} httpx on aiohttp, µs",
            cpu["ours on aiohttp"] - cpu["httpx on aiohttp"],
            200,
            ("httpx on aiohttp", cpu["httpx on aiohttp"]),
            note=f"{cpu['ours on aiohttp']:.0f} µs in all; raw aiohttp: {cpu['aiohttp']:.0f} µs",
        ),
        Row(
            f"{AT_ONCE} at once: calls per second with aiohttp, × raw httpx's",
            rate["ours on aiohttp"] / rate["httpx"],
            6,
            at_least=True,
            note=f"{rate['ours on aiohttp']:.0f}/s; raw httpx: {rate['httpx']:.0f}/s",
        ),
    ]


async def _one_round(call: Call) -> tuple[float, float]:
    """Microseconds of CPU per call, and calls per second."""
    left = iter(range(CALLS))

    async def worker() -> None:
        for _ in left:
            await call()

    cpu, began = time.process_time(), time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    return (time.process_time() - cpu) / CALLS * 1e6, CALLS / (time.perf_counter() - began)


async def _measure(address: str) -> dict[str, dict[str, float]]:
    import aiohttp
    import httpx
    from httpx_aiohttp import AiohttpTransport

    from aimusicverse import AsyncClient

    url = f"{address}/api/v1/tracks/trk_1"
    async with (
        httpx.AsyncClient() as raw,
        httpx.AsyncClient(transport=AiohttpTransport()) as over_aiohttp,
        aiohttp.ClientSession() as session,
        AsyncClient("amv_test_a_b", address) as ours,
        AsyncClient("amv_test_a_b", address, transport="aiohttp") as ours_over_aiohttp,
    ):

        async def with_httpx() -> Any:
            return (await raw.get(url)).json()

        async def with_httpx_over_aiohttp() -> Any:
            return (await over_aiohttp.get(url)).json()

        async def with_aiohttp() -> Any:
            async with session.get(url) as response:
                return await response.json()

        calls: dict[str, Call] = {
            "httpx": with_httpx,
            "ours": lambda: ours.tracks.get("trk_1"),
            "httpx on aiohttp": with_httpx_over_aiohttp,
            "ours on aiohttp": lambda: ours_over_aiohttp.tracks.get("trk_1"),
            "aiohttp": with_aiohttp,
        }
        for call in calls.values():
            await _one_round(call)
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in calls}
        for _ in range(ROUNDS):
            for name, call in calls.items():
                taken[name].append(await _one_round(call))
    return {
        name: {"cpu": median(cpu for cpu, _ in pairs), "rate": median(rate for _, rate in pairs)}
        for name, pairs in taken.items()
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_measure(sys.argv[1]))))
