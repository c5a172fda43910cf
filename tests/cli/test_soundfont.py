"""`amv generate --soundfont`: for the server that the command starts, and no other."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import aimusicverse
from aimusicverse import LocalServer
from tests.cli.conftest import Run
from tests.engines.studio.soundfonts import soundfont


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The command sets a variable for the server that it starts: not for the tests that follow."""
    monkeypatch.setenv("AMV_SOUNDFONT", "")
    # The render child works in the test's own folder, and must find the package that is tested.
    monkeypatch.setenv("PYTHONPATH", str(Path(aimusicverse.__file__).parents[1]))
    yield
    os.environ.pop("AMV_SOUNDFONT", None)


def test_a_command_that_starts_its_own_server_plays_by_the_file(amv: Run) -> None:
    soundfont(Path("mine.sf2"))
    done = amv(
        "generate", "jazz", "-d", "5", "--seed", "1", "--soundfont", "mine.sf2", "--json", "-o", "a.wav"
    )
    assert done.code == 0, done.err
    assert "soundfont_licence" in [warning["code"] for warning in done.data["warnings"]]
    provenance = done.data["tracks"][0]["provenance"]
    assert provenance["soundfont"]["name"] == "mine.sf2"
    assert len(provenance["soundfont"]["sha256"]) == 64
    assert Path("a.wav").exists()
    os.environ["AMV_SOUNDFONT"] = ""
    plain = amv("generate", "jazz", "-d", "5", "--seed", "1", "--json", "-o", "b.wav")
    assert plain.data["tracks"][0]["provenance"].get("soundfont") is None
    assert Path("a.wav").read_bytes() != Path("b.wav").read_bytes()


@pytest.mark.parametrize("contents", [None, b"RIFF....WAVE"])
def test_a_file_that_is_no_soundfont_is_wrong_usage(amv: Run, contents: bytes | None) -> None:
    if contents:
        Path("x.sf2").write_bytes(contents)
    done = amv("generate", "jazz", "-d", "5", "--soundfont", "x.sf2", "--json")
    assert done.code == 2
    assert "--soundfont: x.sf2: " in json.loads(done.err.splitlines()[-1])["message"]


def test_a_server_that_runs_and_plays_otherwise_is_not_asked_for_it(
    amv: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    soundfont(Path("mine.sf2"))
    with LocalServer() as server, server.client() as client:
        monkeypatch.setenv("AMV_BASE_URL", server.url)
        monkeypatch.setenv("AMV_API_KEY", server.api_key)
        done = amv("generate", "jazz", "-d", "5", "--soundfont", "mine.sf2")
        assert done.code == 2
        assert "does not play by mine.sf2" in done.err
        assert not list(client.generation.list())
    assert [path.name for path in Path().iterdir()] == ["mine.sf2"]
