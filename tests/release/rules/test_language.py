"""Languages, what is explicit, genres, lines and labels: what is wrong is found, by its own rule."""

from __future__ import annotations

from typing import Any

import langcodes
import pytest

from aimusicverse.release.apple_genres import APPLE_GENRES, STOREFRONT_GENRES, apple_genre_of
from aimusicverse.release.owner_lines import owner_line
from aimusicverse.release.profanity import profanity_in
from aimusicverse.release.rules import genres, language, lines
from tests.release.bad_releases import Bad, findings
from tests.release.rules.test_ai import TOLD, WHOLLY
from tests.release.sound_releases import ALBUM, LEFT_OUT, SINGLE, changed

APPLE = ("apple_music",)

BAD = (
    Bad("L-META", "a language in words", {"metadata_language": "English"}),
    Bad("L-META", "no language at all", {"metadata_language": "xx"}, stores=("soundcloud",)),
    Bad("L-META", "an underscore", {"metadata_language": "pt_BR"}, stores=APPLE),
    Bad("L-META", "letters that are not ASCII", {"metadata_language": "ен"}),
    Bad("L-META", "Japan instead of Japanese", {"metadata_language": "jp"}, also=("L-REGION",)),
    Bad("L-AUDIO", "nobody says what is sung", {"language": LEFT_OUT}),
    Bad("L-AUDIO", "a sentence", {"language": "some French"}, stores=APPLE),
    Bad("L-AUDIO", "one track of seven is sung in a country",
        {"tracks[3].language": "cz"}, album=True, also=("L-REGION",)),
    Bad("L-REGION", "China instead of Chinese", {"language": "cn"}, "info", also=("L-AUDIO",)),
    Bad("L-REGION", "Northern Sami, or was it Swedish", {"metadata_language": "se"}, "info"),
    Bad("X-FLAG", "nobody says whether it is explicit", {"explicit": LEFT_OUT}, stores=("soundcloud",)),
    Bad("X-FLAG", "one track of seven says it alone",
        {"explicit": LEFT_OUT, "tracks[0].explicit": "none"}, album=True),
    Bad("X-ALBUM", "one track is explicit, the release is not",
        {"tracks[2].explicit": "explicit"}, stores=APPLE, album=True, also=("TR-EXPLICIT",)),
    Bad("X-ALBUM", "a clean release with an explicit track",
        {"explicit": "clean", "tracks[0].explicit": "explicit"}, stores=("ddex",)),
    Bad("X-CLEAN", "clean, and of nothing", {"explicit": "clean"}, stores=APPLE),
    Bad("X-CLEAN", "one clean track, and of nothing", {"tracks[5].explicit": "clean"}, stores=APPLE,
        album=True),
    Bad("X-TITLE", "in brackets", {"tracks[0].title": "Paper Lanterns (Explicit)"}, stores=APPLE,
        also=("T-VERSION-BANNED", "T-VERSION")),
    Bad("X-TITLE", "after a dash", {"title": "Paper Lanterns - Clean Version"}, stores=APPLE,
        also=("T-VERSION-BANNED", "T-VERSION")),
    Bad("X-TITLE", "as the version", {"tracks[0].version": "Clean Edit"}, stores=APPLE,
        also=("T-VERSION-BANNED", "T-VERSION")),
    Bad("X-LYRICS", "English", {"tracks[0].lyrics": "I don't give a fuck about the rain"}, "warning"),
    Bad("X-LYRICS", "masked by stars", {"tracks[0].lyrics": "F**k the rain"}, "warning",
        stores=("soundcloud",)),
    Bad("X-LYRICS", "German", {"language": "de", "tracks[0].lyrics": "So eine SCHEISSE wieder"}, "warning"),
    Bad("X-LYRICS", "French, of one track",
        {"tracks[1].language": "fr-CA", "tracks[1].lyrics": "oh putain quelle nuit"}, "warning", album=True),
    Bad("X-LYRICS", "Spanish in a clean version",
        {"language": "es-MX", "explicit": "clean", "tracks[0].lyrics": "No seas pendejo"}, "warning",
        stores=("ddex",)),
    Bad("X-ART", "the mark, and nothing explicit", {"cover.parental_advisory": True}, stores=APPLE),
    Bad("G-AP", "none, and no genre of Apple's in words",
        {"genres": {}, "genre": "Vaporfolk"}, stores=APPLE),
    Bad("G-AP", "words instead of a code", {"genres.apple_music": "Hip-Hop/Rap"}, stores=APPLE),
    Bad("G-AP", "a code that nobody knows", {"genres.apple_music": "VAPORFOLK-00"}, "warning", stores=APPLE),
    Bad("G-AP-STOREFRONT", "the shop's number", {"genres.apple_music": "14"}, "info", stores=APPLE,
        also=("G-AP",)),
    Bad("G-DX", "none", {"genre": LEFT_OUT}, stores=("ddex",)),
    Bad("G-DX", "blanks", {"genre": "   "}, stores=("ddex_43",)),
    Bad("G-SC", "three at once", {"genre": "Pop, Folk; Ambient"}, "info", stores=("soundcloud",)),
    Bad("G-YT", "a genre for YouTube that is no tag", {"genres.youtube_music": "Dream Pop"}, "info",
        stores=("youtube_music",)),
    Bad("G-RESTRICT", "karaoke that is not called so", {"genres.apple_music": "KARAOKE-00"}, "warning",
        stores=APPLE),
    Bad("G-RESTRICT", "called karaoke, and pop", {"tracks[0].version": "Karaoke Version"}, "warning",
        stores=APPLE),
    Bad("G-RESTRICT", "classical", {"genres.apple_music": "CLASSICAL-00"}, "warning", stores=APPLE),
    Bad("G-RESTRICT", "a soundtrack", {"genres": {}, "genre": "Soundtrack"}, "warning", stores=APPLE),
    Bad("PL", "none", {"p_line": LEFT_OUT}),
    Bad("PL", "an owner without a year", {"p_line": "Maren Okafor"}, stores=APPLE),
    Bad("PL", "a year without an owner", {"p_line": "℗ 2026"}, via="distrokid"),
    Bad("PL", "a comma after the year", {"p_line": "2026, Maren Okafor"}, stores=("ddex",)),
    Bad("PL", "one track of seven has its own, which is wrong",
        {"tracks[6].p_line": "Maren Okafor (2026)"}, album=True),
    Bad("CL", "none", {"c_line": LEFT_OUT}),
    Bad("CL", "all rights reserved", {"c_line": "© All rights reserved"}, stores=("ddex",)),
    Bad("CL", "a year after the release", {"c_line": "2028 Maren Okafor"}, stores=APPLE),
    Bad("PL-YEAR", "after the release", {"p_line": "2028 Maren Okafor"}),
    Bad("PL-YEAR", "older, and it never came out before", {"p_line": "2019 Maren Okafor"}, "warning",
        stores=("soundcloud",)),
    Bad("PL-YEAR", "this year's, of a recording that came out in 2019",
        {"original_release_date": "2019-05-17"}, "warning"),
    Bad("PL-OWNER-AI", "the tool owns the recording", {"p_line": "2026 Suno, Inc."}, "warning"),
    Bad("PL-OWNER-AI", "the tool owns the rest", {"c_line": "© 2026 ChatGPT"}, "warning",
        stores=("soundcloud",)),
    Bad("PL-OWNER-AI", "nobody made it", WHOLLY, "warning", stores=("soundcloud",), also=TOLD),
    Bad("LB", "none", {"label": LEFT_OUT}, "warning"),
    Bad("LB", "a distributor", {"label": "DistroKid"}, "warning", stores=APPLE),
    Bad("LB", "a big label", {"label": "Universal Music Group"}, "warning", stores=("ddex",)),
    Bad("LB", "an address", {"label": "marenokafor.com"}, "warning", stores=APPLE),
)  # fmt: skip


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_a_fault_is_found_by_its_rule_and_by_no_other(bad: Bad) -> None:
    bad.check()


