"""The fixtures that a user's tests get, as such tests would use them."""

from __future__ import annotations

import subprocess
import sys
import wave
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import aimusicverse

if TYPE_CHECKING:
    from aimusicverse.testing.event_log import EventLog


def test_a_song_is_there_at_once(amv_client: Any, tmp_path: Path) -> None:
    made = amv_client.generate("house, bright", duration_seconds=30)
    amv_client.tracks.download(made.tracks[0], tmp_path / "song.wav")
    with wave.open(str(tmp_path / "song.wav")) as file:
        assert file.getnframes() == 30 * file.getframerate()


def test_the_server_is_empty_before_each_test(amv_client: Any) -> None:
    assert list(amv_client.tracks.list()) == []


async def test_the_async_client_is_there_too(amv_async_client: Any) -> None:
    made = await amv_async_client.generate("house", duration_seconds=5)
    assert made.status == "completed"


def test_the_clock_can_be_moved(amv_clock: Any, amv_client: Any) -> None:
    amv_clock.advance(timedelta(days=400))
    created = amv_client.generation.create("x", duration_seconds=5)
    assert created.created_at > amv_clock.now() - timedelta(minutes=1)


def test_faults_are_played_and_survived(amv_client: Any, amv_faults: Any) -> None:
    amv_faults.add("POST /generate", times=2, status=503, retry_after="0")
    assert amv_client.generate("x", duration_seconds=5).status == "completed"
    amv_faults.add("GET /tracks/*", times=9, status=503, retry_after="0")
    with pytest.raises(aimusicverse.InternalServerError):
        amv_client.tracks.get("trk_x")


def test_a_lost_answer_makes_no_second_song(amv_client: Any, amv_faults: Any) -> None:
    amv_faults.add("POST /generate", drop="after")
    amv_client.generate("x", duration_seconds=5)
    assert len(list(amv_client.generation.list())) == 1


def test_events_can_be_read_and_waited_for(amv_client: Any, amv_events: EventLog) -> None:
    amv_client.generation.create("x", duration_seconds=5)
    assert amv_events.wait_for("generation.completed").data["status"] == "completed"
    assert amv_events.types()[-1] == "generation.completed"
    with pytest.raises(AssertionError, match=r"no track\.deleted"):
        amv_events.wait_for("track.deleted", timeout=0.1)


def test_snapshots_go_back(amv_server: Any, amv_client: Any) -> None:
    kept = amv_server.snapshot()
    amv_client.generate("x", duration_seconds=5)
    amv_server.restore(kept)
    assert list(amv_client.generation.list()) == []


def test_the_studio_is_there_by_name(amv_client: Any) -> None:
    assert [engine.name for engine in amv_client.generation.engines()] == ["instant", "studio"]


def test_the_plugin_costs_other_peoples_tests_next_to_nothing() -> None:
    code = (
        "import sys, aimusicverse.testing.plugin\n"
        "bad = {'httpx', 'pydantic', 'fastapi', 'numpy', 'sqlalchemy', 'http.server'} & set(sys.modules)\n"
        "assert not bad, bad"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
