"""From a prompt to files that say, to any program, how they were made."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from aimusicverse import Client, LocalServer
from aimusicverse.audio import tags
from aimusicverse.types import Track
from tests.audio.tag_judge import ffprobe, needs_ffprobe

PROMPT = "lofi hip hop, “rainy night”, 夜, 80 bpm"
#: What ffprobe calls prompt and plan, the parts made by a machine, and how.
NAMES = {"wav": ("amvp", "amva", "isrf"), "other": ("amv_provenance", "ai_parts", "digital_source_type")}


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with LocalServer() as server, server.client() as client:
        yield client


@pytest.fixture(scope="module")
def track(client: Client) -> Track:
    generation = client.generation.create(prompt=PROMPT, duration_seconds=8, seed=7)
    return client.generation.wait(generation, timeout=120).tracks[0]


@pytest.mark.parametrize("format", ["wav", "flac", "mp3"])
def test_every_file_says_how_it_was_made(client: Client, track: Track, format: str, tmp_path: Path) -> None:
    file = tmp_path / f"song.{format}"
    client.tracks.download(track, file)
    found = tags.read(file)
    assert found.title == track.title
    assert found.software == f"aimusicverse studio {track.provenance.engine_version}"
    assert found.licence == track.provenance.licence
    assert found.comment == "Made by a machine, by rules: composition, instruments."
    assert found.source_type == "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"
    told = found.made_how()
    assert told is not None
    assert told.pop("plan")["tempo_bpm"] == 80
    assert told == {
        "engine": "studio",
        "engine_version": track.provenance.engine_version,
        "prompt": PROMPT,
        "seed": 7,
        "licence": track.provenance.licence,
        "ai_parts": ["composition", "instruments"],
        "source_type": "algorithmicMedia",
    }


@needs_ffprobe
@pytest.mark.parametrize("format", ["wav", "flac", "mp3"])
def test_another_program_reads_it(client: Client, track: Track, format: str, tmp_path: Path) -> None:
    file = tmp_path / f"song.{format}"
    client.tracks.download(track, file)
    found = ffprobe(file)
    made, parts, how = NAMES.get(format, NAMES["other"])
    assert (found["title"], found["genre"]) == (track.title, track.genre)
    assert found["encoder"].startswith("aimusicverse studio")
    assert found[parts] == "composition, instruments"
    assert found[how].endswith("/algorithmicMedia")
    assert json.loads(found[made])["prompt"] == PROMPT


def test_the_plan_in_a_file_gives_the_same_sound_again(client: Client, track: Track, tmp_path: Path) -> None:
    file, again = tmp_path / "song.flac", tmp_path / "again.flac"
    client.tracks.download(track, file)
    told = tags.read(file).made_how()
    assert told is not None
    generation = client.generation.create(prompt="anything", plan=told["plan"])
    client.tracks.download(client.generation.wait(generation, timeout=120).tracks[0], again)
    for one in (file, again):
        tags.write(one, one, tags.Tags())
    assert again.read_bytes() == file.read_bytes()


@needs_ffprobe
def test_a_new_title_is_in_the_next_mp3(client: Client, track: Track, tmp_path: Path) -> None:
    client.tracks.download(track, tmp_path / "before.mp3")
    client.tracks.update(track, title="Rain, later", artist="Zoë")
    client.tracks.download(track, tmp_path / "after.mp3")
    found = ffprobe(tmp_path / "after.mp3")
    assert (found["title"], found["artist"]) == ("Rain, later", "Zoë")
    assert ffprobe(tmp_path / "before.mp3")["title"] == track.title
