"""`amv release`: from a sound file to a release that nothing blocks, with real files and real exit codes."""

from __future__ import annotations

import json
import os
import pty
import re
import stat
import subprocess
import sys
import threading
from pathlib import Path

import junitparser
import numpy as np
import pytest
import soundfile

from aimusicverse import Client
from aimusicverse.release.rules.table import RULES
from aimusicverse.release.terms import TERMS
from aimusicverse.release.toml_file import read
from aimusicverse.server.running import RunningServer
from aimusicverse.types import Generation
from tests.cli.conftest import Run

GOOD = """\
# my first single
title = "Paper Lanterns"   # a working title
artist = "Maren Okafor"
label = "Maren Okafor Records"
p_line = "2026 Maren Okafor"
c_line = "2026 Maren Okafor"
language = "en"
explicit = "none"
genre = "Pop"
release_at = "2199-01-04"
composers = ["Maren Okafor"]
file = "song.wav"

[genres]
apple_music = "POP-00"

[ai]
lyrics = "none"
composition = "none"
vocals = "none"
instruments = "none"
artwork = "none"

[[contributors]]
name = "Jonas Weil"
roles = ["Producer"]
"""
BROKEN = GOOD.replace('file = "song.wav"', 'isrc = "USA1224123456"')


@pytest.fixture(autouse=True)
def own_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    monkeypatch.setenv("AMV_CONFIG_DIR", str(folder))
    return folder


def sound(name: str) -> Path:
    times = np.arange(44_100 * 40) / 44_100
    wave = 0.2 * np.sin(2 * np.pi * 440 * times) * np.minimum(1, 40 - times)
    soundfile.write(name, np.stack([wave, wave], 1), 44_100, "PCM_24")
    return Path(name)


def given(text: str, name: str = "release.toml") -> Path:
    Path(name).write_text(text)
    return Path(name)


# --- init -------------------------------------------------------------------------------------------------


def test_a_release_begins_with_a_sound_file(amv: Run) -> None:
    sound("01 - paper_lanterns.wav")
    done = amv("release", "init", "01 - paper_lanterns.wav", "--artist", "Maren Okafor")
    assert (done.code, done.out) == (0, "file\trelease.toml\n")
    release = read("release.toml")
    assert release.title == release.tracks[0].title == "Paper Lanterns"
    assert release.tracks[0].file == "01 - paper_lanterns.wav"
    assert release.artists[0].name == "Maren Okafor"
    assert release.ai.vocals is None, "nobody answered"


def test_several_files_are_tracks_in_their_order_and_a_picture_is_the_cover(amv: Run) -> None:
    Path("album").mkdir()
    for name in ("b side.flac", "02 A Side.wav", "front.JPG"):
        Path("album", name).touch()
    done = amv(
        "release", "init", "album/b side.flac", "album/02 A Side.wav", "album/front.JPG", "-o", "album"
    )
    assert done.code == 0
    release = read("album/release.toml")
    assert [(track.title, track.file) for track in release.tracks] == [
        ("b side", "b side.flac"),
        ("A Side", "02 A Side.wav"),
    ]
    assert release.cover.file == "front.JPG"


def test_a_release_can_begin_with_nothing(amv: Run) -> None:
    assert amv("release", "init", "--title", "Harbour", "--json").data == {
        "file": "release.toml", "title": "Harbour", "tracks": 1,
    }  # fmt: skip
    assert read("release.toml").title == "Harbour"


def test_a_file_that_is_there_is_never_overwritten(amv: Run) -> None:
    given("mine")
    done = amv("release", "init")
    assert done.code == 2
    assert "not overwritten" in done.err
    assert Path("release.toml").read_text() == "mine"
    Path("link.toml").symlink_to("nowhere.toml")
    assert amv("release", "init", "-o", "link.toml").code == 2
    assert not Path("nowhere.toml").exists()
    assert sorted(path.name for path in Path().iterdir()) == ["link.toml", "release.toml"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nothing.wav"], "no file nothing.wav"),
        (["."], "a folder"),
        (["notes.txt"], "neither sound nor picture"),
        (["a.png", "b.jpg"], "one cover"),
        (["-o", "nowhere/release.toml"], "no folder"),
        (["-o", ""], "a name"),
        (["a.png", "--track", "trk_x"], "contradict"),
    ],
)
def test_what_cannot_begin_a_release_is_told(amv: Run, words: list[str], said: str) -> None:
    for name in ("notes.txt", "a.png", "b.jpg"):
        Path(name).touch()
    done = amv("release", "init", *words)
    assert done.code == 2
    assert said in done.err
    assert not Path("release.toml").exists()


