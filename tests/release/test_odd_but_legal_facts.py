"""What looks odd and is right: it passes untouched, but for what somebody only wants to tell.

And what is no release at all: rules find words for it, whatever it is, and never fall.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimusicverse.release.targets import DISTRIBUTORS, STORES
from aimusicverse.release.territories import TERRITORIES
from aimusicverse.release.validation import validate
from aimusicverse.types.release import Release
from tests.release.bad_releases import ALL_STORES, findings
from tests.release.rules.test_ai import PLAYED, RECORD
from tests.release.sound_releases import ALBUM, LEFT_OUT, NOW, SINGLE, changed

ALL_BUT_ONE = sorted(TERRITORIES - {"KP"})


@dataclasses.dataclass(frozen=True)
class Odd:
    """Something legal.

    Args:
        what: in words: the name of the test.
        changes: to the sound release, by path.
        told: rules that may tell something of it, as information.
        album: whether it is the album.
        stores: where it goes.
        via: by whom.
    """

    what: str
    changes: dict[str, Any]
    told: tuple[str, ...] = ()
    album: bool = False
    stores: tuple[str, ...] = (*ALL_STORES, "ddex_43")
    via: str | None = None

    def __str__(self) -> str:
        return self.what


def _lines(text: str) -> dict[str, str]:
    return {"p_line": text, "c_line": text}


ODD = (
    Odd("a release on a leap day", {"release_at": "2028-02-29", **_lines("2028 M. Okafor")}, ("D-FRIDAY",)),
    Odd("a release on New Year's Day, years ahead", {"release_at": "2029-01-05", **_lines("2029 M. Okafor")}),
    Odd("midnight in Kiribati", {"release_at": "2027-01-08T00:00:00+14:00"}, ("D-TZ",)),
    Odd("midnight at Baker Island", {"release_at": "2027-01-08T00:00:00-12:00"}, ("D-TZ",)),
    Odd("a quarter of an hour in Nepal", {"release_at": "2027-01-08T00:00+05:45"}, ("D-TZ",)),
    Odd("parts of a second", {"release_at": "2027-01-08T12:00:00.125Z"}, ("D-TZ",)),
    Odd("one moment in Buenos Aires", {"time_zone": "America/Argentina/Buenos_Aires"}, ("D-TZ",)),
    Odd("UTC as a zone", {"time_zone": "UTC"}, ("D-TZ",)),
    Odd("an instrumental, whose words nobody answers for",
        {"language": "zxx", "ai.lyrics": LEFT_OUT, "ai.vocals": LEFT_OUT}),
    Odd("an instrumental among songs", {"tracks[2].language": "zxx"}, album=True),
    Odd("Cantonese titles in traditional characters", {"metadata_language": "yue-Hant", "language": "yue"}),
    Odd("Brazilian Portuguese", {"metadata_language": "pt-BR", "language": "pt-BR"}),
    Odd("Serbian in Latin letters", {"metadata_language": "sr-Latn-RS", "language": "sr"}),
    Odd("Spanish of Latin America", {"language": "es-419"}),
    Odd("a language of three letters", {"language": "gsw", "metadata_language": "gsw"}),
    Odd("several languages at once", {"language": "mul"}),
    Odd("a sung language that has no name", {"language": "art"}),
    Odd("seven languages on one album",
        {f"tracks[{n}].language": tag for n, tag in enumerate(("en", "de", "ja", "ar", "zu", "qu", "mi"))},
        album=True),
    Odd("all territories but one, by name", {"territories": ALL_BUT_ONE}),
    Odd("Worldwide but for one", {"excluded_territories": ["KP"]}),
    Odd("Kosovo, whose code no standard assigns", {"excluded_territories": ["XK"]}),
    Odd("the Vatican alone", {"territories": ["VA"]}),
    Odd("lines of a company with accents", _lines("2026 Société Générale des Œuvres Étranges, S.à r.l.")),
    Odd("lines with their signs",
        {"p_line": "℗ 2026 Maren Okafor", "c_line": "© 2026 Maren Okafor"}),
    Odd("lines in Japanese", _lines("2026 株式会社雨の庭")),
    Odd("an owner of one letter", _lines("2026 X")),
    Odd("an owner that begins with a year", _lines("2026 1999 Records")),
    Odd("a distributor's name as a part of the owner's", _lines("2026 Ditto & Daughters")),
    Odd("next year's lines, for next year's release", _lines("2027 Maren Okafor")),
    Odd("recorded in 1962, released again",
        {"original_release_date": "1962-10-05", "p_line": "1962 Maren Okafor"}),
    Odd("tracks from six decades",
        {f"tracks[{n}].{name}": value.format(year)
         for n, year in enumerate((1968, 1975, 1984, 1999, 2004, 2013, 2026))
         for name, value in (("original_release_date", "{}-03-01"), ("p_line", "{} Maren Okafor"))},
        album=True),
    Odd("the original date is that of the release", {"original_release_date": "2027-01-08"}),
    Odd("it came out before, and shall come again as soon as it can",
        {"release_at": "2025-03-07", "original_release_date": "2025-03-07", "as_soon_as_possible": True,
         "p_line": "2025 Maren Okafor"}),
    Odd("as soon as possible", {"release_at": LEFT_OUT, "as_soon_as_possible": True}),
    Odd("played by AI in part, with human credits",
        {"ai.instruments": "partly", **RECORD}, stores=("spotify", "soundcloud", "youtube_music", "ddex")),
    Odd("written by a person, played by AI", PLAYED, ("AI-SP",),
        stores=("spotify", "soundcloud", "youtube_music", "ddex")),
    Odd("words that AI and a writer made together",
        {"ai.lyrics": "partly", "tracks[0].writers[0].ai": "partly", **RECORD}, via="ditto",
        stores=("spotify", "soundcloud")),
    Odd("sung by AI with consent, and YouTube is told",
        {"ai.vocals": "all", "ai.imitates_voice": True, "ai.consent": "contract of 2026-03-01", **RECORD,
         "youtube.synthetic_media": True}, ("AI-SP",), stores=("spotify", "youtube_music", "ddex")),
    Odd("a person who imitates another, with consent",
        {"ai.imitates_voice": True, "ai.consent": "contract of 2026-03-01"}),
    Odd("AI has a part in the voice, and YouTube is told that nobody could be deceived",
        {"ai.vocals": "partly", **RECORD, "youtube.synthetic_media": False}, stores=("youtube_music",)),
    Odd("music by AI in part at TuneCore, with its licence",
        {"ai.instruments": "partly", **RECORD}, stores=("soundcloud",), via="tunecore"),
    Odd("a person with the name of a star, who made it all herself", {"artists[0].name": "Adele"}),
    Odd("a title that is Clean", {"title": "Come Clean", "tracks[0].title": "Explicit Content of Dreams"},
        stores=("apple_music",)),
    Odd("an explicit album with a clean version of an old song",
        {"explicit": "explicit", "tracks[0].explicit": "clean", "tracks[0].clean_of": "USSKG2500009"},
        ("TR-EXPLICIT",), album=True),
    Odd("one explicit track, and each says it for itself",
        {"explicit": LEFT_OUT,
         **{f"tracks[{n}].explicit": "explicit" if n == 3 else "none" for n in range(7)}},
        ("TR-EXPLICIT",), album=True),
    Odd("the mark on an explicit release", {"explicit": "explicit", "cover.parental_advisory": True},
        ("TR-EXPLICIT",)),
    Odd("lyrics that sound rude and are not",
        {"tracks[0].lyrics": "Dick Whittington of Scunthorpe, a cock crew, and Mr Hancock said: assess!"}),
    Odd("a genre of Apple's in words", {"genres": {}, "genre": "R&B/Soul"}),
    Odd("karaoke that is called so",
        {"genres.apple_music": "KARAOKE-00", "tracks[0].version": "Karaoke Version"},
        stores=("apple_music",)),
    Odd("the artist's own name as label", {"label": "Maren Okafor"}),
    Odd("a label called like a street", {"label": "No. 7, Rue de l'Église"}),
    Odd("a pre-order a month ahead", {"preorder_at": "2026-12-04", "preorder_tracks": [1, 7]}, album=True),
    Odd("a single of three, an EP by its name",
        {"type": "ep", "tracks[0].duration_seconds": 700.0}),
    Odd("delivered before, with the UPC as an EAN",
        {"delivered": {"upc": "0036000291452", "isrcs": ["us-skg-26-00001"]}}),
    Odd("a description in Thai, counted in bytes", {"youtube.description": "เพลง" * 400},
        stores=("youtube_music",)),
    Odd("no tags at all, and one of two words", {"soundcloud.tags": ["field recording"]},
        stores=("soundcloud",)),
)  # fmt: skip


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_what_is_odd_but_legal_passes(odd: Odd) -> None:
    release = changed(ALBUM if odd.album else SINGLE, odd.changes)
    found = findings(release, odd.stores, odd.via)
    assert [(f.rule, f.message) for f in found if f.rule not in odd.told] == []
    assert all(f.severity == "info" for f in found)


#: Every field that is text, by its path; what is closed to a few words cannot hold others.
_ANY = st.text(max_size=60) | st.sampled_from(
    ["℗ 2026 x", "２０２７-01-08", "2027-01-08T00:00", "0001-01-01T00:00:00+14:00", "9999-12-31", "{value}",
     "{}", "%s", "a\x00b", "\u202eabc", "İ", "ß" * 30, "(", "[Clean]", "- Explicit", "f**k", "*", "UK", "en-",
     "zxx"]
)  # fmt: skip
_OF_RELEASE = (
    "title", "version", "upc", "label", "p_line", "c_line", "language", "metadata_language", "genre",
    "release_at", "time_zone", "original_release_date", "preorder_at", "vendor_id",
)  # fmt: skip
_OF_TRACK = (
    "title", "version", "isrc", "p_line", "language", "genre", "lyrics", "recording_country",
    "original_release_date", "clean_of", "file",
)  # fmt: skip
_OF_AI = ("tool", "plan", "licence", "made_on", "prompt", "consent")


@st.composite
def _written(draw: st.DrawFn) -> dict[str, Any]:
    """Releases with anything in any of their fields."""
    part = st.sampled_from([None, "none", "partly", "all"])
    state = st.sampled_from([None, "explicit", "clean", "none"])
    release: dict[str, Any] = {name: draw(st.none() | _ANY) for name in _OF_RELEASE}
    release["title"], release["metadata_language"] = draw(_ANY), draw(_ANY)
    release["artists"] = [{"name": draw(_ANY), "roles": [draw(_ANY)], "ai": draw(part)}]
    release["contributors"] = [{"name": draw(_ANY), "roles": [draw(_ANY)], "ai": draw(part)}]
    release["genres"] = {
        store: draw(_ANY)
        for store in draw(st.sets(st.sampled_from(["apple_music", "soundcloud", "youtube_music"])))
    }
    release["explicit"] = draw(state)
    release["territories"] = draw(st.lists(_ANY, max_size=3))
    release["excluded_territories"] = draw(st.lists(_ANY, max_size=3))
    release["preorder_tracks"] = draw(st.lists(st.integers(), max_size=3))
    aspects = ("lyrics", "composition", "vocals", "instruments", "artwork", "video")
    release["ai"] = {
        **{aspect: draw(part) for aspect in aspects},
        **{name: draw(st.none() | _ANY) for name in _OF_AI},
        "imitates_voice": draw(st.none() | st.booleans()),
    }
    release["soundcloud"] = {
        "sharing": draw(_ANY), "embeddable_by": draw(_ANY), "licence": draw(_ANY), "purchase_url": draw(_ANY),
        "description": draw(_ANY), "tags": draw(st.lists(_ANY, max_size=3)),
    }  # fmt: skip
    release["youtube"] = {
        "title": draw(_ANY), "description": draw(_ANY), "tags": draw(st.lists(_ANY, max_size=3)),
        "privacy": draw(_ANY), "publish_at": draw(_ANY),
    }  # fmt: skip
    release["delivered"] = {"upc": draw(_ANY), "vendor_id": draw(_ANY), "isrcs": [draw(_ANY)]}
    release["tracks"] = [
        {
            **{name: draw(st.none() | _ANY) for name in _OF_TRACK},
            "title": draw(_ANY),
            "explicit": draw(state),
            "writers": [{"name": draw(_ANY), "ai": draw(part)}],
        }
        for _ in range(draw(st.integers(1, 3)))
    ]
    return release


def _everywhere(release: Release) -> Iterator[str]:
    own_rules = ("distrokid", "tunecore", "cd_baby", "labelgrid", "beatchain", "soundcloud_for_artists")
    for via in (None, *(DISTRIBUTORS[name] for name in own_rules)):
        report = validate(release, STORES.values(), via, now=NOW)
        for target in report.targets:
            for finding in target.findings:
                yield from (finding.message, finding.passes, finding.fix)


@settings(max_examples=25, deadline=None)
@given(_written())
def test_whatever_is_written_is_answered_in_words(written: dict[str, Any]) -> None:
    release = Release.model_validate(written)
    assert all(text.strip() for text in _everywhere(release))


def test_a_release_of_five_hundred_tracks_is_answered_once_for_what_it_says_once() -> None:
    release = changed(
        SINGLE, {"p_line": "Maren Okafor", "language": LEFT_OUT, "explicit": LEFT_OUT, "ai": LEFT_OUT}
    )
    release["tracks"] = [
        {**SINGLE["tracks"][0], "title": f"Study {n}", "isrc": f"USSKG26{n:05}"} for n in range(500)
    ]
    found = [
        finding for finding in findings(release, ("spotify",)) if finding.rule[:2] in ("PL", "L-", "X-", "AI")
    ]
    assert sorted(finding.field for finding in found) == [
        "ai.artwork", "ai.composition", "ai.instruments", "ai.lyrics", "ai.vocals", "explicit", "language",
        "p_line",
    ]  # fmt: skip
