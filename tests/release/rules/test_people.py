"""Artists, contributors, writers: what is wrong is found, by its own rule, where it stands."""

from __future__ import annotations

from typing import Any

import pytest

from aimusicverse.release.rules.rule import Group
from aimusicverse.release.rules.table import RULES
from tests.release.bad_releases import ALL_STORES, Bad, findings
from tests.release.sound_releases import ALBUM, LEFT_OUT, SINGLE, changed

AP = ("apple_music",)
YT = ("youtube_music",)
SC = ("soundcloud",)
DX = ("ddex",)
NAME = "artists[0].name"
WRITER = "tracks[0].writers[0].name"
WRITERS = "tracks[0].writers"
ROLES = "contributors[0].roles"
VERSION = "tracks[0].version"


def _remixed_by(name: str) -> dict[str, Any]:
    return {"tracks[0].contributors": [{"name": name, "roles": ["Remixer"]}]}


def _by(*names: str) -> list[dict[str, Any]]:
    return [{"name": name} for name in names]


def _compilation(*names: str) -> dict[str, Any]:
    """The album, with a main artist of its own for each track, in turn."""
    return {f"tracks[{place}].artists": _by(names[place % len(names)]) for place in range(7)}


FOUR = ("Anna Bell", "Tom Ray", "Bo Lind", "Ida Holm")