def test_every_rule_of_the_group_has_a_bad_release() -> None:
    rules = (*language.RULES, *genres.RULES, *lines.RULES)
    assert {rule.id for rule in rules} == {bad.rule for bad in BAD}


@pytest.mark.parametrize(
    ("changes", "field", "after"),
    [
        ({"metadata_language": "jp"}, "metadata_language", "ja"),
        ({"metadata_language": "Deutsch"}, "metadata_language", "de"),
        ({"language": "Instrumental"}, "language", "zxx"),
        ({"p_line": "2026, Maren Okafor"}, "p_line", "2026 Maren Okafor"),
        ({"p_line": "Maren Okafor, 2025"}, "p_line", "2025 Maren Okafor"),
        ({"p_line": "(P) Maren Okafor"}, "p_line", "2027 Maren Okafor"),
        ({"c_line": "©Maren Okafor 2026"}, "c_line", "2026 Maren Okafor"),
        ({"genres.apple_music": "Rap"}, "genres.apple_music", "HIP-HOP-RAP-00"),
        ({"tracks[0].title": "Lanterns [Clean]"}, "tracks[0].title", "Lanterns"),
        ({"label": "Spotify"}, "label", "Maren Okafor"),
    ],
)
def test_what_is_meant_is_offered_where_it_is_beyond_doubt(
    changes: dict[str, str], field: str, after: str
) -> None:
    offered = {
        finding.repair.after
        for finding in findings(changed(SINGLE, changes), ("spotify", "apple_music"))
        if finding.repair and finding.field == field
    }
    assert after in offered


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"metadata_language": "se"}, "metadata_language"),
        ({"cover.parental_advisory": True}, "cover.parental_advisory"),
        ({"tracks[0].lyrics": "fuck the rain"}, "explicit"),
        ({"p_line": "2019 Maren Okafor"}, "p_line"),
        ({"release_at": "2027-01-09"}, "release_at"),
        ({"release_at": "2027-01-08T18:00"}, "release_at"),
        ({"youtube.description": "I <3 rain"}, "youtube.description"),
        ({"youtube.publish_at": "2027-01-08"}, "youtube.publish_at"),
        ({"genre": "Pop, Folk"}, "genre"),
    ],
)
def test_what_may_be_meant_as_it_is_written_is_left_to_a_person(changes: dict[str, Any], field: str) -> None:
    said = [finding for finding in findings(changed(SINGLE, changes)) if finding.field == field]
    assert said
    assert [finding.repair for finding in said if finding.repair] == []


