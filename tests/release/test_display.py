"""How titles and artists are shown, and when two names are one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimusicverse.release.display import artist_line, full_title, listed, name_key, youtube_title
from aimusicverse.types.release import Release
from tests.release.sound_releases import ALBUM, SINGLE, changed


@pytest.mark.parametrize(
    ("title", "version", "shown"),
    [
        ("Ferry", None, "Ferry"),
        ("Ferry", "", "Ferry"),
        ("Ferry", "Live", "Ferry (Live)"),
        ("Ferry (feat. Anna)", "Live", "Ferry (feat. Anna) [Live]"),
    ],
)
def test_a_version_stands_in_brackets_that_are_free(title: str, version: str | None, shown: str) -> None:
    assert full_title(title, version) == shown


def test_names_are_listed_as_stores_list_them() -> None:
    assert listed([]) == ""
    assert listed(["A"]) == "A"
    assert listed(["A", "B"]) == "A & B"
    assert listed(["A", "B", "C"]) == "A, B & C"


def test_guests_are_not_in_the_line_of_artists() -> None:
    release = Release.model_validate(
        changed(SINGLE, {"artists[1]": {"name": "Anna Bell", "roles": ["FeaturedArtist"]}})
    )
    assert artist_line(release.artists) == "Maren Okafor"
    assert artist_line([]) == ""
    assert artist_line(release.artists[1:]) == "Anna Bell"


def test_a_video_is_called_as_its_user_says_for_a_single_and_by_artist_and_title_else() -> None:
    single = Release.model_validate(changed(SINGLE, {"tracks[0].version": "Live"}))
    assert youtube_title(single, single.tracks[0]) == "Maren Okafor - Paper Lanterns (Live)"
    named = Release.model_validate(changed(SINGLE, {"youtube.title": "Lanterns!"}))
    assert youtube_title(named, named.tracks[0]) == "Lanterns!"
    album = Release.model_validate(changed(ALBUM, {"youtube.title": "Lanterns!"}))
    assert youtube_title(album, album.tracks[1]) == "Maren Okafor - Ferry"


def test_case_width_and_blanks_do_not_part_two_names_and_accents_do() -> None:
    assert name_key("MAREN  Okafor") == name_key("Ｍａｒｅｎ Okafor")
    assert name_key("Zoe\u0308") == name_key("Zoë")
    assert name_key("Zoë") != name_key("Zoe")


@given(st.text(st.characters(exclude_categories=())))
def test_a_key_of_a_key_is_the_key_for_any_text(text: str) -> None:
    assert name_key(name_key(text)) == name_key(name_key(name_key(text)))
