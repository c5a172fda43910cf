"""The kit for a distributor of whom no form is known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aimusicverse.release.distributor_kit import write_distributor_kit
from aimusicverse.release.outlets import OUTLETS
from aimusicverse.release.package_error import CannotPackage
from aimusicverse.release.toml_file import read
from aimusicverse.types.release import Release
from tests.release.package_files import release_files
from tests.release.sound_releases import ALBUM, LEFT_OUT, SINGLE, changed

_AI = {"lyrics": "all", "composition": "partly", "vocals": "all", "instruments": "all", "artwork": "none"}


def kit(
    folder: Path,
    release: dict[str, Any] = SINGLE,
    changes: dict[str, Any] | None = None,
    via: str = "tunecore",
) -> Path:
    """One, of a release with real files."""
    parsed = Release.model_validate(changed(release, changes or {}))
    files = release_files(folder / "in", len(parsed.tracks), ending="wav")
    stores = [OUTLETS["spotify"], OUTLETS["deezer"]]
    return write_distributor_kit(folder / "out" / "kit", parsed, files, OUTLETS[via], stores)


def test_it_has_the_files_the_answers_and_the_release(tmp_path: Path) -> None:
    made = kit(tmp_path)
    assert {path.name for path in made.iterdir()} == {
        "01 Paper Lanterns.wav", "cover.jpg", "checklist.md", "checklist.html", "ai-answers.md",
        "release.toml",
    }  # fmt: skip
    assert (made / "01 Paper Lanterns.wav").read_bytes() == (tmp_path / "in" / "take 0.wav").read_bytes()


def test_the_checklist_answers_what_the_release_says(tmp_path: Path) -> None:
    text = (kit(tmp_path, changes={"ai": _AI}) / "checklist.md").read_text()
    for told in (
        "Paper Lanterns: TuneCore",
        "Stores: Spotify, Deezer",
        "ISRC: USSKG2600001",
        "UPC or EAN: 036000291452",
        "AI in the words: All of it",
        "AI in the composition: Partly",
        "AI in the cover: None",
    ):
        assert told in text.replace("\\", "")


def test_what_the_distributor_assigns_is_left_empty_and_the_rest_is_to_do(tmp_path: Path) -> None:
    changes = {"upc": LEFT_OUT, "tracks[0].isrc": LEFT_OUT, "p_line": LEFT_OUT}
    text = (kit(tmp_path, changes=changes) / "checklist.md").read_text().replace("\\", "")
    assert "ISRC: Left empty: TuneCore assigns one" in text
    assert "UPC or EAN: Left empty: TuneCore assigns one" in text
    assert "℗ line: **To do" in text


def test_its_release_is_read_back_with_paths_of_the_kit(tmp_path: Path) -> None:
    made = kit(tmp_path, ALBUM)
    found = read(made / "release.toml")
    assert [track.file for track in found.tracks][:2] == ["01 Cold Morning.wav", "02 Ferry.wav"]
    assert found.cover.file == "cover.jpg"
    assert all((made / str(track.file)).exists() for track in found.tracks)


def test_titles_do_nothing_in_a_browser(tmp_path: Path) -> None:
    made = kit(tmp_path, changes={"title": "<script>alert(1)</script>", "label": "a|b`c`"})
    assert "<script>" not in (made / "checklist.html").read_text()
    assert "<script>" not in (made / "checklist.md").read_text().replace("\\<script\\>", "")


@pytest.mark.parametrize("via", [one.id for one in OUTLETS.values() if one.kind == "distributor"])
def test_there_is_one_for_every_distributor(tmp_path: Path, via: str) -> None:
    assert OUTLETS[via].name in (kit(tmp_path, via=via) / "checklist.md").read_text().replace("\\", "")


def test_a_kit_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    kit(tmp_path)
    with pytest.raises(CannotPackage):
        kit(tmp_path)
    assert len(list((tmp_path / "out").iterdir())) == 1
