"""`amv tracks stems`: a table, files in a folder, and every way in which it may end."""

from __future__ import annotations

import hashlib
import signal
import time
from pathlib import Path

import pytest

from aimusicverse import Client
from aimusicverse.engines.base import EngineError
from aimusicverse.types import Generation, Track
from tests.cli.conftest import Run, running
from tests.server.quick_engine import QuickEngine

pytestmark = pytest.mark.usefixtures("at_server")


@pytest.fixture
def track(finished: Generation) -> Track:
    return finished.tracks[0]


def test_stems_are_listed_by_name_role_peak_and_size(amv: Run, track: Track) -> None:
    done = amv("tracks", "stems", track.id)
    assert done.code == 0
    rows = [line.split("\t") for line in done.out.splitlines()]
    assert [row[:3] for row in rows] == [
        ["01-bass", "bass", "-7.0 dBFS"],
        ["02-piano", "chords", "-8.0 dBFS"],
    ]
    assert all(row[3].endswith("KiB") for row in rows)
    assert not [*Path().iterdir()]


def test_stems_are_saved_in_a_folder_that_is_made(amv: Run, track: Track, client: Client) -> None:
    done = amv("tracks", "stems", track.id, "-o", "new/stems")
    assert done.code == 0
    assert [line.split("\t")[-1] for line in done.out.splitlines()] == [
        "new/stems/01-bass.wav",
        "new/stems/02-piano.wav",
    ]
    for stem in client.tracks.get_stems(track).stems:
        content = Path("new/stems", f"{stem.name}.wav").read_bytes()
        assert hashlib.sha256(content).hexdigest() == stem.sha256


def test_only_some_are_saved_as_flac(amv: Run, track: Track) -> None:
    done = amv("tracks", "stems", track.id, "-o", "out", "--only", "chords", "--format", "flac", "--json")
    assert done.data["files"] == ["out/02-piano.flac"]
    assert [stem["name"] for stem in done.data["stems"]] == ["02-piano"]
    assert [path.name for path in Path("out").iterdir()] == ["02-piano.flac"]
    assert Path("out/02-piano.flac").read_bytes()[:4] == b"fLaC"


def test_the_size_of_a_saved_file_is_its_own(amv: Run, track: Track) -> None:
    from aimusicverse.cli.sizes import size

    [wav, flac] = [
        amv("tracks", "stems", track.id, "-o", "out", "--only", "bass", "-f", form).out.split("\t")
        for form in ("wav", "flac")
    ]
    assert wav[3] == size(Path("out/01-bass.wav").stat().st_size)
    assert flac[3] == size(Path("out/01-bass.flac").stat().st_size)


def test_a_second_run_fetches_only_what_is_missing_or_wrong(amv: Run, track: Track) -> None:
    amv("tracks", "stems", track.id, "-o", "out")
    kept, spoilt = Path("out/01-bass.wav"), Path("out/02-piano.wav")
    before, good = kept.stat().st_ino, spoilt.read_bytes()
    spoilt.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    assert amv("tracks", "stems", track.id, "-o", "out").code == 0
    assert kept.stat().st_ino == before
    assert spoilt.read_bytes() == good


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("-o", "-"), "several files"),
        (("-o", "file"), "is no folder"),
        (("-o", ""), "a folder can have"),
        (("-o", "out", "--no-wait"), "exclude each other"),
        (("--only", "harp"), "there are 01-bass, 02-piano"),
        (("--format", "mp3"), "mp3"),
    ],
)
def test_a_wish_that_cannot_be_is_wrong_usage(
    amv: Run, track: Track, words: tuple[str, ...], told: str
) -> None:
    Path("file").write_text("mine")
    done = amv("tracks", "stems", track.id, *words)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert Path("file").read_text() == "mine"


def test_a_track_that_is_not_there_is_exit_4(amv: Run) -> None:
    assert amv("tracks", "stems", "trk_none").code == 4


def test_stems_that_cannot_be_made_say_why(amv: Run, track: Track, engine: QuickEngine) -> None:
    engine.failures.append(EngineError("engine_failed", "out of luck"))
    done = amv("tracks", "stems", track.id, "--json")
    assert (done.code, done.error["code"]) == (1, "engine_failed")
    assert "out of luck" in done.error["message"]
    assert amv("tracks", "stems", track.id).code == 0


def test_an_uploaded_track_has_none(amv: Run, track: Track, client: Client) -> None:
    client.tracks.download(track, "song.wav")
    mine = client.tracks.upload("song.wav")
    done = amv("tracks", "stems", mine.id, "--json")
    assert (done.code, done.error["code"]) == (1, "stems_unavailable")


def test_without_waiting_it_says_how_they_are(amv: Run, track: Track, held: QuickEngine) -> None:
    done = amv("tracks", "stems", track.id, "--no-wait", "--json")
    assert (done.code, done.data["status"]) == (0, "queued")
    done = amv("tracks", "stems", track.id, "--timeout", "0.3")
    assert done.code == 7
    assert f"amv tracks stems {track.id}" in done.err


def test_an_interrupt_leaves_no_half_file_and_names_the_command_that_goes_on(
    track: Track, held: QuickEngine
) -> None:
    while held.started.acquire(blocking=False):
        pass
    words = ("tracks", "stems", track.id, "-o", "out", "--only", "bass")
    with running(*words) as process:
        assert held.started.acquire(timeout=20)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=20)
    assert process.returncode == 130
    assert f"amv tracks stems {track.id} -o out --only bass" in told.decode()
    assert not [*Path("out").iterdir()]
