"""Guests in a title: who is named, whether it is written as it should be, and what only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.release.display import listed
from aimusicverse.release.featuring import Guests, guests_in


def _only(title: str, *credited: str) -> Guests:
    found = list(guests_in(title, credited))
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Song (feat. Anna)", ("Anna",)),
        ("Song (feat. Anna & Tom)", ("Anna", "Tom")),
        ("Song (feat. Anna, Tom & Bo)", ("Anna", "Tom", "Bo")),
        ("Song [feat. Anna]", ("Anna",)),
        ("Song (Night) [feat. Anna]", ("Anna",)),
        ("Song (feat. Florence and the Machine)", ("Florence and the Machine",)),
        ("歌 (feat. 安奈)", ("安奈",)),
    ],
)
def test_what_is_written_well_is_read(title: str, names: tuple[str, ...]) -> None:
    guests = _only(title)
    assert (guests.names, guests.is_well_formed, guests.is_sure) == (names, True, True)
    assert guests.instead == title


@pytest.mark.parametrize(
    ("title", "instead"),
    [
        ("Song ft. Anna", "Song (feat. Anna)"),
        ("Song feat. Anna & Tom", "Song (feat. Anna & Tom)"),
        ("Song FEATURING Anna", "Song (feat. Anna)"),
        ("Song (Feat. Anna)", "Song (feat. Anna)"),
        ("Song (feat Anna)", "Song (feat. Anna)"),
        ("Song (ft.Anna)", "Song (feat. Anna)"),
        ("Song (w/ Anna)", "Song (feat. Anna)"),
        ("Song [Ft. Anna, Tom]", "Song [feat. Anna & Tom]"),
        ("Song (feat. Anna & Tom & Bo)", "Song (feat. Anna, Tom & Bo)"),
        ("Song (feat. Anna, Tom, & Bo)", "Song (feat. Anna, Tom & Bo)"),
        ("Song (Night) ft. Anna", "Song (Night) [feat. Anna]"),
        ("Song - feat. Anna", "Song (feat. Anna)"),
        ("Song ft. Anna (Live)", "Song (feat. Anna) (Live)"),
    ],
)
def test_what_is_written_otherwise_is_offered_as_it_should_be(title: str, instead: str) -> None:
    guests = _only(title)
    assert not guests.is_well_formed
    assert guests.is_sure
    assert guests.instead == instead


@pytest.mark.parametrize(
    "title",
    [
        "Feat of Strength",
        "Soft w/ Me",
        "Six ft Under",
        "Ft. Worth Blues",
        "Road to Ft. Worth",
        "Come (with Me)",
    ],
)
def test_what_only_looks_like_a_guest_is_not_sure(title: str) -> None:
    assert not _only(title).is_sure


@pytest.mark.parametrize(
    "title",
    [
        "Defeat. The End",
        "Lift",
        "Left w/out",
        "(feat. )",
        "ft. ",
        "Feature Film",
        "Song (With Love)",
        "Soft (Gift)",
    ],
)
def test_what_names_nobody_is_left_alone(title: str) -> None:
    assert list(guests_in(title)) == []


def test_a_credited_name_stays_whole_and_makes_sure() -> None:
    assert _only("Song (feat. Simon & Gar)", "Simon & Gar").names == ("Simon & Gar",)
    assert _only("Song (feat. Simon & Gar & Anna)", "Simon & Gar").names == ("Simon & Gar", "Anna")
    assert _only("Song w/ Anna", "Anna").is_sure
    assert _only("Song (With Anna)", "Anna").instead == "Song (with Anna)"
    assert _only("Song (feat. Anna and Tom)", "Anna", "Tom").instead == "Song (feat. Anna & Tom)"


NAME = st.from_regex(r"[A-Z][a-z]{2,8}( [A-Z][a-z]{2,8})?", fullmatch=True)


@given(st.lists(NAME, min_size=1, max_size=5, unique=True))
def test_any_names_are_read_back_from_the_form_that_is_right(names: list[str]) -> None:
    guests = _only(f"Paper (feat. {listed(names)})")
    assert list(guests.names) == names
    assert guests.is_well_formed
    assert guests.without == "Paper"


@given(
    st.lists(NAME, min_size=1, max_size=4, unique=True),
    st.sampled_from(["ft. ", "Feat. ", "featuring ", "feat. "]),
)
def test_what_is_offered_is_right_itself(names: list[str], word: str) -> None:
    offered = _only(f"Paper {word}{' & '.join(names)}").instead
    assert offered is not None
    assert _only(offered).is_well_formed


@given(st.text(), st.lists(st.text(), max_size=3))
def test_any_title_can_be_read(title: str, credited: list[str]) -> None:
    for guests in guests_in(title, credited):
        assert guests.names
        assert all(guests.names)
