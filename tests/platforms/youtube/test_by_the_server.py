"""The whole way: a server, its own stand-in, real ffmpeg, and time that passes."""

from __future__ import annotations

import io
import time
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import numpy as np
import pytest
import soundfile

from aimusicverse import LocalServer
from aimusicverse.testing.instant_engine import InstantEngine
from tests.platforms.youtube.test_film import needs_ffmpeg
from tests.release.sound_releases import ALBUM


def sound(pitch: float) -> bytes:
    times = np.arange(31 * 44_100) / 44_100
    tone = 0.3 * np.sin(2 * np.pi * pitch * times)
    file = io.BytesIO()
    soundfile.write(file, np.column_stack([tone, tone]), 44_100, subtype="PCM_16", format="WAV")
    return file.getvalue()


class Person:
    """Somebody at a server."""

    def __init__(self, server: LocalServer) -> None:
        self._url = server.url.removesuffix("/api/v1")
        self._client = httpx.Client(
            base_url=f"{self._url}/api/v1", headers={"Authorization": f"Bearer {server.api_key}"}, timeout=60
        )

    def call(self, method: str, path: str, **options: Any) -> Any:
        answer = self._client.request(method, path, **options)
        assert answer.is_success, answer.text
        return answer.json()

    def release(self, release_at: datetime) -> str:
        tracks = []
        for number, track in enumerate(ALBUM["tracks"][:2]):
            headers = {"Content-Type": "audio/wav"}
            made = self.call(
                "POST",
                "/tracks",
                params={"title": track["title"]},
                content=sound(200 + number),
                headers=headers,
            )
            told = {name: value for name, value in track.items() if name != "duration_seconds"}
            tracks.append({**told, "track_id": made["id"]})
        metadata = {**deepcopy(ALBUM), "tracks": tracks, "youtube": {"made_for_kids": False}}
        metadata |= {"release_at": release_at.isoformat(), "preorder_at": None}
        asked = {"metadata": metadata, "platforms": ["youtube_music"], "mode": "sandbox"}
        return str(self.call("POST", "/distributions", json=asked)["id"])

    def until(self, distribution: str, status: str) -> Any:
        deadline = time.monotonic() + 90
        while True:
            found = self.call("GET", f"/distributions/{distribution}")
            if found["status"] == status:
                return found["deliveries"][0]
            assert found["status"] not in ("failed", "rejected", "action_required"), found["deliveries"]
            assert time.monotonic() < deadline, found["deliveries"]
            time.sleep(0.1)

    def page(self, url: str) -> httpx.Response:
        return self._client.get(url)

    def close(self) -> None:
        self._client.close()


@needs_ffmpeg
@pytest.mark.long
def test_an_album_waits_for_its_moment_with_youtube_and_is_heard_from_then_on() -> None:
    with LocalServer(engines=[InstantEngine()]) as server:
        person = Person(server)
        try:
            connected = person.call("POST", "/platforms/youtube_music/connect", json={"mode": "sandbox"})
            assert connected["status"] == "connected"
            distribution = person.release(datetime.now(UTC) + timedelta(days=40))
            waiting = person.until(distribution, "scheduled")
            assert "/playlist?list=" in waiting["external_url"]
            assert person.page(waiting["external_url"]).status_code == 404
            server.clock.advance(timedelta(days=41))
            there = person.until(distribution, "live")
            assert "Harbour Lights" in person.page(there["external_url"]).text
            server.clock.advance(timedelta(hours=12))
            deadline = time.monotonic() + 60
            while not (person.until(distribution, "live")["streams"] or 0) > 700:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        finally:
            person.close()