def test_a_release_becomes_explicit_by_itself_only_where_each_track_says_what_it_is() -> None:
    own = {f"tracks[{n}].explicit": "explicit" if n == 2 else "none" for n in range(7)}
    for changes, after in (({"tracks[2].explicit": "explicit"}, None), (own, "explicit")):
        said = findings(changed(ALBUM, changes), APPLE)
        (found,) = [finding for finding in said if finding.rule == "X-ALBUM"]
        assert (found.repair.after if found.repair else None) == after


@pytest.mark.parametrize("line", ["℗ 2026 X", "©2026 X", "(P) 2026 X", "(c) 2026 X", "ⓒ 2026 X", "2026 X"])
def test_the_sign_before_a_line_is_taken_off(line: str) -> None:
    assert owner_line(line).text == "2026 X"


def test_apples_top_genres_are_49_and_shop_numbers_stand_for_codes_of_them() -> None:
    assert len(APPLE_GENRES) == 49
    assert set(STOREFRONT_GENRES.values()) <= APPLE_GENRES
    assert all(apple_genre_of(code) == code for code in APPLE_GENRES)


def test_words_of_a_language_are_looked_for_in_that_language() -> None:
    assert profanity_in("la porra del año", "pt-BR") == "porra"
    assert profanity_in("la porra del año", "en") is None
    assert profanity_in("Der Schitt und die Dickens' Class von Scunthorpe", "de") is None


def test_lyrics_that_are_called_explicit_are_left_alone() -> None:
    release = changed(ALBUM, {"explicit": "explicit", "tracks[0].lyrics": "fuck the rain"})
    assert "X-LYRICS" not in {finding.rule for finding in findings(release, ("spotify",))}


def test_what_is_taken_without_asking_is_in_the_registry() -> None:
    assert all(langcodes.tag_is_valid(tag) for tag in language._OFTEN)
