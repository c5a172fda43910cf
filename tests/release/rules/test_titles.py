"""Titles: what is wrong with one is found, by its own rule, where it stands, and the offer repairs it."""

from __future__ import annotations

from typing import Any

import pytest

from aimusicverse.release.rules.rule import Group
from aimusicverse.release.rules.table import RULES
from tests.release.bad_releases import ALL_STORES, Bad, findings
from tests.release.sound_releases import ALBUM, SINGLE, changed

AP = ("apple_music",)
YT = ("youtube_music",)
SC = ("soundcloud",)
DX = ("ddex",)
T = "tracks[0].title"
V = "tracks[0].version"
GUEST = {"tracks[0].artists": [
    {"name": "Maren Okafor"}, {"name": "Anna Bell", "roles": ["FeaturedArtist"]},
]}  # fmt: skip
REMIXED = {"contributors[1]": {"name": "Anna Bell", "roles": ["Remixer"]}}

BAD = (
    Bad("T-EMPTY", "nothing", {"title": ""}),
    Bad("T-EMPTY", "blanks alone", {T: "   "}, stores=SC),
    Bad("T-EMPTY", "characters that cannot be seen", {T: "\u200b\u2060\u3164"}, via="distrokid"),
    Bad("T-EMPTY", "two blanks", {T: "Paper  Lanterns"}, stores=AP),
    Bad("T-EMPTY", "a tabulator", {"title": "Paper\tLanterns"}, stores=YT),
    Bad("T-EMPTY", "a line end", {T: "Paper\nLanterns"}),
    Bad("T-EMPTY", "a null character", {V: "Live\x00"}),
    Bad("T-EMPTY", "a sign of broken text", {T: "Paper Lanterns \ufffd"}, stores=DX),
    Bad("T-EMPTY", "one of seven", {"tracks[3].title": ""}, album=True),
    Bad("T-EMOJI", "a picture", {T: "Paper Lanterns 🏮"}, stores=AP),
    Bad("T-EMOJI", "a picture, where it is only advised against", {T: "Paper Lanterns 🏮"}, "warning", SC),
    Bad("T-EMOJI", "a family", {"title": "Paper Lanterns 👨‍👩‍👧"}, stores=AP),
    Bad("T-EMOJI", "a flag", {T: "Paper Lanterns 🇩🇪"}, stores=AP),
    Bad("T-EMOJI", "a heart that is asked for as a picture", {T: "Paper ❤️ Lanterns"}, stores=AP),
    Bad("T-EMOJI", "a heart that may be text", {T: "Paper ♥ Lanterns"}, "warning", AP),
    Bad("T-EMOJI", "in the version", {V: "Live 🔥"}, stores=AP),
    Bad("T-URL", "an address", {T: "Paper Lanterns https://maren.example"}),
    Bad("T-URL", "a domain", {"title": "Paper Lanterns Maren.com"}, stores=AP),
    Bad("T-URL", "a handle", {T: "Paper Lanterns @maren"}),
    Bad("T-URL", "advertising", {T: "Paper Lanterns (Out Now)"}, "warning"),
    Bad("T-URL", "search terms", {T: "Paper Lanterns Type Beat"}, "warning", AP),
    Bad("T-URL", "a service as version", {V: "Spotify Version"}),
    Bad("T-URL", "a service in brackets", {T: "Paper Lanterns (TikTok Mix)"}, stores=AP),
    Bad("T-URL", "a service in the title", {T: "Spotify Blues"}, "warning"),
    Bad("T-SYMBOL", "an upright line", {T: "Paper | Lanterns"}, "warning", AP),
    Bad("T-SYMBOL", "straight quotes", {T: 'Paper "Lanterns"'}, "warning", AP),
    Bad("T-SYMBOL", "an equals sign, and DistroKid", {T: "Paper = Lanterns"}, "warning", YT, "distrokid"),
    Bad("T-SYMBOL", "mathematical letters", {T: "𝓟𝓪𝓹𝓮𝓻 Lanterns"}, "warning", AP),
    Bad("T-SYMBOL", "circled letters", {T: "Ⓟⓐⓟⓔⓡ Lanterns"}, "warning", AP),
    Bad("T-SYMBOL", "letters of full width in an English title", {T: "Ｐａｐｅｒ Lanterns"}, "warning", AP),
    Bad("T-SYMBOL", "marks stacked on letters", {T: "P\u0301\u0302\u0303\u0304\u0305aper"}, "warning", AP),
    Bad("T-ANGLE", "a heart", {T: "Paper <3 Lanterns"}, stores=YT),
    Bad("T-ANGLE", "brackets", {"title": "<Paper Lanterns>"}, stores=SC),
    Bad("T-ANGLE", "in the title of the video", {"youtube.title": "Paper -> Lanterns"}, stores=YT),
    Bad("T-FEAT-FMT", "ft.", {T: "Paper Lanterns ft. Anna Bell", **GUEST}),
    Bad("T-FEAT-FMT", "Feat. with a capital", {T: "Paper Lanterns (Feat. Anna Bell)", **GUEST}, stores=AP),
    Bad("T-FEAT-FMT", "featuring", {T: "Paper Lanterns featuring Anna Bell", **GUEST}),
    Bad("T-FEAT-FMT", "feat without a point", {T: "Paper Lanterns (feat Anna Bell)", **GUEST}),
    Bad("T-FEAT-FMT", "feat. without brackets", {T: "Paper Lanterns feat. Anna Bell", **GUEST}),
    Bad("T-FEAT-FMT", "w/", {T: "Paper Lanterns w/ Anna Bell", **GUEST}, stores=AP),
    Bad("T-FEAT-FMT", "With and a capital", {T: "Paper Lanterns (With Anna Bell)", **GUEST}),
    Bad("T-FEAT-FMT", "may be no guest", {T: "Soft w/ Me"}, "info"),
    Bad(
        "T-FEAT-FMT",
        "two joints",
        {
            T: "Paper Lanterns (feat. Anna Bell & Tom Ray & Bo Lind)",
            "tracks[0].artists": [
                {"name": "Maren Okafor"},
                *({"name": n, "roles": ["FeaturedArtist"]} for n in ("Anna Bell", "Tom Ray", "Bo Lind")),
            ],
        },
    ),
    Bad("T-FEAT-ROLE", "nobody is credited", {T: "Paper Lanterns (feat. Anna Bell)"}),
    Bad("T-FEAT-ROLE", "nobody, in a message", {"title": "Paper Lanterns (feat. Anna Bell)"}, stores=DX),
    Bad(
        "T-FEAT-ROLE",
        "a main artist",
        {T: "Paper Lanterns (feat. Anna Bell)", "artists[1]": {"name": "Anna Bell"}},
        stores=AP,
    ),
    Bad("T-FEAT-ROLE", "Apple adds it", {T: "Paper Lanterns (feat. Anna Bell)", **GUEST}, "warning", AP),
    Bad("T-FEAT-ROLE", "two names after with", {T: "Paper Lanterns (with Anna Bell)"}, "warning"),
    Bad("T-ARTIST-IN-TITLE", "in front", {T: "Maren Okafor - Paper Lanterns"}),
    Bad("T-ARTIST-IN-TITLE", "with a colon", {"title": "Maren Okafor: Paper Lanterns"}, stores=AP),
    Bad("T-ARTIST-IN-TITLE", "behind", {T: "Paper Lanterns – maren okafor"}),
    Bad("T-ARTIST-IN-TITLE", "by", {T: "Paper Lanterns by Maren Okafor"}),
    Bad("T-VERSION", "in the title", {T: "Paper Lanterns (Live)"}, "warning"),
    Bad("T-VERSION", "behind a dash", {T: "Paper Lanterns - Acoustic"}, "warning", AP),
    Bad("T-VERSION", "in the release's title", {"title": "Paper Lanterns (Remastered 2024)"}, "warning", DX),
    Bad("T-VERSION", "with brackets", {V: "(Live)"}, "warning"),
    Bad("T-VERSION", "twice", {T: "Paper Lanterns (Live)", V: "Live"}),
    Bad("T-VERSION", "sped up", {T: "Paper Lanterns [Sped Up]"}, "warning"),
    Bad("T-VERSION-BANNED", "the usual one", {V: "Original Mix"}, stores=AP),
    Bad("T-VERSION-BANNED", "in the title", {T: "Paper Lanterns (Album Version)"}, stores=AP),
    Bad("T-VERSION-BANNED", "explicit as version", {V: "Explicit"}, stores=AP, also=("X-TITLE",)),
    Bad("T-VERSION-BANNED", "a video", {T: "Paper Lanterns (Official Audio)"}, stores=AP),
    Bad("T-VERSION-BANNED", "sales", {V: "Limited Edition"}, stores=AP),
    Bad("T-VERSION-BANNED", "a format", {V: "Dolby Atmos"}, "warning", AP),
    Bad("T-VERSION-BANNED", "another format", {T: "Paper Lanterns (24-bit)"}, "warning", AP),
    Bad("T-GENERIC", "a number", {T: "Track 1"}),
    Bad("T-GENERIC", "a number with zero", {"title": "Track 01"}, stores=AP),
    Bad("T-GENERIC", "what it is", {T: "Instrumental"}),
    Bad("T-GENERIC", "nothing of its own", {"title": "Untitled"}, "warning"),
    Bad("T-GENERIC", "another language's number", {T: "Pista 3"}, "warning"),
    Bad("T-DUP", "two alike", {"tracks[4].title": "Ferry"}, stores=AP, album=True),
    Bad("T-DUP", "but for capitals", {"tracks[4].title": "FERRY"}, stores=YT, via="distrokid", album=True),
    Bad(
        "T-DUP",
        "two alike with their version",
        {"tracks[1].version": "Demo", "tracks[4].title": "Ferry", "tracks[4].version": "demo"},
        stores=AP,
        album=True,
    ),
    Bad("T-CASE-UPPER", "capitals", {T: "PAPER LANTERNS"}),
    Bad("T-CASE-UPPER", "small letters", {"title": "paper lanterns"}, stores=AP),
    Bad("T-CASE-UPPER", "small Greek letters", {T: "χάρτινα φανάρια", "metadata_language": "el"}),
    Bad("T-CASE-UPPER", "meant so", {T: "PAPER LANTERNS", "intentional_styling": True}, "warning"),
    Bad("T-CASE-UPPER", "there", {T: "paper lanterns", "tracks[0].intentional_styling": True}, "warning"),
    Bad("T-CASE-UPPER", "an abbreviation", {T: "NASA"}, "warning"),
    Bad("T-CASE-EN", "a capital too many", {T: "Dancing In The Dark"}, "warning", AP),
    Bad("T-CASE-EN", "a capital too few", {T: "Paper lanterns"}, "warning", AP),
    Bad("T-CASE-EN", "a small word at the end", {T: "What Are You Waiting for"}, "warning", AP),
    Bad("T-CASE-EN", "Spanish", {T: "Faroles De Papel", "metadata_language": "es"}, "warning", AP),
    Bad("T-CASE-EN", "Portuguese", {T: "Lanternas De Papel", "metadata_language": "pt-BR"}, "warning", AP),
    Bad("T-CASE-SENT", "French", {T: "La Vie En Rose", "metadata_language": "fr"}, "warning", AP),
    Bad("T-CASE-SENT", "Swedish", {T: "Bred Dina Vida Vingar", "metadata_language": "sv"}, "warning", AP),
    Bad(
        "T-CASE-SENT",
        "Russian",
        {"title": "Не слышны", T: "Не Слышны В Саду", "metadata_language": "ru"},
        "warning",
        AP,
    ),
    Bad(
        "T-CASE-SENT",
        "German, whose nouns cannot be told",
        {T: "Der Mond Ist Aufgegangen", "metadata_language": "de"},
        "info",
        AP,
    ),
    Bad("T-PART", "no comma", {T: "Paper Lanterns Pt. 2"}, "warning", AP),
    Bad("T-PART", "written out", {T: "Paper Lanterns, Part 2"}, "warning", AP),
    Bad("T-PART", "a volume in brackets", {"title": "Paper Lanterns (Vol 2)"}, "warning", AP),
    Bad("T-PART", "a Roman number", {T: "Paper Lanterns Part II"}, "warning", AP),
    Bad("T-SLASH", "two titles", {T: "Cold Morning/Low Tide"}, "info", AP),
    Bad("T-SINGLE-SUFFIX", "a single", {"title": "Paper Lanterns - Single"}),
    Bad("T-SINGLE-SUFFIX", "an EP", {"title": "Paper Lanterns – EP"}, stores=AP),
    Bad("T-LEN-YT", "101 characters with the artist", {T: f"A{'a' * 85}"}, stores=YT),
    Bad("T-LEN-YT", "71 characters with the artist", {T: f"A{'a' * 55}"}, "warning", YT),
    Bad("T-LEN-YT", "the video's own title", {"youtube.title": "A" * 101}, stores=YT),
    Bad("T-LEN-SC", "101 characters", {T: f"A{'a' * 100}"}, "warning", SC),
    Bad("T-LEN-GEN", "256 bytes", {T: f"A{'a' * 255}"}, "warning"),
    Bad("T-LEN-GEN", "87 letters of three bytes", {T: "あ" * 87, "metadata_language": "ja"}, "warning", AP,
        also=("T-SCRIPT",)),
    Bad("T-SCRIPT", "Latin letters and Russian", {"metadata_language": "ru"}, "warning", AP),
    Bad("T-SCRIPT", "Cyrillic letters and English", {T: "Бумажные фонари"}, "warning", AP),
    Bad("T-SCRIPT", "Latin letters asked for", {T: "紙の灯", "metadata_language": "ja-Latn"}, "warning", AP),
)  # fmt: skip


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_a_fault_is_found_by_its_rule_and_by_no_other(bad: Bad) -> None:
    bad.check()