def test_own_defaults_are_filled_in(amv: Run, own_config: Path) -> None:
    (own_config / "release-defaults.toml").write_text(
        'artist = "Maren Okafor"\nlabel = "MOR"\nowner = "Maren Okafor"\nwriters = ["Maren Okafor"]\n'
        'language = "de"\nterritories = ["DE", "AT"]\ndistributor = "distrokid"\n'
    )
    assert amv("release", "init").code == 0
    release = read("release.toml")
    assert release.artists[0].name == release.tracks[0].writers[0].name == "Maren Okafor"
    assert re.fullmatch(r"20\d\d Maren Okafor", release.p_line or "")
    assert (release.label, release.language, release.territories) == ("MOR", "de", ["DE", "AT"])
    report = amv("release", "check", "--json").data
    assert [target["target"] for target in report["targets"]] == ["spotify", "apple_music", "distrokid"]
    alone = amv("release", "check", "--via", "none", "--json").data
    assert [target["target"] for target in alone["targets"]] == ["spotify", "apple_music"]


def test_defaults_that_cannot_be_read_are_told_by_their_line(amv: Run, own_config: Path) -> None:
    (own_config / "release-defaults.toml").write_text('artist = "x"\nlabl = "y"\n')
    done = amv("release", "init")
    assert done.code == 2
    assert "release-defaults.toml:2:1: labl" in done.err
    assert "Did you mean label?" in done.err


def test_a_track_of_the_server_brings_what_its_provenance_answers(
    amv: Run, at_server: RunningServer, finished: Generation
) -> None:
    track = finished.tracks[0]
    done = amv("release", "init", "--track", track.id)
    assert done.code == 0, done.err
    release = read("release.toml")
    assert (release.title, release.tracks[0].title, release.tracks[0].track_id) == (
        "Rainy Night", "Rainy Night", track.id,
    )  # fmt: skip
    assert (release.ai.composition, release.ai.instruments) == ("all", "all")
    assert (release.ai.vocals, release.ai.lyrics, release.ai.artwork) == ("none", "none", None)
    assert (release.ai.tool, release.ai.seed) == (
        f"aimusicverse {track.provenance.engine}",
        track.provenance.seed,
    )
    assert release.language == "zxx"
    assert "provenance says" in Path("release.toml").read_text()


def test_an_upload_whose_making_nobody_knows_leaves_the_answers_open(
    amv: Run, at_server: RunningServer, client: Client
) -> None:
    track = client.tracks.upload(sound("mine.wav"), title="Mine")
    assert track.provenance.ai_parts == []
    assert amv("release", "init", "--track", track.id).code == 0
    assert read("release.toml").ai.composition is None


def test_a_track_that_is_not_there_is_not_found(amv: Run, at_server: RunningServer) -> None:
    done = amv("release", "init", "--track", "trk_7N42dgm5tFLK9N8MT7fHC7")
    assert done.code == 4
    assert not Path("release.toml").exists()


# --- check ------------------------------------------------------------------------------------------------


def test_a_release_that_a_rule_blocks_ends_with_ten_and_is_told(amv: Run) -> None:
    given(BROKEN)
    done = amv("release", "check", "--to", "spotify,apple_music", "--via", "distrokid")
    assert done.code == 10
    line = BROKEN[: BROKEN.index("isrc")].count("\n") + 1
    assert f"release.toml:{line}  tracks[0].isrc  [ID-ISRC-FMT]" in done.out
    assert "Blocked: Spotify, Apple Music, DistroKid." in done.out


