"""A gigabyte down and a gigabyte up: how much more memory the client's process takes meanwhile.

python -m benchmarks.client_memory ADDRESS sync|async|aiohttp     measures, and prints JSON
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.client_processes import figures, stub
from benchmarks.client_stub import BIG
from benchmarks.table import Row

MEGABYTES = 40
WORLDS = ("sync", "async", "aiohttp")


def measure() -> list[Row]:
    """Peaks over what the process had after its first small call."""
    rows: list[Row] = []
    with stub() as address:
        for world in WORLDS:
            found = figures("benchmarks.client_memory", address, world)
            for way in ("down", "up"):
                note = f"in {found[way]['seconds']:.1f} s"
                what = f"1 GB {way}, {world}: extra memory, MB"
                rows.append(Row(what, found[way]["megabytes"], MEGABYTES, note=note))
    return rows


def _peak() -> float:
    """MB (10⁶ bytes), the highest so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


async def _transfer(address: str, world: str) -> dict[str, dict[str, float]]:
    from pydantic import TypeAdapter

    from aimusicverse import AsyncClient, Client
    from aimusicverse.transport.request import build
    from aimusicverse.transport.source import FileSource
    from aimusicverse.types.local import Received

    client: Any = (
        Client("amv_test_a_b", address)
        if world == "sync"
        else AsyncClient("amv_test_a_b", address, transport="aiohttp" if world == "aiohttp" else None)
    )

    async def done(result: Any) -> Any:
        return result if world == "sync" else await result

    await done(client.tracks.get("trk_1"))
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        big = Path(folder) / "big.wav"
        for way in ("down", "up"):
            before, began = _peak(), time.perf_counter()
            if way == "down":
                await done(client.tracks.download("trk_1", big))
                size = big.stat().st_size
            else:
                request = build("POST", "/_local/upload", source=FileSource(big), prefix="")
                sent = client._engine.fetch(request, TypeAdapter(Received), timeout=600, retries=0)
                size = (await done(sent)).size_bytes
            if size != BIG:
                raise RuntimeError(f"{size} bytes went {way}")
            found[way] = {"megabytes": _peak() - before, "seconds": time.perf_counter() - began}
    return found


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_transfer(sys.argv[1], sys.argv[2]))))
