"""One folder has all that is needed to submit a release, and a list of what is not there and what to do."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import soundfile

from aimusicverse.release import preparing
from aimusicverse.release.artwork import Design
from aimusicverse.release.audio_check import look_into
from aimusicverse.release.ern.checks import check
from aimusicverse.release.gathering import facts_of
from aimusicverse.release.package_error import CannotPackage
from aimusicverse.release.prepared_texts import safe
from aimusicverse.release.preparing import Prepared, prepare
from aimusicverse.release.targets import distributor_of, store_of
from aimusicverse.release.toml_file import read
from aimusicverse.types.release import Release
from tests.release.ern.schemas import complaints
from tests.release.real_files import artwork, content_of, ffmpeg, music, needs_ffmpeg, save, studio_render
from tests.release.sound_releases import LEFT_OUT, NOW, SINGLE, changed

HERE = {"tracks[0].file": "song.wav", "cover.file": "front.jpg"}


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound file and a cover that are as they should be."""
    folder = tmp_path_factory.mktemp("sources")
    save(folder / "song.wav", music())
    (folder / "front.jpg").write_bytes(content_of(artwork(), "JPEG", quality=92))
    return folder


def prepared(
    sources: Path, final: Path, *stores: str, via: str | None = None, release: Any = None, **more: Any
) -> Prepared:
    given = Release.model_validate(release or changed(SINGLE, HERE))
    return prepare(
        given,
        sources,
        final,
        [store_of(name) for name in stores or ("spotify", "apple_music")],
        None if via is None else distributor_of(via),
        found=facts_of(given, sources),
        now=NOW,
        **more,
    )


def files_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_release_that_is_right_is_all_there_for_a_distributor(sources: Path, tmp_path: Path) -> None:
    made = prepared(sources, tmp_path / "out", via="distrokid")
    assert not made.report.blocking
    assert [task.what for task in made.left] == ["Bring it to DistroKid."]
    assert files_in(made.folder) == {
        "README.md", "release.toml", "report.json", "ai-answers.md", "proof.json", "cover.jpg",
        "master/01 Paper Lanterns.wav",
        "distrokid/01 Paper Lanterns.wav", "distrokid/cover.jpg", "distrokid/checklist.md",
        "distrokid/checklist.html", "distrokid/release.csv",
    }  # fmt: skip
    assert "No rule blocks it." in (made.folder / "README.md").read_text()


def test_a_provider_gets_packages_that_their_own_checks_take(sources: Path, tmp_path: Path) -> None:
    made = prepared(sources, tmp_path / "out", "spotify", "apple_music", "ddex_43", apple_provider="Okafor")
    assert sorted(made.packages) == [
        "packages/apple_music/036000291452.itmsp",
        "packages/ddex_43/20261126120000000",
        "packages/spotify/20261126120000000",
    ]
    for name in ("spotify", "ddex_43"):
        [message] = (made.folder / "packages" / name).glob("*/*/036000291452.xml")
        assert check(message.read_bytes(), message.parent) == []
    assert [task.blocking for task in made.left] == [False] * 3


def test_an_account_that_nobody_named_is_on_the_list(sources: Path, tmp_path: Path) -> None:
    made = prepared(sources, tmp_path / "out", "apple_music")
    assert made.packages == ()
    assert any(task.blocking and "--apple-provider" in task.how for task in made.left)


def test_a_release_that_lacks_everything_gets_its_folder_and_a_list_that_can_be_acted_on(
    sources: Path, tmp_path: Path
) -> None:
    bare = {"title": "Paper Lanterns", "file": "song.wav"}
    made = prepared(sources, tmp_path / "out", via="distrokid", release=bare)
    assert made.report.blocking
    needed = [task for task in made.left if task.blocking]
    assert needed == list(made.left[: len(needed)]), "what blocks comes first"
    for task in made.left:
        assert len(task.how) > 20
        assert task.targets
    rules = " ".join(task.what for task in needed)
    for rule in ("A-MAIN", "A-COMPOSER", "AI-DECLARE", "L-AUDIO", "X-FLAG", "PL", "CL", "G-AP"):
        assert f"({rule})" in rules
    page = (made.folder / "README.md").read_text()
    assert all(f"{number}. [ ] " in page for number in range(1, len(made.left) + 1))
    assert "distrokid/checklist.md" in files_in(made.folder), "the kit marks what is missing"