BAD = (
    Bad("A-ONE", "two names", {NAME: "Maren Okafor & Anna Bell"}, "warning"),
    Bad("A-ONE", "a comma", {NAME: "Maren Okafor, Anna Bell"}, "warning", SC),
    Bad("A-ONE", "an x", {NAME: "Maren Okafor x Anna Bell"}, "warning", YT),
    Bad("A-ONE", "against each other", {NAME: "Maren Okafor vs. Anna Bell"}, "warning", AP),
    Bad("A-ONE", "a guest", {NAME: "Maren Okafor feat. Anna Bell"}),
    Bad("A-ONE", "a guest, written otherwise", {NAME: "Maren Okafor Ft Anna Bell"}, via="distrokid"),
    Bad("A-ONE", "two producers", {"contributors[0].name": "Jonas Weil & Anna Bell"}, "warning"),
    Bad("A-ONE", "two writers", {WRITER: "Maren Okafor / Anna Bell"}, "warning", SC),
    Bad("A-ONE", "two writers and a bare slash", {WRITER: "Maren Okafor/Anna Bell"}, "warning"),
    Bad("A-MAIN", "nobody", {"artists": []}),
    Bad("A-MAIN", "a guest alone", {"artists[0].roles": ["FeaturedArtist"]}, stores=SC),
    Bad("A-MAIN", "nobody on a track", {
        "tracks[2].artists": [{"name": "Maren Okafor", "roles": ["FeaturedArtist"]}],
    }, stores=YT, album=True),
    Bad("A-GENERIC", "nobody known", {NAME: "Unknown Artist"}),
    Bad("A-GENERIC", "what it is", {NAME: "artist"}, stores=AP),
    Bad("A-GENERIC", "a voice", {
        "tracks[0].contributors": [{"name": "Singer", "roles": ["Vocalist"]}],
    }),
    Bad("A-GENERIC", "search terms", {NAME: "Lofi Sleep Beats"}, "warning"),
    Bad("A-GENERIC", "a genre", {NAME: "Techno"}, "warning", AP),
    Bad("A-VARIOUS", "a single", {NAME: "Various Artists", "tracks[0].artists": _by("Anna Bell")}, stores=AP),
    Bad("A-VARIOUS", "three of them", {
        NAME: "Various Artists", **_compilation(*FOUR[:3]),
    }, stores=AP, album=True),
    Bad("A-VARIOUS", "on a track", {"tracks[0].artists": _by("Various Artists")}, stores=AP, album=True),
    Bad("A-VARIOUS", "tracks that name nobody", {NAME: "Various Artists"}, stores=AP, album=True),
    Bad("A-VARIOUS", "four who are not called so", {
        "artists": _by(*FOUR), **_compilation(*FOUR),
    }, stores=AP, album=True),
    Bad("A-CHARS", "an emoji", {NAME: "Maren 🌊 Okafor"}),
    Bad("A-CHARS", "an address", {NAME: "www.maren.example"}, stores=SC),
    Bad("A-CHARS", "a handle", {NAME: "@maren"}, via="distrokid"),
    Bad("A-CHARS", "a domain, of a contributor", {"contributors[0].name": "Jonas.com"}, stores=YT),
    Bad("A-CHARS", "a control character", {NAME: "Maren\x07Okafor"}),
    Bad("A-CHARS", "nothing that can be read, of a contributor", {"contributors[0].name": "\u200b"}),
    Bad("A-CHARS", "an emoji, of a writer", {WRITER: "Maren Okafor 🎵"}, stores=SC),
    Bad("A-COMPOSER", "nobody", {WRITERS: []}, stores=AP),
    Bad("A-COMPOSER", "a lyricist alone", {"tracks[0].writers[0].roles": ["Lyricist"]}),
    Bad("A-COMPOSER", "a composer alone, and words", {"tracks[0].writers[0].roles": ["Composer"]}, stores=DX),
    Bad("A-COMPOSER", "an arranger alone", {"tracks[0].writers[0].roles": ["Arranger"]}, via="distrokid"),
    Bad("A-COMPOSER", "nobody, though no one sings", {WRITERS: [], "language": "zxx"}, stores=AP),
    Bad("A-COMPOSER", "one track of seven", {"tracks[6].writers": []}, album=True),
    Bad("A-COMPOSER-NAME", "one word", {WRITER: "Maren"}, "warning"),
    Bad("A-COMPOSER-NAME", "one word of Cyrillic", {WRITER: "Земфира"}, "warning", AP),
    Bad("A-COMPOSER-NAME", "digits", {WRITER: "Maren Okafor 2"}, "warning", via="distrokid"),
    Bad("A-COMPOSER-NAME", "public domain", {WRITER: "P.D."}, "warning"),
    Bad("A-COMPOSER-NAME", "rights reserved", {WRITER: "R.R."}, "warning", AP),
    Bad("A-COMPOSER-NAME", "a tool", {WRITER: "Suno AI"}, "warning"),
    Bad("A-COMPOSER-NAME", "another tool", {WRITER: "ChatGPT"}, "warning", AP),
    Bad("A-COMPOSER-NAME", "the tool of the disclosure", {
        WRITER: "Melody Maker", "ai.tool": "Melody Maker",
    }, "warning"),
    Bad("A-COMPOSER-NAME", "a stage name", {WRITER: "DJ Okafor"}, "warning"),
    Bad("A-COMPOSER-NAME", "a company", {WRITER: "Okafor Records"}, "warning", AP),
    Bad("A-COMPOSER-NAME", "a group", {
        "artists[0]": {"name": "Paper Cranes", "is_group": True}, WRITER: "Paper Cranes",
    }, "warning"),
    Bad("A-PRODUCER", "nobody", {"contributors": []}, "warning"),
    Bad("A-PRODUCER", "a mixer alone", {ROLES: ["Mixer"]}, "warning"),
    Bad("A-ROLE-AVS", "a word of one's own", {ROLES: ["Producer", "Vibes"]}, "warning", DX),
    Bad("A-ROLE-AVS", "mistyped", {ROLES: ["Producer", "Mixr"]}, "warning"),
    Bad("A-ROLE-AVS", "of a writer", {"tracks[0].writers[0].roles[1]": "Words"}, "warning", DX),
    Bad("A-ROLE-AVS", "a main artist who is only a contributor", {
        "contributors[1]": {"name": "Anna Bell"},
    }, "warning", DX),
    Bad("A-ROLE-AVS", "one that the elder form has not", {
        "artists[1]": {"name": "Anna Bell", "roles": ["Brand"]},
    }, "warning", ("ddex_43",)),
    Bad("A-PROD-CONFLICT", "a guest at home", {
        "artists[0].roles": ["MainArtist", "FeaturedArtist"],
    }, stores=AP),
    Bad("A-PROD-CONFLICT", "a remixer as main artist", {
        VERSION: "Maren Okafor Remix", **_remixed_by("Maren Okafor"),
    }, stores=AP),
    Bad("A-REMIX", "nobody is credited", {VERSION: "Anna Bell Remix"}),
    Bad("A-REMIX", "in the title", {
        "tracks[0].title": "Paper Lanterns (Anna Bell Remix)",
    }, stores=AP, also=("T-VERSION",)),
    Bad("A-REMIX", "one of two is not", {VERSION: "Anna Bell & Tom Ray Remix", **_remixed_by("Anna Bell")}),
    Bad("A-REMIX", "credited for something else", {
        VERSION: "Anna Bell Remix", "tracks[0].contributors": [{"name": "Anna Bell", "roles": ["Mixer"]}],
    }),
    Bad("A-REMIX", "a remixer without remix", _remixed_by("Anna Bell")),
    Bad("A-COVER", "a licence is needed", {"tracks[0].is_cover": True,
        WRITERS: [{"name": "Anna Bell"}]}, "info"),
    Bad("A-COVER", "the performer as writer", {"tracks[0].is_cover": True}, "warning", SC),
    Bad("A-COVER", "the original's artist in the title", {
        "tracks[0].is_cover": True, "tracks[0].title": "Paper Lanterns (Originally Performed by Anna Bell)",
    }, "warning"),
    Bad("A-COVER", "not said", {"tracks[0].title": "Paper Lanterns (In the Style of Anna Bell)"}, "warning"),
    Bad("A-ART-TRACK-4", "five", {
        "artists": _by("Maren Okafor", *FOUR),
    }, "info", YT, "routenote"),
    Bad("A-ARTIST-COUNT-RELEASE", "on no track", {"tracks[0].artists": _by("Anna Bell")}, "warning"),
    Bad("A-ARTIST-COUNT-RELEASE", "on every track, and not on the release", {
        f"tracks[{place}].artists": _by("Maren Okafor", "Anna Bell") for place in range(7)
    }, "warning", album=True),
)  # fmt: skip


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_a_fault_is_found_by_its_rule_and_by_no_other(bad: Bad) -> None:
    bad.check()


