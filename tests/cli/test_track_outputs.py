"""`amv tracks midi`, `structure`, `waveform`, `plot`: what they save, print and refuse."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from aimusicverse import Client
from aimusicverse.cli.chord_chart import lines
from aimusicverse.cli.track_waveform import picture
from aimusicverse.server.running import RunningServer
from aimusicverse.server.settings import Settings
from aimusicverse.types import Structure, StructureChord, StructureSection, Track, Waveform
from tests.cli.conftest import AMV, Run
from tests.cli.screen import WIDTH, terminal
from tests.engines.studio.midi_reader import read
from tests.server.composing_engine import ComposingEngine


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    folder = tmp_path_factory.mktemp("server")
    settings = Settings.from_environment({}, data_dir=folder, port=0, render_slots=4)
    running = RunningServer(settings, engines={"studio": ComposingEngine()}, mode="test")
    yield running
    running.close()


@pytest.fixture
def track(at_server: RunningServer, client: Client) -> Track:
    made = client.generate("pop in Bb major, 120 bpm", duration_seconds=20, title="Rainy Night", seed=7)
    return made.tracks[0]


@pytest.fixture
def upload(at_server: RunningServer, client: Client) -> Track:
    soundfile.write("mine.wav", np.random.default_rng(1).uniform(-0.5, 0.5, (8000 * 5, 2)), 8000)
    return client.tracks.upload("mine.wav")


def test_midi_names_the_file_after_the_title_and_replaces_none(amv: Run, track: Track) -> None:
    assert amv("tracks", "midi", track.id).out == "rainy-night.mid\n"
    assert amv("tracks", "midi", track.id, "--json").data["files"] == ["rainy-night-2.mid"]
    assert read(Path("rainy-night.mid").read_bytes()).tracks[0].name == "Rainy Night"


def test_midi_goes_where_it_is_told_to(amv: Run, track: Track) -> None:
    assert amv("tracks", "midi", track.id, "-o", "song.mid").out == "song.mid\n"
    assert amv("tracks", "midi", track.id, "-o", "song.mid", "--humanised").code == 0
    assert amv("tracks", "midi", track.id, "-o", ".").out == "rainy-night.mid\n"
    assert Path("song.mid").read_bytes() != Path("rainy-night.mid").read_bytes()


def test_midi_goes_through_a_pipe(track: Track) -> None:
    done = subprocess.run([AMV, "tracks", "midi", track.id, "-o", "-"], capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    assert read(done.stdout).tracks[0].name == "Rainy Night"


@pytest.mark.parametrize(("command", "wrong"), [("midi", "song.wav"), ("plot", "song.jpg"), ("plot", "song")])
def test_a_name_that_promises_something_else_is_refused_before_anything_is_fetched(
    amv: Run, command: str, wrong: str
) -> None:
    done = amv("tracks", command, "trk_none", "-o", wrong, "--json")
    assert (done.code, done.out, done.error["code"]) == (2, "", "usage_error")
    assert "does not end in" in done.error["message"]


def test_an_upload_has_no_notes_and_it_is_said_why(amv: Run, upload: Track) -> None:
    done = amv("tracks", "midi", upload.id, "--json")
    assert (done.code, done.out, done.error["code"]) == (1, "", "midi_unavailable")
    assert "uploaded" in done.error["message"]
    assert not list(Path().glob("*.mid"))


def test_structure_is_a_lead_sheet(amv: Run, track: Track) -> None:
    sheet = amv("tracks", "structure", track.id).out.splitlines()
    found = amv("tracks", "structure", track.id, "--json").data
    assert sheet[0] == "Bb major  120 bpm  4/4  0:20"
    headings = [line.split("  ")[1] for line in sheet if line[:1].isdigit()]
    assert headings == [*(one["name"] for one in found["sections"]), "end"]
    printed = [name for line in sheet if line.startswith("  |") for name in line.replace("|", " ").split()]
    assert printed == [one["symbol"] for one in found["chords"]]


def test_the_structure_of_an_upload_says_that_it_is_estimated(amv: Run, upload: Track) -> None:
    sheet = amv("tracks", "structure", upload.id).out.splitlines()
    assert sheet[0].endswith("0:05  (estimated from the sound)")
    assert sheet[2] == "0:00  A"


def test_estimated_sections_are_a_line_each_and_a_tempo_no_more_exact_than_it_was_heard() -> None:
    parts = [
        StructureSection(index=index, name=name, start_seconds=6 * index, end_seconds=6 * index + 6)
        for index, name in enumerate("AB")
    ]
    heard = Structure(estimated=True, duration_seconds=12, tempo_bpm=80.0123, sections=parts)
    assert [*lines(heard)] == ["80.0 bpm  0:12  (estimated from the sound)", "", "0:00  A", "0:06  B"]


def test_bars_without_a_chord_go_on_and_lines_have_four_bars() -> None:
    section = StructureSection(index=0, name="a\x1b[1m", start_seconds=0, end_seconds=12, first_bar=1, bars=5)
    chords = [
        StructureChord(
            start_seconds=0, duration_seconds=2, bar=bar, beat=1, symbol=name, numeral="", degree=1
        )
        for bar, name in ((1, "Am7"), (3, "D"), (3, "G"), (5, "C"), (6, "C"))
    ]
    chart = Structure(
        estimated=False,
        duration_seconds=12,
        bars=5,
        downbeats=[0, 2, 4, 6, 8, 10],
        sections=[section],
        chords=chords,
    )
    assert list(lines(chart)) == [
        "0:12",
        "",
        "0:00  a\\x1b[1m  5 bars",
        "  | Am7 | %   | D G | %   |",
        "  | C   |",
        "",
        "0:10  end",
        "  | C   |",
    ]


def test_a_waveform_in_a_pipe_is_a_line_for_each_point(amv: Run, track: Track) -> None:
    rows = [
        line.split("\t") for line in amv("tracks", "waveform", track.id, "--points", "10").out.splitlines()
    ]
    found = amv("tracks", "waveform", track.id, "--points", "10", "--json").data
    assert [float(row[0]) for row in rows] == pytest.approx([2.0 * index for index in range(10)], abs=0.01)
    assert [[int(one) for one in row[1:]] for row in rows] == np.reshape(found["data"], (-1, 2)).tolist()
    assert amv("tracks", "waveform", track.id, "--points", "9").code == 2


def test_a_waveform_on_a_terminal_is_a_picture_as_wide_as_it(track: Track) -> None:
    with terminal("tracks", "waveform", track.id) as screen:
        assert screen.end() == 0
    *rows, times = screen.shown.rstrip().splitlines()
    assert len(rows) == 4
    assert times.split() == ["0:00", "0:20"]
    assert max(len(row.rstrip()) for row in [*rows, times]) < WIDTH


def test_the_picture_is_as_high_as_the_sound() -> None:
    data = [0, 0, -8192, 0, 0, 16384, -32768, 32767]
    drawn = list(picture(Waveform(sample_rate=1, samples_per_pixel=1, length=4, data=data)))
    assert drawn[:4] == ["   █", "   █", "  ██", " ███"]


def test_a_plot_is_a_picture_with_the_title(amv: Run, track: Track) -> None:
    assert amv("tracks", "plot", track.id).out == "rainy-night.png\n"
    assert amv("tracks", "plot", track.id, "-o", "song.png").out == "song.png\n"
    with Image.open("song.png") as image:
        assert (image.format, image.size) == ("PNG", (1600, 900))
    assert Path("song.png").read_bytes() == Path("rainy-night.png").read_bytes()


def test_silence_is_drawn_too(amv: Run, client: Client, at_server: RunningServer) -> None:
    soundfile.write("mute.wav", np.zeros((8000, 2)), 8000)
    track = client.tracks.upload("mute.wav")
    assert amv("tracks", "structure", track.id, "--json").error["code"] == "structure_unavailable"
    assert amv("tracks", "plot", track.id, "-o", "mute2.png").code == 0


def test_a_plot_without_pillow_says_what_to_install(
    amv: Run, track: Track, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    done = amv("tracks", "plot", track.id, "--json")
    assert (done.code, done.error["code"]) == (1, "missing_extra")
    assert "aimusicverse[release]" in done.error["hint"]


@pytest.mark.parametrize("command", ["midi", "structure", "waveform", "plot"])
def test_what_is_not_there_is_not_found(amv: Run, at_server: RunningServer, command: str) -> None:
    done = amv("tracks", command, "trk_none", "--json")
    assert (done.code, done.out, json.loads(done.err)["code"]) == (4, "", "track_not_found")
    assert not list(Path().iterdir())
