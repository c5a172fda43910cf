"""What is written is what was meant, and somebody who edits it finds every key with a line about it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings

from aimusicverse.release import toml_form
from aimusicverse.release.toml_file import of_content
from aimusicverse.release.toml_words import WORDS
from aimusicverse.types.release import Recording, Release
from tests.release.releases_of_all_kinds import RELEASES
from tests.release.sound_releases import ALBUM, SINGLE


def read_back(text: str) -> Release:
    return of_content(Release, Path("release.toml"), text.encode()).value


@settings(deadline=None)
@given(RELEASES)
def test_whatever_is_written_reads_back_as_the_same_release(release: Release) -> None:
    assert read_back(toml_form.written(release)) == release


@pytest.mark.parametrize("release", [SINGLE, ALBUM], ids=["single", "album"])
def test_a_sound_release_reads_back(release: dict[str, object]) -> None:
    parsed = Release.model_validate(release)
    assert read_back(toml_form.written(parsed)) == parsed


def test_every_key_of_every_model_has_a_line_that_says_what_it_is() -> None:
    for model, words in WORDS.items():
        assert set(words) == set(model.model_fields), model.__name__
        for name, word in words.items():
            assert word.says[0].isupper() or word.says.split()[0].rstrip(":,.") in (
                "true", "single", "explicit", "public", "private", "all", "all-rights-reserved",
            ), (model.__name__, name)  # fmt: skip
            assert word.says.endswith((".", '"', "…")), (model.__name__, name)


def test_a_key_that_can_be_left_out_is_there_behind_a_hash_and_works_without_it() -> None:
    text = toml_form.written(Release(title="Paper Lanterns", tracks=[Recording(title="Paper Lanterns")]))
    above, below = text.split("\n[[tracks]]\n")
    used = re.sub(r"^#(?=(version|label|release_at|artist|territories) = )", "", above, flags=re.MULTILINE)
    used += "\n[[tracks]]\n" + re.sub(r"^#(?=(isrc|composers) = )", "", below, flags=re.MULTILINE)
    release = read_back(used)
    assert (release.version, release.label) == ("Deluxe Edition", "Maren Okafor Records")
    assert release.release_at == "2027-01-08"
    assert release.artists[0].name == release.tracks[0].writers[0].name == "Maren Okafor"
    assert release.tracks[0].isrc == "USSKG2600001"


def test_every_line_that_could_be_used_can_be_used_all_at_once() -> None:
    text = toml_form.written(Release(title="Paper Lanterns", tracks=[Recording(title="Paper Lanterns")]))
    release = read_back(re.sub(r"^#(?=\S)", "", text, flags=re.MULTILINE))
    assert release.type == "single"
    assert release.tracks[0].artists[0].roles == ["MainArtist"]
    assert release.delivered is not None


def test_several_tracks_are_short_so_that_they_can_be_seen_side_by_side() -> None:
    text = toml_form.written(Release.model_validate(ALBUM))
    last = text.split("[[tracks]]\n")[-1]
    assert last.split("\n\n")[0].splitlines()[0] == 'title = "Low Tide"'
    assert "#" not in last.split("\n\n")[0]


def test_what_would_turn_a_line_around_is_written_so_that_it_can_be_seen() -> None:
    text = toml_form.written(Release(title="a\u202eb", tracks=[Recording(title="c")]))
    assert 'title = "a\\u202eb"' in text


def test_a_note_says_where_a_value_comes_from() -> None:
    release = Release.model_validate(SINGLE)
    text = toml_form.written(release, {"ai": "As the track's provenance says.", "tracks.isrc": "New."})
    assert "do not count. As the track's provenance says.\n[ai]" in " ".join(text.split("\n# ")).replace(
        " # ", "\n# "
    )
    assert "for ever. New.\nisrc" in text