def test_every_rule_of_the_group_has_a_case() -> None:
    assert {bad.rule for bad in BAD} == {rule.id for rule in RULES if rule.group is Group.PEOPLE}


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("김민준", "ko"), ("李小龍", "zh"), ("宮崎駿", "ja"), ("さくら", "ja"), ("สมชาย", "th"), ("អ៊ុំ", "km"),
        ("ཚེ་རིང", "bo"), ("ရွှေ", "my"), ("राजेश", "hi"), ("فيروز", "ar"), ("ተስፋዬ", "am"), ("Sukarno", "id"),
        ("Suharto", "su"), ("Thant", "my"), ("Traditional", "en"), ("Trad.", "fr"), ("Nguyễn Văn An", "vi"),
        ("Björk Guðmundsdóttir", "is"), ("Jean-Michel d'Arc", "fr"), ("Ibn al-Haytham", "en"),
        ("Claude Debussy", "fr"), ("Ai Uemura", "ja"), ("Ludwig van Beethoven", "de"),
        ("Henry Ward, Jr.", "en"), ("Σταύρος Ξαρχάκος", "el"), ("Suno Kaur", "en"),
        ("María José O’Neill", "es"),
    ],
)  # fmt: skip
def test_a_legal_name_is_left_alone_in_any_script(name: str, language: str) -> None:
    release = changed(SINGLE, {WRITER: name, "metadata_language": language})
    rules = {one.rule for one in findings(release, ALL_STORES, "distrokid") if one.field.startswith(WRITERS)}
    assert rules == set()


