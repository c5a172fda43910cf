"""Releases on their way: fifty at once beside other calls, a master's upload, a thousand where stores err.

The server is `amv serve` with its stand-in stores; who asks is in processes of his own.
"""

from __future__ import annotations

import io
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import soundfile

from benchmarks.reads import Server, amv_serve, offered
from benchmarks.table import Row

AT_ONCE = 50
OTHER_RATE = 50
OTHER_P95_MS = 100.0
UPLOAD_SECONDS = 2.0
MASTER_BYTES = 10_000_000
MANY = 1_000
FIRST_TRY = 0.95
CHANGE_SECONDS = 5.0
#: Of a thousand releases' calls to stores, how many meet a store that errs for a moment, and how many of the
#: releases are rejected for good.
FLEETING = 120
REJECTED = 20
_SEED = 20_261_126
#: Where nothing more happens: the rest is for a person.
_ENDED = {"live", "failed", "rejected", "action_required", "cancelled", "taken_down"}
_STORES = ("soundcloud", "youtube_music", "spotify", "apple_music")


def measure() -> list[Row]:
    """All three."""
    return [*_fifty_at_once(), *_a_master(), *_a_thousand()]


class _Api:
    """A server, its key, and a track and a cover to release."""

    def __init__(self, server: Server, key: str, *, seconds: float) -> None:
        self.port, self.key = server.port, key
        self.http = httpx.Client(
            base_url=f"http://127.0.0.1:{server.port}",
            headers={"Authorization": f"Bearer {key}"},
            timeout=120,
        )
        for store in ("soundcloud", "youtube_music"):
            self.post(f"/platforms/{store}/connect", {"mode": "sandbox"})
        self.track_id = self._uploaded(seconds)
        made = self.post("/artwork", {"title": "Paper Lanterns", "artist": "Mira Vale"})
        self.artwork_id = made["id"]
        self.get(f"/artwork/{self.artwork_id}?wait=60")

    def get(self, path: str, prefix: str = "/api/v1") -> Any:
        answer = self.http.get(prefix + path)
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, body: dict[str, Any], prefix: str = "/api/v1") -> Any:
        answer = self.http.post(prefix + path, json=body)
        if answer.is_error:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.text[:600]}")
        return answer.json() if answer.content else None

    def distribute(self, number: int, *platforms: str) -> str:
        body = {
            "metadata": _release(number),
            "platforms": list(platforms),
            "track_ids": [self.track_id],
            "artwork_id": self.artwork_id,
        }
        return str(self.post("/distributions", body)["id"])

    def all_ended(self, ids: list[str], seconds: float, *, moved: bool = False) -> dict[str, dict[str, Any]]:
        """All of them, once nothing more happens to any.

        Args:
            ids: of whom.
            seconds: after so long those that have ended.
            moved: move server time by an hour whenever nothing ends: allowances of stores come back.
        """
        end = time.monotonic() + seconds
        found: dict[str, dict[str, Any]] = {}
        before = -1
        while len(found) < len(ids):
            cursor: str | None = ""
            while cursor is not None:
                page = self.get(f"/distributions?limit=100{f'&cursor={cursor}' if cursor else ''}")
                for one in page["data"]:
                    if all(delivery["status"] in _ENDED for delivery in one["deliveries"]):
                        found[one["id"]] = one
                cursor = page["next_cursor"]
            if time.monotonic() > end:
                break
            if moved and len(found) == before:
                self.post("/_local/clock", {"seconds": 3_600}, prefix="")
            before = len(found)
            time.sleep(0.5 if len(ids) < MANY else 3)
        return {known: found[known] for known in ids if known in found}

    def releases(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get("/_sandbox/control/releases", prefix="")["data"]
        return found

    def _uploaded(self, seconds: float) -> str:
        rate = 44_100
        rng = np.random.default_rng(1)
        at = np.arange(int(seconds * rate)) / rate
        tone = 0.3 * np.sin(2 * np.pi * 220 * at) * (0.6 + 0.4 * np.sin(2 * np.pi * 0.5 * at))
        sound = np.stack([tone, np.roll(tone, 20)], axis=1) + rng.normal(0, 0.005, (at.size, 2))
        sound *= np.minimum(1.0, np.minimum(at, seconds - at) * 20)[:, None]
        file = io.BytesIO()
        soundfile.write(file, sound, rate, format="WAV", subtype="PCM_16")
        answer = self.http.post(
            "/api/v1/tracks", params={"title": "Paper Lanterns"}, content=file.getvalue(),
            headers={"Content-Type": "audio/wav"},
        )  # fmt: skip
        if answer.is_error:
            raise RuntimeError(f"upload: {answer.status_code} {answer.text[:600]}")
        return str(answer.json()["id"])


def _fifty_at_once() -> list[Row]:
    with _serving(seconds=30) as api:
        ids = [api.distribute(number, "soundcloud", "spotify", "apple_music") for number in range(AT_ONCE)]
        began = time.monotonic()
        order = {
            "host": "127.0.0.1",
            "ports": [api.port],
            "headers": {"Authorization": f"Bearer {api.key}"},
            "seconds": 20,
            "streams": [{"rate": OTHER_RATE, "paths": ["/api/v1/tracks?limit=20", "/api/v1/playlists"]}],
        }
        others = offered(order)[0]
        ended = api.all_ended(ids, 180)
        took = time.monotonic() - began
        live = sum(one["status"] == "live" for one in ended.values())
        once = Counter((one["store"], one["title"]) for one in api.releases())
    return [
        Row(
            f"distributions: live of {AT_ONCE} started at once, three stores each",
            live,
            AT_ONCE,
            at_least=True,
            note=f"in {took:.0f} s; {len(once)} releases in stores, {max(once.values(), default=0)} of each",
        ),
        Row("…other calls meanwhile, p95, ms", others["p95"], OTHER_P95_MS, note=f"{OTHER_RATE}/s"),
    ]


def _a_master() -> list[Row]:
    with _serving(seconds=MASTER_BYTES / (44_100 * 4)) as api:
        found = []
        for number in range(3):
            known = api.distribute(number, "soundcloud")
            api.all_ended([known], 60)
            lines = api.get(f"/distributions/{known}/events?limit=100")["data"]
            at = {line["type"]: _unix(line["at"]) for line in reversed(lines) if line["platform"]}
            found.append(at["processing"] - at["uploading"])
    return [
        Row(
            f"distributions: a master of {MASTER_BYTES / 1e6:.0f} MB into SoundCloud's stand-in, s",
            sorted(found)[1],
            UPLOAD_SECONDS,
            note="from the first try to the store's answer, the middle of three",
        )
    ]


def _a_thousand() -> list[Row]:
    rng = random.Random(_SEED)
    with _serving(seconds=30) as api:
        for _ in range(FLEETING):
            store = rng.choice(("soundcloud", "youtube_music"))
            api.post(
                "/_sandbox/control/orders",
                {"store": store, "what": "fault", "status": rng.choice([0, 500, 502, 503, 429])},
                prefix="",
            )
        for _ in range(REJECTED):
            order = {"store": rng.choice(_STORES), "what": "reject", "reason": "duplicate"}
            api.post("/_sandbox/control/orders", order, prefix="")
        began = time.monotonic()
        ids = [api.distribute(number, rng.choice(_STORES)) for number in range(MANY)]
        ended = api.all_ended(ids, 900, moved=True)
        took = time.monotonic() - began
        statuses = Counter(one["status"] for one in ended.values())
        twice = [
            key
            for key, times in Counter((one["store"], one["title"]) for one in api.releases()).items()
            if times > 1
        ]
    return [
        Row(
            f"distributions: live at the first try of {MANY:,}, stores that err, a part",
            statuses["live"] / MANY,
            FIRST_TRY,
            at_least=True,
            note=f"{FLEETING} calls erred, {REJECTED} rejected on purpose; {took:.0f} s; {dict(statuses)}",
        ),
        Row("…accounted for, a part", len(ended) / MANY, 1.0, at_least=True),
        Row("…in a store twice", len(twice), 0),
    ]


@contextmanager
def _serving(*, seconds: float) -> Iterator[_Api]:
    with tempfile.TemporaryDirectory() as name:
        settings = {"AMV_SANDBOX_REVIEW_SECONDS": "1", "AMV_ADDRESS_LIMIT": "0"}
        with amv_serve(Path(name) / "data", "--dev", **settings) as (server, key):
            yield _Api(server, key, seconds=seconds)


def _release(number: int) -> dict[str, Any]:
    """A release without a fault, unlike every other."""
    title = f"Paper Lanterns {number + 1:04d}"
    digits = f"40063814{number:04d}"
    check = -sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10
    return {
        "title": title,
        "artist": "Mira Vale",
        "composers": ["Mira Johanna Vale"],
        "isrc": f"QZES126{number:05d}",
        "upc": f"{digits}{check}",
        "p_line": "2026 Mira Vale",
        "c_line": "2026 Mira Vale",
        "label": "Mira Vale",
        "genre": "Electronic",
        "language": "zxx",
        "explicit": "none",
        "sender_dpid": "PADPIDA2011072101T",
        "recipient_dpid": "PADPIDA2013020802I",
        "ai": {
            "lyrics": "none",
            "composition": "none",
            "vocals": "none",
            "instruments": "none",
            "artwork": "all",
        },
    }


def _unix(text: str) -> float:
    from datetime import datetime

    return datetime.fromisoformat(text).timestamp()
