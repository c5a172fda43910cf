"""A server that was given a soundfont plays by it, and says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from aimusicverse import ConfigurationError, ConflictError, LocalServer
from tests.engines.studio.soundfonts import soundfont


@pytest.fixture
def font(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = soundfont(tmp_path / "mine.sf2")
    monkeypatch.setenv("AMV_SOUNDFONT", str(path))
    return path


@pytest.fixture
def http(font: Path, tmp_path: Path) -> Iterator[httpx.Client]:
    with LocalServer(tmp_path / "data") as server:
        headers = {"Authorization": f"Bearer {server.api_key}"}
        with httpx.Client(base_url=f"{server.url}/api/v1", headers=headers, timeout=60) as http:
            yield http


def made(http: httpx.Client) -> dict[str, Any]:
    created = http.post("/generate", json={"prompt": "jazz", "duration_seconds": 5, "seed": 1}).json()
    ended: dict[str, Any] = http.get(f"/generations/{created['id']}?wait=60").json()
    return ended


def test_the_track_says_by_which_soundfont_it_is_played(http: httpx.Client) -> None:
    [studio] = [engine for engine in http.get("/engines").json()["data"] if engine["name"] == "studio"]
    assert studio["soundfont"]["name"] == "mine.sf2"
    ended = made(http)
    assert [warning["code"] for warning in ended["warnings"]] == ["soundfont_licence"]
    assert ended["tracks"][0]["provenance"]["soundfont"] == studio["soundfont"]


def test_the_licence_does_not_give_away_the_samples_of_another(http: httpx.Client) -> None:
    licence = made(http)["tracks"][0]["provenance"]["licence"]
    assert "mine.sf2" in licence
    assert "without conditions" not in licence


def test_a_section_anew_by_a_soundfont_says_so_too(http: httpx.Client) -> None:
    track = made(http)["tracks"][0]
    answer = http.post(f"/tracks/{track['id']}/sections/0/regenerate")
    assert [warning["code"] for warning in answer.json()["warnings"]] == ["soundfont_licence"]


def test_no_song_is_half_by_a_soundfont_and_half_by_the_studio(
    font: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LocalServer(tmp_path / "data") as server, server.client() as client:
        track = client.generate("jazz", duration_seconds=5, seed=1).tracks[0]
    monkeypatch.delenv("AMV_SOUNDFONT")
    with LocalServer(tmp_path / "data") as server, server.client() as client:
        for ask in (
            lambda: client.tracks.regenerate_section(track, 0),
            lambda: client.generation.create(extend=track),
        ):
            with pytest.raises(ConflictError, match=r"mine\.sf2") as refused:
                ask()
            assert refused.value.code == "track_not_replayable"


def test_a_soundfont_that_is_gone_fails_the_generation_with_its_name(http: httpx.Client, font: Path) -> None:
    font.unlink()
    ended = made(http)
    assert (ended["status"], ended["problem"]["code"]) == ("failed", "soundfont_unreadable")
    assert ended["problem"]["detail"] == "mine.sf2: no such file"


def test_no_request_can_name_a_file(http: httpx.Client) -> None:
    answer = http.post("/generate", json={"prompt": "jazz", "soundfont": "/etc/passwd"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "soundfont")


def test_a_server_does_not_start_with_a_file_that_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMV_SOUNDFONT", str(tmp_path / "none.sf2"))
    with pytest.raises(ConfigurationError, match=r"AMV_SOUNDFONT: none\.sf2: no such file"):
        LocalServer(tmp_path / "data")
