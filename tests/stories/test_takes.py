"""From a prompt to a piece of one's own: a section played anew, then the whole going on. With the studio."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from aimusicverse import Client, LocalServer, NotFoundError, Track, UnprocessableEntityError
from aimusicverse.audio import files
from aimusicverse.cli.app import main

RATE = 44_100
FORM = [
    {"name": "intro", "bars": 1},
    {"name": "verse", "bars": 2, "energy": 0.6},
    {"name": "outro", "bars": 1},
]


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with LocalServer() as server:
        yield server


@pytest.fixture(scope="module")
def client(server: LocalServer) -> Iterator[Client]:
    with server.client() as client:
        yield client


@pytest.fixture(scope="module")
def track(client: Client) -> Track:
    """Ten seconds: four bars of two seconds, and their end."""
    made = client.generate("lofi hip hop, 120 bpm", sections=FORM, duration_seconds=10, seed=4, title="Rain")
    return made.tracks[0]


def sound(client: Client, track: Track, folder: Path) -> NDArray[np.float32]:
    path = client.tracks.download(track, folder / f"{track.id}.wav")
    assert path is not None
    return files.read(path)[0]


def test_a_section_is_played_anew_and_the_whole_goes_on(client: Client, track: Track, tmp_path: Path) -> None:
    assert track.provenance.plan is not None
    assert [(part.name, part.bars) for part in track.provenance.plan.sections] == [
        ("intro", 1),
        ("verse", 2),
        ("outro", 1),
    ]
    before = sound(client, track, tmp_path)

    generation = client.generation.wait(client.tracks.regenerate_section(track, 1), timeout=120)
    anew = generation.tracks[0]
    after = sound(client, anew, tmp_path)
    first, last = 2 * RATE, 6 * RATE
    assert np.array_equal(after[:, :first], before[:, :first])
    assert np.array_equal(after[:, last:], before[:, last:])
    assert np.abs(after[:, first:last] - before[:, first:last]).max() > 0.02
    assert anew.provenance.derived_from_track_id == track.id
    assert anew.provenance.derivation == "section 1 (verse) played anew, take 1"
    assert anew.title == "Rain"

    extended = client.generate(extend=anew, duration_seconds=16, timeout=120)
    longer = extended.tracks[0]
    whole = sound(client, longer, tmp_path)
    assert whole.shape[1] == 16 * RATE
    assert np.array_equal(whole[:, : 8 * RATE], after[:, : 8 * RATE])
    assert (longer.key, longer.tempo_bpm, longer.genre) == (track.key, track.tempo_bpm, track.genre)
    # What is kept stays as loud as it was: where the whole cannot be as loud as other masters, that is said.
    told = [warning.code for warning in extended.warnings]
    assert told == ["loudness_kept"] * (abs(longer.audio.lufs + 14) > 0.2)
    assert longer.audio.lufs == pytest.approx(-14, abs=1)
    assert longer.audio.true_peak_dbtp <= -1

    # And again: the piece that went on has sections of its own.
    assert longer.provenance.plan is not None
    count = len(longer.provenance.plan.sections)
    assert count > 3
    again = client.generation.wait(client.tracks.regenerate_section(longer, count - 1), timeout=120)
    assert np.array_equal(sound(client, again.tracks[0], tmp_path)[:, : 8 * RATE], whole[:, : 8 * RATE])


def test_the_plan_on_record_gives_the_same_recording_again(client: Client, track: Track) -> None:
    again = client.generate("lofi hip hop", plan=track.provenance.plan, title="Rain").tracks[0]
    assert again.audio.lufs == track.audio.lufs
    assert again.provenance.plan == track.provenance.plan


def test_what_cannot_be_is_refused_before_anything_is_made(client: Client, track: Track) -> None:
    with pytest.raises(NotFoundError, match="3 sections, from 0 to 2"):
        client.tracks.regenerate_section(track, 3)
    with pytest.raises(NotFoundError):
        client.generation.create(extend="trk_nobodys")
    with pytest.raises(UnprocessableEntityError, match="ends after 10 s"):
        client.generation.create(extend=track, extend_from_seconds=10)
    with pytest.raises(UnprocessableEntityError, match="until 11"):
        client.generation.plan(extend=track, duration_seconds=10)


def test_the_commands_do_the_same(
    server: LocalServer,
    track: Track,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("AMV_BASE_URL", server.url)
    monkeypatch.setenv("AMV_API_KEY", server.api_key)
    monkeypatch.chdir(tmp_path)
    assert main(["tracks", "regenerate", track.id, "0", "-o", "anew.wav", "--take", "3", "--json"]) == 0
    done = json.loads(capsys.readouterr().out)
    assert done["files"] == ["anew.wav"]
    assert done["plan"]["sections"][0]["take"] == 3
    assert main(["tracks", "regenerate", track.id, "9", "-o", "no.wav"]) == 4
    assert main(["generate", "--extend", track.id, "--extend-from", "4.5", "--section", "bridge 2 0.3",
                 "--section", "big chorus 2", "-o", "longer.wav", "--json"]) == 0  # fmt: skip
    done = json.loads(capsys.readouterr().out)
    assert [(part["name"], part["bars"]) for part in done["plan"]["sections"]] == [
        ("intro", 1),
        ("verse", 1),
        ("bridge", 2),
        ("big chorus", 2),
    ]
    assert files.probe(Path("longer.wav")).frames == round(done["duration_seconds"] * RATE)
    assert main(["generate", "--extend", track.id, "--extend-from", "0:20"]) == 2
    assert main(["tracks", "get", track.id]) == 0
    assert "0 intro, 1 verse, 2 outro" in capsys.readouterr().out
