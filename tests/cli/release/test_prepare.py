"""`amv release prepare`: from a sound file, a release.toml or a track to a folder that can be acted on."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from aimusicverse.release.toml_file import read
from aimusicverse.server.running import RunningServer
from aimusicverse.types import Generation
from tests.cli.conftest import Run
from tests.cli.release.test_release import GOOD, given, own_config, sound
from tests.release.real_files import artwork, content_of

__all__ = ["own_config"]


@pytest.fixture(scope="module")
def cover(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cover") / "front.jpg"
    path.write_bytes(content_of(artwork(), "JPEG", quality=92))
    return path


def test_from_an_mp3_alone_comes_a_folder_with_a_list_that_can_be_acted_on(amv: Run) -> None:
    sound("song.wav")
    if shutil.which("ffmpeg"):
        subprocess.run(
            ["ffmpeg", "-loglevel", "error", "-i", "song.wav", "my first song.mp3"], check=True, timeout=60
        )
    else:
        Path("song.wav").rename("my first song.wav")
    [song] = Path().glob("my first song.*")
    done = amv("release", "prepare", str(song), "--to", "spotify,apple_music", "--via", "distrokid")
    assert done.code == 10
    assert "folder\tmy first song\n" in done.out
    page = Path("my first song/README.md").read_text()
    assert "1. [ ] **Needed.**" in page
    assert "Traceback" not in done.err
    assert "all of it with how in my first song/README.md" in done.err
    assert Path("my first song/cover.jpg").stat().st_size > 100_000
    assert (Path("my first song/distrokid") / "checklist.md").exists()


def test_a_release_that_is_right_is_prepared_and_nothing_blocks(amv: Run, cover: Path) -> None:
    sound("song.wav")
    shutil.copy(cover, "front.jpg")
    given(GOOD + '\n[cover]\nfile = "front.jpg"\nlettering = []\nrights = "own"\n')
    done = amv("release", "prepare", "release.toml", "--via", "distrokid", "-o", "out", "--json")
    assert done.code == 0, done.err
    assert done.data["packages"] == ["distrokid"]
    assert done.data["blocking"] is False
    assert [task["what"] for task in done.data["left_to_do"] if task["blocking"]] == []
    assert amv("release", "check", "out/release.toml", "--via", "distrokid").code == 0


def test_a_folder_with_a_release_stands_for_it(amv: Run, cover: Path) -> None:
    sound("song.wav")
    given(GOOD)
    Path("album").mkdir()
    for name in ("song.wav", "release.toml"):
        Path(name).rename(Path("album") / name)
    shutil.copy(cover, "album/front.jpg")
    text = Path("album/release.toml").read_text()
    Path("album/release.toml").write_text(text + '\n[cover]\nfile = "front.jpg"\n')
    assert amv("release", "prepare", "album", "--via", "distrokid", "-o", "out").code == 0


def test_a_track_of_the_server_answers_what_a_machine_made(
    amv: Run, at_server: RunningServer, finished: Generation
) -> None:
    track = finished.tracks[0]
    done = amv("release", "prepare", track.id, "--artist", "Maren Okafor", "--via", "distrokid", "-o", "out")
    assert done.code == 10, done.err
    release = read("out/release.toml")
    assert (release.ai.composition, release.ai.instruments) == ("all", "all")
    proof = json.loads(Path("out/proof.json").read_text())
    assert proof["recordings"][0]["generator"]["seed"] == track.provenance.seed
    prompt = proof["recordings"][0]["generator"]["prompt"]
    assert prompt == track.provenance.prompt
    for file in (*Path("out/master").iterdir(), *Path("out/distrokid").glob("*.wav")):
        assert hashlib.sha256(file.read_bytes()).hexdigest() == proof["recordings"][0]["file"]["sha256"]
        assert prompt.encode() not in file.read_bytes()  # proof is kept, and sent to nobody
        assert b"composition, instruments" in file.read_bytes()
    assert sorted(path.name for path in Path().iterdir() if path.name.startswith(".amv")) == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["nothing.wav"], 2, "no file nothing.wav"),
        (["nothing.toml"], 2, "nothing.toml"),
        (["front.jpg"], 2, "no sound file"),
        (["release.toml", "--title", "x"], 2, "edit release.toml instead"),
        (["release.toml", "other.toml"], 2, "one release.toml"),
        (["release.toml", "--to", "spotfy"], 2, "spotify"),
        (["release.toml", "--style", "auro"], 2, "aura"),
        (["release.toml", "-o", "there"], 2, "there already"),
        (["release.toml", "-o", ""], 2, "a name"),
        (["noise.wav"], 10, ""),
    ],
)
def test_what_cannot_be_prepared_is_told_and_nothing_is_left_behind(
    amv: Run, words: list[str], code: int, said: str
) -> None:
    given(GOOD.replace('file = "song.wav"', ""))
    given("[", "other.toml")
    Path("there").mkdir()
    Path("front.jpg").write_bytes(b"no picture")
    Path("noise.wav").write_bytes(b"no sound")
    before = {path.name for path in Path().iterdir()}
    done = amv("release", "prepare", *words)
    assert done.code == code
    assert said in done.err
    assert "Traceback" not in done.err
    assert {path.name for path in Path().iterdir()} - before == ({"Noise"} if code == 10 else set())


def test_lettering_that_no_font_has_is_told_and_leaves_nothing(amv: Run) -> None:
    sound("song.wav")
    given(GOOD.replace("Paper Lanterns", "Paper \U00012000 Lanterns"))
    done = amv("release", "prepare", "release.toml", "--lettering", "-o", "out")
    assert done.code == 2
    assert "without --lettering" in done.err
    assert not Path("out").exists()
