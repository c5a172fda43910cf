"""`amv analyze`: its report, its JSON, its pictures, and what it says to files that are none."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aimusicverse.audio import tags
from aimusicverse.audio.tags import Tags
from aimusicverse.cli.app import main
from tests.audio.signals import RATE, cadence, clicks, noise, save, sine
from tests.cli.conftest import Result


@pytest.fixture
def analyze(capfd: pytest.CaptureFixture[str]) -> Any:
    """Run it as a pipe would see it; no server is there."""

    def run(*words: str | Path) -> Result:
        code = main(["analyze", *map(str, words)])
        return Result(code, *capfd.readouterr())

    return run


@pytest.fixture
def song() -> Path:
    sound = np.concatenate([np.zeros(RATE), cadence(57, minor=True, times=3) + clicks(120, 12)])
    return save(Path("song.wav"), np.tile(sound, (2, 1)))


def test_the_report_is_a_label_and_a_value_a_line(analyze: Any, song: Path) -> None:
    done = analyze(song)
    assert (done.code, done.err) == (0, "")
    report = dict(line.split("\t") for line in done.out.splitlines())
    assert report["file"] == "song.wav"
    assert report["format"] == "WAV PCM_24, 44100 Hz, stereo"
    assert report["length"] == "0:13.000"
    assert report["tempo"].startswith("120.0 bpm (confidence 0.")
    assert report["key"].startswith("A minor (confidence 0.")
    assert report["clipping"] == "none"
    assert report["silence"].startswith("leading 1.00 s")
    assert report["loudness"].endswith(" LUFS")


def test_json_has_the_same_keys_whatever_is_known(analyze: Any, song: Path) -> None:
    known = analyze(song, "--json").data
    unknown = analyze(save(Path("none.wav"), np.zeros((2, 0))), "--json").data
    assert list(known) == list(unknown)
    assert list(known) == [
        *("file", "format", "subtype", "bit_depth", "sample_rate", "channels", "duration_seconds"),
        *("integrated_lufs", "loudness_range_lu", "max_momentary_lufs", "max_short_term_lufs"),
        *("true_peak_dbtp", "sample_peak_dbfs", "dc_offset", "non_finite_samples", "clipped"),
        *("leading_silence_seconds", "trailing_silence_seconds", "silences"),
        *("tempo_bpm", "tempo_confidence", "key", "key_confidence", "sections", "png", "tags"),
    ]
    assert known["tags"] == unknown["tags"] == dict.fromkeys(known["tags"])
    assert list(known["tags"])[-1] == "provenance"
    assert known["tempo_bpm"] == pytest.approx(120, rel=0.005)
    assert known["key"] == "A minor"
    assert known["sections"][0].keys() == {"label", "start_seconds", "end_seconds"}
    nothing = ("integrated_lufs", "true_peak_dbtp", "tempo_bpm", "tempo_confidence", "key", "key_confidence")
    assert {unknown[name] for name in nothing} == {None}
    assert unknown["sections"] == unknown["clipped"] == unknown["silences"] == []


def test_several_files_are_an_object_a_line_or_reports_apart(analyze: Any) -> None:
    names = [save(Path(f"{n}.wav"), sine(1, level_dbfs=-n)) for n in (3, 6)]
    objects = [json.loads(line) for line in analyze(*names, "--json").out.splitlines()]
    assert [one["file"] for one in objects] == ["3.wav", "6.wav"]
    assert [one["sample_peak_dbfs"] for one in objects] == [-3, -6]
    first, second = analyze(*names).out.split("\n\n")
    assert first.startswith("file\t3.wav\n")
    assert second.startswith("file\t6.wav\n")


def test_what_is_not_known_is_said(analyze: Any) -> None:
    report = analyze(save(Path("a.wav"), noise(3))).out
    assert "tempo\tnot known\nkey\tnot known\n" in report
    silent = analyze(save(Path("b.wav"), np.zeros(RATE))).out
    assert "loudness\tnot known" in silent
    assert "silence\tall of it" in silent


def test_clipping_and_silence_are_told_with_their_times(analyze: Any) -> None:
    loud = np.clip(sine(1, 441, 6), -1, 1)
    parts = [loud if n % 2 == 0 else np.zeros(RATE) for n in range(13)]
    report = analyze(save(Path("a.wav"), np.concatenate(parts)))
    clipping = next(line for line in report.out.splitlines() if line.startswith("clipping"))
    assert "0:00.00-0:01.00, 0:02.00-0:03.00" in clipping
    assert clipping.endswith("and 2 more")
    assert "0:01.00-0:02.00" in report.out.split("silence\t")[1]


def test_a_picture_for_each(analyze: Any, song: Path) -> None:
    assert analyze(song, "--png", "look.png", "--json").data["png"] == "look.png"
    assert Path("look.png").read_bytes()[:4] == b"\x89PNG"
    Path("a").mkdir()
    other = save(Path("a/song.wav"), sine(1))
    Path("pictures").mkdir()
    assert analyze(song, other, "--png", "pictures").code == 0
    assert sorted(file.name for file in Path("pictures").iterdir()) == ["song-2.png", "song.png"]


@pytest.mark.parametrize("target", ["song.wav", "look.jpg", "none/look.png"])
def test_a_picture_never_goes_where_none_should(analyze: Any, song: Path, target: str) -> None:
    before = song.read_bytes()
    done = analyze(song, "--png", target)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert song.read_bytes() == before


def test_several_pictures_need_a_folder(analyze: Any, song: Path) -> None:
    assert "folder" in analyze(song, song, "--png", "look.png").err


def _cut(path: Path) -> None:
    path.write_bytes(save(path, noise(1)).read_bytes()[:9000])


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda path: None, "unreadable"),
        (lambda path: path.mkdir(), "unreadable"),
        (lambda path: path.write_text("a b c\n"), "unreadable"),
        (lambda path: path.write_bytes(b"PK\x03\x04" + bytes(500)), "unreadable"),
        (lambda path: path.write_bytes(b""), "unreadable"),
        (_cut, "truncated"),
    ],
    ids=["missing", "folder", "text", "zip", "empty", "cut"],
)
def test_what_is_no_sound_is_one_line_and_2(analyze: Any, song: Path, make: Any, code: str) -> None:
    bad = Path("some/bad.wav")
    bad.parent.mkdir()
    make(bad)
    done = analyze(song, bad)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert done.err.startswith("error: some/bad.wav ")
    told = analyze(song, bad, "--json")
    assert (told.code, told.out, told.error["code"]) == (2, "", code)


def test_a_file_that_may_not_be_read_is_said_so(
    analyze: Any, song: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, *words: Any) -> Any:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", refuse)
    done = analyze(song)
    assert (done.code, done.err) == (2, "error: song.wav cannot be read: Permission denied.\n")


@pytest.mark.parametrize(
    ("package", "words"), [("numpy", ()), ("soundfile", ()), ("PIL", ("--png", "a.png"))]
)
def test_a_missing_extra_is_one_line_with_the_command(
    analyze: Any, song: Path, monkeypatch: pytest.MonkeyPatch, package: str, words: tuple[str, ...]
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    done = analyze(song, *words)
    assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)
    assert "pip install 'aimusicverse[release]'" in done.err
    assert json.loads(analyze(song, *words, "--json").err)["code"] == "missing_extra"


def test_what_a_file_says_of_itself_is_told(analyze: Any, song: Path) -> None:
    made = {"engine": "studio", "seed": 7, "prompt": "rain \u202e80 bpm", "plan": {"key": "A minor"}}
    tags.write(
        song,
        song,
        Tags(
            title="Rain",
            software="aimusicverse studio 1.1",
            ai_parts="composition, instruments",
            source_type=tags.SOURCE_TYPES + "algorithmicMedia",
            provenance=json.dumps(made),
        ),
    )
    report = dict(line.split("\t") for line in analyze(song).out.splitlines())
    assert report["title"] == "Rain"
    assert report["made by"] == "aimusicverse studio 1.1"
    assert report["machine made"] == "composition, instruments (algorithmicMedia)"
    assert report["prompt"] == "rain \\u202e80 bpm"
    assert report["seed"] == "7"
    assert "artist" not in report
    assert analyze(song, "--json").data["tags"]["provenance"] == made


def test_a_file_that_lies_about_itself_is_measured_all_the_same(analyze: Any, song: Path) -> None:
    tags.write(song, song, Tags(title="Rain", provenance='{"prompt": ["no text"], "seed": {}}'))
    report = dict(line.split("\t") for line in analyze(song).out.splitlines())
    assert report["title"] == "Rain"
    assert not {"prompt", "seed"} & set(report)
    tags.write(song, song, Tags(provenance="[" * 50_000))
    assert analyze(song, "--json").data["tags"]["provenance"] is None


def test_an_offset_of_nothing_has_no_sign(analyze: Any) -> None:
    report = dict(
        line.split("\t")
        for line in analyze(save(Path("a.wav"), np.tile(sine(1) - 2e-5, (2, 1)))).out.splitlines()
    )
    assert report["DC offset"] == "0.0000"