def test_who_is_registered_under_one_name_has_it_legally() -> None:
    release = changed(SINGLE, {WRITER: "Maren", "tracks[0].writers[0].ipi": "00014107338"})
    assert findings(release) == []


def test_what_only_distributors_say_of_writers_blocks_nowhere_and_says_so() -> None:
    found = findings(changed(SINGLE, {WRITER: "Maren"}), ("spotify",), "distrokid")
    assert {one.rule for one in found} == {"A-COMPOSER-NAME"}
    assert not any(one.blocking for one in found)
    assert all("reported by third parties" in one.message for one in found)


@pytest.mark.parametrize(
    "version",
    ["Deep House Remix", "Club Remix", "2024 Remix", "VIP Remix", "Summer Remix", "Remix", "90s Remix"],
)
def test_a_kind_of_remix_names_nobody(version: str) -> None:
    assert findings(changed(SINGLE, {VERSION: version})) == []


@pytest.mark.parametrize(
    "version", ["Jonas Remix", "Jonas’s Remix", "Jonas Bootleg", "JONAS Remix", "Jonas Rework"]
)
def test_a_remixer_who_is_credited_is_found_in_the_version(version: str) -> None:
    release = changed(SINGLE, {VERSION: version, **_remixed_by("Jonas")})
    assert findings(release) == []


def test_a_remix_by_the_artist_needs_no_remixer() -> None:
    assert findings(changed(SINGLE, {VERSION: "Maren Okafor Remix"})) == []


def test_a_group_whose_name_looks_like_several_is_one_when_it_is_said() -> None:
    name = "Earth, Wood & Wire"
    release = changed(SINGLE, {"artists[0]": {"name": name, "is_group": True}})
    assert findings(release, ALL_STORES, "distrokid") == []


def test_various_artists_of_four_who_are_named_on_their_tracks_are_right() -> None:
    release = changed(ALBUM, {NAME: "Various Artists", **_compilation(*FOUR)})
    assert findings(release, ALL_STORES, "distrokid") == []


def test_an_album_of_one_artist_with_a_guest_on_each_track_is_his() -> None:
    guests = {f"tracks[{place}].artists": _by("Maren Okafor", FOUR[place % 4]) for place in range(7)}
    assert findings(changed(ALBUM, guests), ALL_STORES) == []


def test_an_instrumental_needs_no_lyricist() -> None:
    release = changed(SINGLE, {"language": "zxx", "tracks[0].writers[0].roles": ["Composer"]})
    assert findings(release, ALL_STORES, "distrokid") == []


@pytest.mark.parametrize(
    ("role", "near"),
    [
        ("Remixr", "Remixer"), ("Singer", "Vocalist"), ("songwriter", "ComposerLyricist"),
        ("Drummer", "Musician"), ("Mastering Engineer", "MasteringEngineer"),
        ("mixer", "Mixer"), ("Vibes", "UserDefined"),
    ],
)  # fmt: skip
def test_the_nearest_role_is_offered(role: str, near: str) -> None:
    release = changed(SINGLE, {"contributors[1]": {"name": "Anna Bell", "roles": [role]}})
    found = [one for one in findings(release, DX) if one.rule == "A-ROLE-AVS"]
    assert [one.repair.model_dump() for one in found if one.repair] == [
        {"field": "contributors[1].roles[0]", "before": role, "after": near}
    ]


def test_no_writer_is_missed_when_the_release_says_nothing_of_them() -> None:
    found = findings(changed(ALBUM, {f"tracks[{n}].writers": LEFT_OUT for n in range(7)}))
    assert {one.rule for one in found} == {"A-COMPOSER"}
    assert {one.field for one in found} == {f"tracks[{n}].writers" for n in range(7)}