def test_what_blocks_a_store_stands_in_the_way_of_its_package_alone(sources: Path, tmp_path: Path) -> None:
    release = changed(SINGLE, HERE | {"genres": LEFT_OUT, "genre": "Hyperpop"})
    made = prepared(sources, tmp_path / "out", "spotify", "apple_music", apple_provider="x", release=release)
    blocked = {target.target for target in made.report.targets if target.blocking}
    for store in ("spotify", "apple_music"):
        assert any(name.startswith(f"packages/{store}/") for name in made.packages) is (store not in blocked)


def test_the_release_in_it_reads_back_and_its_paths_are_those_of_the_folder(
    sources: Path, tmp_path: Path
) -> None:
    made = prepared(sources, tmp_path / "out", via="distrokid")
    release = read(made.folder / "release.toml")
    assert (release.tracks[0].file, release.cover.file) == ("master/01 Paper Lanterns.wav", "cover.jpg")
    again = prepare(
        release,
        made.folder,
        tmp_path / "again",
        [store_of("spotify")],
        distributor_of("distrokid"),
        found=facts_of(release, made.folder),
        now=NOW,
    )
    assert again.done == ()
    assert [task.what for task in again.left] == ["Bring it to DistroKid."]


def test_the_same_gives_the_same_bytes(sources: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        prepared(sources, tmp_path / name / "out", "spotify", "apple_music", apple_provider="x")
    for path in files_in(tmp_path / "a"):
        assert (tmp_path / "a" / path).read_bytes() == (tmp_path / "b" / path).read_bytes(), path


BARE = {"title": "Paper Lanterns", "file": "song.wav"}


@pytest.mark.long
def test_each_key_on_the_list_is_named_with_the_line_where_it_stands(sources: Path, tmp_path: Path) -> None:
    made = prepared(sources, tmp_path / "out", via="distrokid", release=BARE)
    page, lines = (
        (made.folder / "README.md").read_text(),
        (made.folder / "release.toml").read_text().split("\n"),
    )
    named = re.findall(r"line (\d+), `([^`]+)`", page)
    assert {"artist", "composers", "p_line", "c_line", "language", "explicit", "label"} <= {
        key for _, key in named
    }
    for number, key in named:
        assert lines[int(number) - 1].lstrip("#").startswith(key), (number, key)
    [(above, below)] = re.findall(r"lines (\d+) and (\d+), `\[genres\]` and `apple_music`", page)
    assert (lines[int(above) - 1], lines[int(below) - 1][:14]) == ("#[genres]", "#apple_music =")


def test_filling_in_the_lines_that_the_list_names_is_all_that_is_needed(
    sources: Path, tmp_path: Path
) -> None:
    made = prepared(sources, tmp_path / "out", via="distrokid", release=BARE)
    lines = (made.folder / "release.toml").read_text().split("\n")
    for task in made.left:
        if task.blocking:
            assert task.fields
    page = (made.folder / "README.md").read_text()
    needed = page[: page.index(f"\n{1 + sum(task.blocking for task in made.left)}. [ ]")]
    for number in re.findall(r"(?:line|and|lines) (\d+)[, ]", needed):
        lines[int(number) - 1] = lines[int(number) - 1].removeprefix("#")
    (made.folder / "release.toml").write_text("\n".join(lines))
    release = read(made.folder / "release.toml")
    again = prepared(made.folder, tmp_path / "next", via="distrokid", release=release.model_dump(mode="json"))
    assert not any(task.blocking for task in again.left), [task.what for task in again.left if task.blocking]


@pytest.mark.long
def test_findings_that_are_done_with_in_the_same_way_are_one_task(sources: Path, tmp_path: Path) -> None:
    made = prepared(sources, tmp_path / "out", via="distrokid", release=BARE)
    rules = [re.findall(r"\(([A-Z-]+)\)$", task.what) for task in made.left]
    assert rules.count(["AI-DECLARE"]) == rules.count(["A-COMPOSER"]) == 1
    [asked] = [task for task in made.left if "AI-DECLARE" in task.what]
    assert asked.what == (
        "Nobody has said how much of the lyrics of the release AI made. And 3 more like it. (AI-DECLARE)"
    )
    assert asked.fields == ("ai.lyrics", "ai.composition", "ai.vocals", "ai.instruments")


@pytest.mark.long
def test_what_is_to_be_copied_from_the_list_is_toml(sources: Path, tmp_path: Path) -> None:
    made = prepared(sources, tmp_path / "out", via="distrokid", release=BARE)
    page = (made.folder / "README.md").read_text()
    assert '`composers = ["First Last"]`' in page
    snippets = re.findall(r"For example: `(\w+ = [^`]+)`", page)
    assert len(snippets) > 5
    for snippet in snippets:
        tomllib.loads(snippet)


@pytest.mark.long
def test_the_next_folder_has_a_name_that_is_free(sources: Path, tmp_path: Path) -> None:
    (tmp_path / "Paper Lanterns 2").mkdir()
    for name, following in (("Paper Lanterns", "Paper Lanterns 3"), ("Paper Lanterns 3", "Paper Lanterns 4")):
        made = prepared(sources, tmp_path / name, via="distrokid", release=BARE)
        assert f"--via distrokid -o '../{following}'\n" in (made.folder / "README.md").read_text()


@pytest.mark.long
def test_what_the_form_asks_and_no_rule_does_is_told(sources: Path, tmp_path: Path) -> None:
    made = prepared(sources, tmp_path / "out", via="distrokid", release=BARE)
    last = made.left[-1]
    assert "Release date" in last.how
    assert "Terms" not in last.how, "only a person can accept them, so the file is not to blame"
    checklist = (made.folder / "distrokid" / "checklist.md").read_text()
    assert "Release date: **To do: the release does not say it.**" in checklist
    assert "Terms of the distribution agreement: **To do: only you can say it, in the form.**" in checklist


def test_what_is_no_key_of_the_file_is_not_said_to_be_in_it(sources: Path, tmp_path: Path) -> None:
    made = prepared(sources, tmp_path / "out", "apple_music")
    [asked] = [task for task in made.left if "--apple-provider" in task.how]
    assert asked.fields == ()


def test_a_master_is_written_anew_where_that_changes_nothing_one_could_hear(
    sources: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    save(folder / "song.wav", music(), subtype="FLOAT")
    (folder / "front.jpg").write_bytes((sources / "front.jpg").read_bytes())
    made = prepared(folder, tmp_path / "out")
    [master] = (made.folder / "master").iterdir()
    assert look_into(master).codec == "PCM_24"
    assert any("FLOAT" in what for what in made.done)
    assert not any(finding.rule == "AU-BITS" for target in made.report.targets for finding in target.findings)


@needs_ffmpeg
def test_an_mp3_stays_one_and_is_told_to_whom_it_is_not_enough(sources: Path, tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    ffmpeg("-i", sources / "song.wav", "-b:a", "192k", folder / "song.mp3")
    (folder / "front.jpg").write_bytes((sources / "front.jpg").read_bytes())
    release = changed(SINGLE, HERE | {"tracks[0].file": "song.mp3"})
    made = prepared(folder, tmp_path / "out", "spotify", release=release)
    assert (made.folder / "master/01 Paper Lanterns.mp3").read_bytes() == (folder / "song.mp3").read_bytes()
    assert any(task.blocking and "(AU-FMT)" in task.what for task in made.left)
    by_distributor = prepared(folder, tmp_path / "kit", "spotify", via="distrokid", release=release)
    assert not by_distributor.report.blocking
    assert "distrokid/01 Paper Lanterns.mp3" in files_in(by_distributor.folder)


def test_a_cover_is_drawn_where_there_is_none_and_said_to_be_a_machines(
    sources: Path, tmp_path: Path
) -> None:
    release = changed(SINGLE, {"tracks[0].file": "song.wav", "ai.artwork": LEFT_OUT})
    design = Design("Paper Lanterns", "Maren Okafor", style="aura", lettering=True)
    made = prepared(sources, tmp_path / "out", via="distrokid", release=release, design=design)
    told = read(made.folder / "release.toml")
    assert told.ai.artwork == "all"
    assert told.cover.lettering == ["Paper Lanterns", "Maren Okafor"]
    assert any("aura" in what for what in made.done)
    assert not made.report.blocking
    assert json.loads((made.folder / "proof.json").read_text())["cover"]["machine_made"] == "all"


def test_a_picture_that_is_no_cover_is_made_one_and_what_was_done_is_told(
    sources: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "song.wav").write_bytes((sources / "song.wav").read_bytes())
    (folder / "front.jpg").write_bytes(content_of(artwork().convert("CMYK"), "JPEG"))
    made = prepared(folder, tmp_path / "out", via="distrokid")
    assert any("CMYK" in what for what in made.done)
    assert not made.report.blocking


def test_the_proof_has_the_hashes_of_what_is_in_the_folder(sources: Path, tmp_path: Path) -> None:
    made = prepared(sources, tmp_path / "out")
    told = json.loads((made.folder / "proof.json").read_text())
    master = made.folder / "master" / told["recordings"][0]["file"]["name"]
    assert told["recordings"][0]["file"]["sha256"] == hashlib.sha256(master.read_bytes()).hexdigest()
    cover = (made.folder / told["cover"]["file"]["name"]).read_bytes()
    assert told["cover"]["file"]["sha256"] == hashlib.sha256(cover).hexdigest()


def test_a_file_that_is_missing_is_on_the_list_and_everything_else_is_there(
    sources: Path, tmp_path: Path
) -> None:
    release = changed(SINGLE, HERE | {"tracks[0].file": "lost.wav"})
    made = prepared(sources, tmp_path / "out", via="distrokid", release=release)
    assert any(task.blocking and "lost.wav" in task.what for task in made.left)
    assert made.packages == ()
    assert {"README.md", "cover.jpg", "release.toml"} <= files_in(made.folder)


@pytest.mark.parametrize("failing", ["_masters", "_cover", "_packages", "readme"])
def test_what_goes_wrong_on_the_way_leaves_nothing(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(preparing, failing, fail)
    with pytest.raises(CannotPackage, match="No space left"):
        prepared(sources, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_is_left_as_it_is(sources: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/mine").touch()
    with pytest.raises(CannotPackage, match="there already"):
        prepared(sources, tmp_path / "out")
    assert files_in(tmp_path) == {"out/mine"}


def test_a_track_that_is_called_like_a_path_stays_in_the_folder(sources: Path, tmp_path: Path) -> None:
    release = changed(SINGLE, HERE | {"tracks[0].title": "../../../etc/passwd"})
    made = prepared(sources, tmp_path / "out", via="distrokid", release=release)
    [master] = (made.folder / "master").iterdir()
    assert master.parent == made.folder / "master"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_no_title_makes_a_page_of_its_own(sources: Path, tmp_path: Path) -> None:
    title = "# [x](http://x) <script>\u202e|`*_"
    made = prepared(
        sources, tmp_path / "out", via="distrokid", release=changed(SINGLE, HERE | {"title": title})
    )
    page = (made.folder / "README.md").read_text()
    assert not re.search(r"(?<!\\)<script|(?<!\\)\[x\]|\u202e", page)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\nb", "a b"), ("a\ud800", "a\ufffd"), ("*a*", "\\*a\\*"), ("雨の夜", "雨の夜"), ("a|b", "a\\|b")],
)
def test_text_in_a_page_does_nothing(text: str, shown: str) -> None:
    assert safe(text) == shown


@pytest.mark.long
def test_a_cover_after_music_has_its_key_and_tempo(sources: Path, tmp_path: Path) -> None:
    """Another recording of the same name has another cover."""
    folder = tmp_path / "sources"
    folder.mkdir()
    times = (sound := music(31))[:, 0].size
    soundfile.write(folder / "song.wav", sound[: times // 2], 44_100, subtype="PCM_24")
    release = changed(SINGLE, {"tracks[0].file": "song.wav"})
    first = prepared(sources, tmp_path / "a", via="distrokid", release=release)
    second = prepared(folder, tmp_path / "b", via="distrokid", release=release)
    assert (first.folder / "cover.jpg").read_bytes() != (second.folder / "cover.jpg").read_bytes()


def test_a_song_of_the_studio_becomes_packages_that_the_official_schemas_take(tmp_path: Path) -> None:
    """Rendered, judged, given a cover after its music, packed: with the answers that its making gives."""
    (tmp_path / "song.wav").write_bytes(studio_render())
    made_by = {
        "composition": "all", "instruments": "all", "lyrics": "none", "vocals": "none",
        "tool": "aimusicverse studio", "tool_version": "1", "prompt": "calm folk", "seed": 3,
        "plan": "own", "licence": "own work", "made_on": "2026-11-26",
    }  # fmt: skip
    release = changed(
        SINGLE, {"tracks[0].file": "song.wav", "ai": made_by, "language": "zxx", "contributors": []}
    )
    release["tracks"][0]["writers"][0]["ai"] = "all"
    made = prepared(tmp_path, tmp_path / "out", "ddex", "ddex_43", "apple_music", release=release)
    assert {target.target for target in made.report.targets if target.blocking} == set()
    for store, version in (("ddex", "4.3.2"), ("ddex_43", "4.3")):
        [message] = (made.folder / "packages" / store).glob("*/*/036000291452.xml")
        assert check(message.read_bytes(), message.parent) == []
        assert complaints(message.read_bytes(), version) == []
