"""Kits: a person hands them over, and nothing is ever sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from aimusicverse.platforms.base import DeliveryError, Parcel, Surroundings
from aimusicverse.platforms.kit.connector import Kit
from aimusicverse.platforms.table import connector
from tests.platforms.apple_music.delivering import Apple


@pytest.fixture
def apple(tmp_path: Path) -> Apple:
    """For its parcels."""
    return Apple(tmp_path)


def kit(via: str = "distrokid", platform: str = "spotify") -> Kit:
    made = connector(platform, via, None, Surroundings())
    assert isinstance(made, Kit)
    return made


def test_it_waits_for_a_person_and_says_what_to_do(apple: Apple) -> None:
    journal = apple.journal()
    for standing in (kit().deliver(apple.parcel(), journal), kit().look(journal), kit().release(journal)):
        assert standing.stands == "action_required"
        problem = standing.problem
        assert problem is not None
        assert (problem.code, problem.kind) == ("kit_ready", "setup")
        assert "DistroKid" in problem.message
        assert "Spotify" in problem.message
        assert "amv distributions package" in (problem.hint or "")
        assert "amv distributions confirm" in (problem.hint or "")


def test_without_files_there_is_no_kit(apple: Apple) -> None:
    parcel = apple.parcel()
    less = Parcel(
        parcel.distribution_id,
        1,
        parcel.release,
        type(parcel.files)(parcel.files.tracks),
        None,
        parcel.folder,
        "live",
    )
    with pytest.raises(DeliveryError) as refused:
        kit().deliver(less, apple.journal())
    assert (refused.value.problem.code, refused.value.problem.field) == ("package_failed", "cover.file")


def test_distrokids_has_the_answers_to_its_form(apple: Apple, tmp_path: Path) -> None:
    into = tmp_path / "into"
    into.mkdir()
    kit().package(apple.parcel(), into)
    [folder] = into.iterdir()
    assert folder.name == "Paper Lanterns"
    assert {path.name for path in folder.iterdir()} == {
        "01 Paper Lanterns.flac", "cover.jpg", "checklist.md", "checklist.html", "release.csv",
    }  # fmt: skip


def test_anothers_has_what_anyone_asks(apple: Apple, tmp_path: Path) -> None:
    into = tmp_path / "into"
    into.mkdir()
    kit("believe", "deezer").package(apple.parcel({"title": "../../etc"}), into)
    [folder] = into.iterdir()
    assert folder.parent == into
    assert (folder / "release.toml").exists()
    assert "Believe" in (folder / "checklist.md").read_text()


def test_only_the_distributor_takes_it_down(apple: Apple) -> None:
    standing = kit("tunecore").take_down(apple.parcel(), apple.journal())
    assert standing.stands == "action_required"
    assert standing.problem is not None
    assert "TuneCore" in standing.problem.message


def test_the_distributor_keeps_the_date(apple: Apple) -> None:
    with pytest.raises(DeliveryError) as refused:
        kit().withhold(apple.journal())
    assert refused.value.problem.code == "date_is_with_the_store"