def test_all_formats_say_the_same(amv: Run) -> None:
    given(BROKEN)
    report = amv("release", "check", "--format", "json")
    assert report.code == 10
    rules = {one["rule"] for target in report.data["targets"] for one in target["findings"]}
    assert amv("release", "check", "--json").data == report.data
    log = amv("release", "check", "--format", "sarif").data
    assert {result["ruleId"] for result in log["runs"][0]["results"]} == rules
    assert amv("release", "check", "--format", "junit", "-o", "report.xml").code == 10
    suites = junitparser.JUnitXml.fromfile("report.xml")
    assert [suite.name for suite in suites] == ["Spotify", "Apple Music"]
    assert amv("release", "check", "--format", "text", "-o", "report.txt").out == ""
    assert "ID-ISRC-FMT" in Path("report.txt").read_text()


def test_a_report_file_keeps_its_permissions_and_is_whole(amv: Run) -> None:
    given(GOOD)
    report = given("old", "report.json")
    report.chmod(0o640)
    assert amv("release", "check", "--no-files", "--format", "json", "-o", "report.json").code in (0, 10)
    json.loads(report.read_text())
    assert stat.S_IMODE(report.stat().st_mode) == 0o640
    assert sorted(path.name for path in Path().iterdir()) == ["release.toml", "report.json"]


def test_files_are_looked_into_from_where_the_release_is(amv: Run) -> None:
    Path("album").mkdir()
    given(GOOD, "album/release.toml")
    done = amv("release", "check", "album/release.toml", "--via", "distrokid", "--json")
    missing = [
        one for target in done.data["targets"] for one in target["findings"] if one["rule"] == "FILE-MISSING"
    ]
    assert len(missing) == 3
    assert done.code == 10
    sound("album/song.wav")
    again = amv("release", "check", "album/release.toml", "--via", "distrokid", "--json")
    assert "FILE-MISSING" not in again.out


def test_without_looking_into_files_a_missing_one_is_no_finding(amv: Run) -> None:
    given(GOOD)
    assert "FILE-MISSING" not in amv("release", "check", "--no-files", "--via", "distrokid").out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title = Paper Lanterns", "release.toml:1:9: title: invalid value"),
        ('title = "x"\nlable = "y"\n', "Did you mean label?"),
        ('title = 5\nupc = 1\n', "release.toml has 2 mistakes"),
        ("", "title: is missing"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_release_is_wrong_usage(amv: Run, text: str, said: str) -> None:
    given(text)
    for command in ("check", "fix"):
        done = amv("release", command)
        assert (done.code, done.out) == (2, "")
        assert said in done.err
        assert "Traceback" not in done.err
        assert amv("release", command, "--json").error["code"] == "release_file_invalid"


def test_all_mistakes_are_told_with_their_places_for_programs_too(amv: Run) -> None:
    given("title = 5\nupc = 1\n")
    assert [one["field"] for one in amv("release", "check", "--json").error["errors"]] == [
        "release.toml:1:1",
        "release.toml:2:1",
    ]


def test_a_missing_file_says_how_one_is_made(amv: Run) -> None:
    done = amv("release", "check")
    assert done.code == 2
    assert "amv release init" in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--to", "spotfy"], "Did you mean spotify?"),
        (["--via", "distrokidd"], "Did you mean distrokid?"),
        (["--format", "sarif", "--json"], "contradict"),
        (["-o", "nowhere/report"], "no folder"),
        (["-o", "."], "a folder"),
    ],
)
def test_options_that_mean_nothing_are_told(amv: Run, words: list[str], said: str) -> None:
    given(GOOD)
    done = amv("release", "check", *words)
    assert done.code == 2
    assert said in done.err


def test_what_a_title_holds_cannot_steer_a_terminal(amv: Run) -> None:
    given(
        BROKEN.replace('"Paper Lanterns"', '"\\u001b[2J\\u202eevil"').replace("USA1224123456", "\\u001b]0;x")
    )
    for kind in ("text", "json", "sarif", "junit"):
        shown = amv("release", "check", "--format", kind)
        assert shown.code == 10
        assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", shown.out)


