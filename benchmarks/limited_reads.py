"""Reads of one track that pass everything: the key, the scope, both limits of a custom tier, and the record.

One process on SQLite, and the load generator beside it on the same machine.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import httpx
import numpy as np
import soundfile

from benchmarks.reads import Server, amv_serve, offer
from benchmarks.table import Row

RATE = 1_000
SECONDS = 10
P95_MS = 50
TRACKS = 20
#: More than is asked, so that the limiter counts all of it and refuses none.
LIMIT = 1_000_000_000


def measure() -> list[Row]:
    """Offer a thousand a second, then more than the process can take."""
    with tempfile.TemporaryDirectory() as name, amv_serve(Path(name) / "data") as (server, admin):
        key, paths = _user_with_tracks(server, admin)
        offer(server, key, paths, rate=RATE, seconds=2)
        before = server.cpu()
        held = offer(server, key, paths, rate=RATE, seconds=SECONDS)
        busy = (server.cpu() - before) / SECONDS
        most = offer(server, key, paths, rate=3_000, seconds=4)
        recorded = _recorded(server, key)
    return [
        Row(
            f"GET /tracks/{{id}} authenticated, limited, recorded, answered per second, {RATE:,} offered",
            held["rate"],
            0.99 * RATE,
            at_least=True,
            note=f"server {busy:.0%} of a core, generator {held['generator_cpu']:.0%}; {recorded:,} recorded",
        ),
        Row("…p95, ms", held["p95"], P95_MS, note=f"p50 {held['p50']:.1f}, p99 {held['p99']:.0f}"),
        Row("…errors", held["errors"], 0),
        Row("…answered per second, 3,000 offered", most["rate"], None),
    ]


def _user_with_tracks(server: Server, admin: str) -> tuple[str, list[str]]:
    """A user of a tier of his own: his key, and the paths of his tracks."""
    file = io.BytesIO()
    sound = np.sin(np.arange(2 * 44_100) / 30)[:, None] * [0.1, 0.1]
    soundfile.write(file, sound, 44_100, format="WAV", subtype="PCM_16")
    url = f"http://127.0.0.1:{server.port}/api/v1"
    with httpx.Client(base_url=url, timeout=30) as http:
        user = {"name": "Ann", "tier": "custom", "hourly_limit": LIMIT, "daily_limit": LIMIT}
        made = http.post("/admin/users", json=user, headers={"X-API-Key": admin}).raise_for_status().json()
        headers = {"X-API-Key": made["api_key"]["key"], "Content-Type": "audio/wav"}
        ids = [
            http.post(f"/tracks?title=Sine+{number}", content=file.getvalue(), headers=headers)
            .raise_for_status()
            .json()["id"]
            for number in range(TRACKS)
        ]
        answer = http.get(f"/tracks/{ids[0]}", headers=headers)
        assert int(answer.headers["x-ratelimit-limit"]) == LIMIT
    return made["api_key"]["key"], [f"/api/v1/tracks/{track}" for track in ids]


def _recorded(server: Server, key: str) -> int:
    url = f"http://127.0.0.1:{server.port}/api/v1/usage/stats"
    answer = httpx.get(url, headers={"X-API-Key": key}, timeout=30).raise_for_status()
    return int(answer.json()["total"]["requests"])
