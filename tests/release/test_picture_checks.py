"""What would be said of a picture alone: by the rows that judge its file, each thing once."""

from __future__ import annotations

from aimusicverse.release.facts import FileProblem
from aimusicverse.release.picture_checks import looked_at, picture_checks
from aimusicverse.release.targets import DISTRIBUTORS, STORES
from tests.server.sample_pictures import drawing, encoded, sent


def test_what_a_release_declares_of_its_cover_is_not_asked() -> None:
    assert picture_checks(looked_at(encoded(drawing(3000, 3000)), "cover.jpg"), STORES.values()) == []


def test_who_would_say_the_same_says_it_once_and_the_worst_comes_first() -> None:
    checks = picture_checks(
        looked_at(encoded(drawing(700, 700), "WEBP"), "cover.webp"),
        [STORES["spotify"], STORES["apple_music"], STORES["soundcloud"], DISTRIBUTORS["tunecore"]],
    )
    assert [(one.rule, one.severity, one.targets) for one in checks] == [
        ("C-FMT", "error", ["spotify"]),
        ("C-MIN", "error", ["apple_music"]),
        ("C-FMT", "error", ["apple_music", "soundcloud"]),
        ("C-MIN", "warning", ["spotify", "soundcloud", "tunecore"]),
    ]
    assert {one.passes for one in checks if one.rule == "C-FMT"} == {
        "JPEG or PNG or TIFF, judged by its content",
        "JPEG or PNG, judged by its content",
    }


def test_what_cannot_be_looked_into_is_said_with_its_reason() -> None:
    looked = looked_at(sent()[:-200], "cut.jpg")
    assert isinstance(looked, FileProblem)
    [check] = picture_checks(looked)
    assert (check.rule, check.blocking, check.targets) == (
        "FILE-UNREADABLE", True, ["spotify", "apple_music", "soundcloud", "distrokid"],
    )  # fmt: skip
    assert "end is missing" in check.message
