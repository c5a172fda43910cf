"""What it costs to let a call through: who calls, whether his key has the scope, and whether he may call now.

CPU of the whole process, in which nothing else runs, so that what is written behind is in it too.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.processes import PYTHON, environment
from benchmarks.table import Row

MICROSECONDS = 150
CALLS, ROUNDS = 5_000, 9
_PATH = "/api/v1/tracks/trk_0352D1xGR6DXZnWUiFsvQa"

Application = Callable[[Any, Any, Any], Awaitable[None]]


def measure() -> list[Row]:
    """In a process of its own."""
    done = subprocess.run(
        [*PYTHON, "-m", "benchmarks.admission"],
        env=environment(),
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    figures: dict[str, float] = json.loads(done.stdout)
    floor = ("an HMAC", figures["hmac"])
    return [
        Row("auth + scope + limit of a call, µs of CPU", figures["allowed"], MICROSECONDS, floor),
        Row("…of a user without a limit", figures["unlimited"], None, floor),
        Row("…refused, answer included", figures["refused"], None, floor),
    ]


def figures() -> dict[str, float]:
    """Microseconds of CPU a call, medians over rounds."""
    from aimusicverse.server.admission import Admission
    from aimusicverse.server.api_side import answering
    from aimusicverse.server.ground import held_folder, standing
    from aimusicverse.server.settings import Settings

    with tempfile.TemporaryDirectory() as name:
        settings = Settings.from_environment({}, data_dir=Path(name))
        with (
            held_folder(settings) as folder,
            standing(folder, settings, engines={}) as ground,
            answering(ground, process="benchmark") as services,
        ):
            allowed = _key(services, hour=10**9, day=10**9)
            unlimited = ground.key.get_secret_value()
            # One for each round: a key that goes on is suspended.
            refused = [_key(services, hour=0, day=0) for _ in range(ROUNDS)]
            admission = Admission(_checked, services)

            async def all_rounds() -> dict[str, list[float]]:
                taken: dict[str, list[float]] = defaultdict(list)
                for number in range(ROUNDS):
                    keys = {"allowed": allowed, "unlimited": unlimited, "refused": refused[number]}
                    taken["nothing"].append(await _round(_nothing, services, allowed))
                    for what, key in keys.items():
                        taken[what].append(await _round(admission, services, key))
                    taken["hmac"].append(_hmac(allowed.encode()))
                return taken

            taken = asyncio.run(all_rounds())
    idle = median(taken.pop("nothing"))
    return {what: median(found) - (0 if what == "hmac" else idle) for what, found in taken.items()}


def _key(services: Any, *, hour: int, day: int) -> str:
    from aimusicverse.secret import Secret
    from aimusicverse.server.api_keys import queries as api_keys
    from aimusicverse.server.ids import new_id
    from aimusicverse.server.security import key_format, key_hash
    from aimusicverse.server.users import queries as users

    user_id, key_id = new_id("usr"), new_id("key")
    services.store.write_now(
        users.insert, user_id, name="x", tier="custom", role="user", hourly_limit=hour, daily_limit=day
    )
    key, secret = key_format.mint(key_id, "live")
    hashed = key_hash.hashed(secret)
    services.store.write_now(
        api_keys.insert, key_id, owner_id=user_id, name="x", mode="live", hash=hashed, scopes=["tracks:read"]
    )
    text = key.get_secret_value()
    services.authenticator.remember(Secret(text), hashed)
    return text


async def _checked(scope: Any, receive: Any, send: Any) -> None:
    """What a route asks before it does anything."""
    from aimusicverse.server.call import authenticated

    call = await authenticated(_request(scope))
    call.principal.require("tracks:read")


async def _nothing(scope: Any, receive: Any, send: Any) -> None:
    _request(scope)


def _request(scope: Any) -> Any:
    from fastapi import Request

    return Request(scope)


async def _round(app: Application, services: Any, key: str) -> float:
    headers = [
        (b"host", b"127.0.0.1:8787"),
        (b"accept", b"application/json"),
        (b"accept-encoding", b"gzip, deflate"),
        (b"user-agent", b"aimusicverse-python/0.1"),
        (b"authorization", f"Bearer {key}".encode()),
    ]

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        pass

    began = time.process_time()
    for number in range(CALLS):
        scope = {
            "type": "http",
            "method": "GET",
            "path": _PATH,
            "query_string": b"",
            "headers": headers,
            "client": ("127.0.0.1", 5000),
            "server": ("127.0.0.1", 8787),
            "scheme": "http",
            "amv.services": services,
            "amv.request_id": "req_x",
        }
        await app(scope, receive, send)
        if number % 50 == 0:
            await asyncio.sleep(0)  # what is due runs, as between the calls of a server
    return (time.process_time() - began) / CALLS * 1e6


def _hmac(key: bytes) -> float:
    began = time.process_time()
    for _ in range(CALLS):
        hmac.digest(b"k" * 32, key, hashlib.sha256)
    return (time.process_time() - began) / CALLS * 1e6


if __name__ == "__main__":
    json.dump(figures(), sys.stdout)