def test_every_rule_of_the_group_has_a_case() -> None:
    assert {bad.rule for bad in BAD} == {rule.id for rule in RULES if rule.group is Group.TITLES}


@pytest.mark.parametrize(
    ("rule", "title", "repaired", "more"),
    [
        ("T-EMPTY", "Paper \t Lanterns", "Paper Lanterns", {}),
        ("T-EMOJI", "Paper 🏮 Lanterns", "Paper Lanterns", {}),
        ("T-SYMBOL", 'The "Lanterns"', "The “Lanterns”", {}),
        ("T-SYMBOL", "𝓟𝓪𝓹𝓮𝓻 Lanterns", "Paper Lanterns", {}),
        ("T-FEAT-FMT", "Paper Lanterns ft. Anna Bell", "Paper Lanterns (feat. Anna Bell)", GUEST),
        ("T-FEAT-FMT", "Lanterns (Night) Ft Anna Bell", "Lanterns (Night) [feat. Anna Bell]", GUEST),
        ("T-FEAT-ROLE", "Paper Lanterns (feat. Anna Bell)", "Paper Lanterns", GUEST),
        ("T-ARTIST-IN-TITLE", "Maren Okafor - Paper Lanterns", "Paper Lanterns", {}),
        ("T-VERSION-BANNED", "Paper Lanterns (Original Mix)", "Paper Lanterns", {}),
        ("T-CASE-UPPER", "THE LONG QUAY OF THE GULLS", "The Long Quay of the Gulls", {}),
        ("T-CASE-EN", "dancing In The Dark: a Song", "Dancing in the Dark: A Song", {}),
        ("T-CASE-EN", "Quién Teme A la Noche", "Quién Teme a la Noche", {"metadata_language": "es"}),
        ("T-CASE-SENT", "La Vie En Rose", "La vie en rose", {"metadata_language": "fr"}),
        ("T-PART", "Paper Lanterns (Part 3)", "Paper Lanterns, Pt. 3", {}),
        ("T-PART", "Paper Lanterns - Volume IV", "Paper Lanterns, Vol. IV", {}),
        ("T-SLASH", "Cold Morning/ Low Tide", "Cold Morning / Low Tide", {}),
        ("T-SINGLE-SUFFIX", "Paper Lanterns - EP", "Paper Lanterns", {}),
    ],
)  # fmt: skip
def test_what_is_offered_is_shown_as_a_change_and_mends_it(
    rule: str, title: str, repaired: str, more: dict[str, Any]
) -> None:
    release = changed(SINGLE, {T: title, **more})
    found = [one for one in findings(release, AP) if one.rule == rule and one.field == T]
    assert [one.repair.model_dump() for one in found if one.repair] == [
        {"field": T, "before": title, "after": repaired}
    ]
    again = findings(changed(release, {T: repaired}), AP)
    assert rule not in {one.rule for one in again if one.field == T}