def test_nothing_heavy_is_loaded_for_a_release_without_files(amv_process: Run) -> None:
    given(GOOD.replace('file = "song.wav"\n', ""))
    code = (
        "import sys; from aimusicverse.cli.app import main\n"
        "main(['release', 'check', '--via', 'distrokid', '--quiet', '-o', 'r.txt'])\n"
        "print([m for m in ('numpy', 'PIL', 'soundfile', 'httpx', 'lxml', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "[]\n", done.stderr


# --- fix --------------------------------------------------------------------------------------------------


@pytest.fixture
def mendable(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that offers a repair, whatever rules the table has."""
    from dataclasses import replace

    from aimusicverse.release import validation
    from aimusicverse.release.rules.case import Case
    from aimusicverse.release.rules.rule import Found

    def test(case: Case) -> list[Found]:
        title = case.release.title
        return [Found("title", title, instead=title.removesuffix(" - Single"))] * title.endswith(" - Single")

    row = replace(RULES[0], id="X-SUFFIX", field="title", test=test, message="{value} has a suffix.")
    monkeypatch.setattr(validation, "RULES", (row,))


SUFFIXED = GOOD.replace('"Paper Lanterns"', '"Paper Lanterns - Single"')


@pytest.mark.usefixtures("mendable")
def test_without_a_terminal_changes_are_shown_and_not_made(amv: Run) -> None:
    file = given(SUFFIXED)
    done = amv("release", "fix", "--no-files")
    assert done.code == 2
    assert '-title = "Paper Lanterns - Single"   # a working title' in done.out
    assert '+title = "Paper Lanterns"   # a working title' in done.out
    assert "--yes" in done.err
    assert file.read_text() == SUFFIXED


@pytest.mark.usefixtures("mendable")
def test_with_a_yes_only_the_value_changes(amv: Run) -> None:
    file = given(SUFFIXED)
    file.chmod(0o600)
    done = amv("release", "fix", "--no-files", "--yes")
    assert done.code == 0
    assert file.read_text() == GOOD
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in Path().iterdir()] == ["release.toml"]
    again = amv("release", "fix", "--no-files", "--yes")
    assert (again.code, again.out) == (0, "")
    assert "Nothing can be mended" in again.err


@pytest.mark.usefixtures("mendable")
def test_a_rule_that_is_skipped_changes_nothing_and_one_that_is_unknown_is_told(amv: Run) -> None:
    file = given(SUFFIXED)
    assert amv("release", "fix", "--no-files", "--yes", "--only", "ID-ISRC-FMT").code == 0
    assert file.read_text() == SUFFIXED
    done = amv("release", "fix", "--no-files", "--yes", "--skip", "NO-SUCH-RULE")
    assert done.code == 2
    assert "no rule NO-SUCH-RULE" in done.err


@pytest.mark.usefixtures("mendable")
def test_programs_get_the_diff_and_what_was_made(amv: Run) -> None:
    file = given(SUFFIXED)
    shown = amv("release", "fix", "--no-files", "--json")
    assert (shown.code, shown.data["written"], shown.err) == (0, False, "")
    assert file.read_text() == SUFFIXED
    told = amv("release", "fix", "--no-files", "--yes", "--json").data
    assert told["diff"] == shown.data["diff"]
    assert told["written"] is True
    assert told["made"] == [
        {
            "rule": "X-SUFFIX",
            "field": "title",
            "before": "Paper Lanterns - Single",
            "after": "Paper Lanterns",
        }
    ]
    assert "+title" in told["diff"]


@pytest.mark.usefixtures("mendable")
def test_a_file_that_was_edited_meanwhile_stays_as_it_was_left(
    amv: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = given(SUFFIXED)
    from aimusicverse.release import fixes

    real = fixes.repaired

    def slow(*given_: object) -> object:
        done = real(*given_)  # type: ignore[arg-type]
        file.write_text(SUFFIXED + "# one more line\n")
        return done

    monkeypatch.setattr(fixes, "repaired", slow)
    done = amv("release", "fix", "--no-files", "--yes")
    assert done.code == 1
    assert "changed by somebody else" in done.err
    assert file.read_text().endswith("# one more line\n")


@pytest.mark.usefixtures("mendable")
def test_a_link_goes_on_pointing_where_it_pointed(amv: Run) -> None:
    Path("real").mkdir()
    target = given(SUFFIXED, "real/release.toml")
    Path("release.toml").symlink_to("real/release.toml")
    assert amv("release", "fix", "--no-files", "--yes").code == 0
    assert Path("release.toml").is_symlink()
    assert target.read_text() == GOOD


#: A `amv` whose table has one rule that offers a repair.
_MENDING = """
import sys
from dataclasses import replace
from aimusicverse.release import validation
from aimusicverse.release.rules.rule import Found
def test(case):
    title = case.release.title
    return [Found("title", title, instead=title.removesuffix(" - Single"))] * title.endswith(" - Single")
validation.RULES = (replace(validation.RULES[0], field="title", test=test, message="{value} has a suffix."),)
from aimusicverse.cli.app import main
sys.exit(main(["release", "fix", "--no-files"]))
"""


@pytest.mark.parametrize(
    ("answer", "code", "text"), [(b"y\n", 0, GOOD), (b"\n", 1, SUFFIXED), (b"n\n", 1, SUFFIXED)]
)
def test_a_person_is_asked_and_nothing_is_done_without_a_yes(answer: bytes, code: int, text: str) -> None:
    file = given(SUFFIXED)
    person, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", _MENDING], stdin=terminal, stdout=terminal, stderr=terminal
    )
    os.close(terminal)
    shown = bytearray()

    def watch() -> None:
        try:
            while piece := os.read(person, 4096):
                shown.extend(piece)
                if b"[y/N]" in piece:
                    os.write(person, answer)
        except OSError:
            pass

    watching = threading.Thread(target=watch)
    watching.start()
    assert process.wait(60) == code
    watching.join(10)
    os.close(person)
    assert b"[y/N]" in shown
    assert b"+title" in shown
    assert file.read_text() == text


# --- rules ------------------------------------------------------------------------------------------------


def test_a_rule_is_shown_with_its_source_and_its_word(amv: Run) -> None:
    done = amv("release", "rules", "id-isrc-fmt")
    assert done.code == 0
    for part in (
        "ID-ISRC-FMT",
        "everybody",
        "ISRC Handbook",
        "2026-11-22",
        "USSKG1912345",
        "amv release rules isrc",
    ):
        assert part in done.out


@pytest.mark.parametrize("word", TERMS)
def test_every_word_is_explained(amv: Run, word: str) -> None:
    done = amv("release", "rules", word)
    assert done.code == 0
    assert TERMS[word].question in done.out


def test_words_are_found_as_people_write_them(amv: Run) -> None:
    assert "What is a P line?" in amv("release", "rules", "P", "line").out
    told = amv("release", "rules", "ISRC", "--json").data
    assert told["term"] == "isrc"
    assert "ID-ISRC-FMT" in told["rules"]


def test_all_rules_and_those_of_a_group_are_listed(amv: Run) -> None:
    lines = amv("release", "rules").out.splitlines()
    assert [line.split("\t")[0] for line in lines] == [rule.id for rule in RULES]
    files = amv("release", "rules", "files").out.splitlines()
    assert [line.split("\t")[0] for line in files] == ["FILE-MISSING", "FILE-UNREADABLE", "FILE-UNKNOWN"]
    assert [rule["rule"] for rule in amv("release", "rules", "--json").data["rules"]] == [
        rule.id for rule in RULES
    ]


def test_an_unknown_word_is_guessed_and_not_found(amv: Run) -> None:
    done = amv("release", "rules", "ID-ISRC-FORM")
    assert done.code == 4
    assert "Did you mean ID-ISRC-FMT" in done.err
    assert "isrc" in amv("release", "rules", "isrcc").err
    assert "All rules" in amv("release", "rules", "zzzzzz").err


def test_the_installed_program_has_the_commands(amv_process: Run) -> None:
    done = amv_process("release", "--help")
    assert done.code == 0
    for name in ("init", "check", "fix", "rules"):
        assert name in done.out