def test_an_address_is_shown_whole() -> None:
    for address in ("maren.com", "shop.maren-okafor.net", "https://maren.example/a?b"):
        found = findings(changed(SINGLE, {T: f"Paper Lanterns {address}"}), ("spotify",))
        assert [one.rule for one in found] == ["T-URL"]
        assert f"'{address}'" in found[0].message


def test_what_is_lost_is_not_offered_as_left_out() -> None:
    found = findings(changed(SINGLE, {T: "Paper L\ufffdnterns"}), ("spotify",))
    assert [(one.rule, one.repair) for one in found] == [("T-EMPTY", None)]
    assert "broken" in found[0].message


def test_a_brace_in_a_title_is_shown_as_it_is() -> None:
    found = findings(changed(SINGLE, {T: "Paper {Lanterns}"}), AP)
    assert [one.rule for one in found] == ["T-SYMBOL"]
    assert "'Paper {Lanterns}'" in found[0].message


def test_apple_and_distrokid_alone_want_titles_that_differ() -> None:
    album = changed(ALBUM, {"tracks[4].title": "Ferry"})
    assert {one.rule for one in findings(album, ("spotify", "youtube_music", "soundcloud"))} == set()
    assert {one.rule for one in findings(album, ("spotify",), "distrokid")} == {"T-DUP"}


def test_the_same_title_in_another_version_is_another_track() -> None:
    album = changed(ALBUM, {"tracks[4].title": "Ferry", "tracks[4].version": "Acoustic"})
    assert findings(album, ALL_STORES, "distrokid") == []


def test_a_self_titled_record_repeats_its_artist_by_right() -> None:
    assert findings(changed(SINGLE, {"title": "Maren Okafor", T: "Maren Okafor"})) == []
