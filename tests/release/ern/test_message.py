"""ERN messages: what they tell, in both versions, judged by the official schemas and by our own checks."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from aimusicverse.release.ern.checks import check
from aimusicverse.release.ern.message import new_release_message, takedown_message, update_message
from aimusicverse.release.ern.tree import duration_of
from aimusicverse.release.ern.version import VERSIONS
from aimusicverse.release.package_error import CannotPackage
from aimusicverse.release.release_files import ReleaseFiles
from aimusicverse.release.roles import CONTRIBUTOR_ROLES
from aimusicverse.release.territories import COUNTRIES
from aimusicverse.types.release import Release
from tests.release.ern.schemas import complaints, values
from tests.release.ern.written import RICH, new_message
from tests.release.package_files import release_files
from tests.release.sound_releases import ALBUM, LEFT_OUT, NOW, SINGLE, changed

BOTH = pytest.mark.parametrize("version", ["4.3", "4.3.2"])
RELEASES = {"single": SINGLE, "album": ALBUM, "rich": RICH}
ALL_AI = {"lyrics": "all", "composition": "all", "vocals": "all", "instruments": "all", "artwork": "all"}


def texts(message: bytes, path: str) -> list[str]:
    """The texts of all elements at a path."""
    return [element.text or "" for element in etree.fromstring(message).findall(path)]


@BOTH
@pytest.mark.parametrize("release", RELEASES)
def test_a_message_is_valid_by_the_official_schema(tmp_path: Path, release: str, version: str) -> None:
    assert complaints(new_message(tmp_path, RELEASES[release], version=version), version) == []


@BOTH
@pytest.mark.parametrize("release", RELEASES)
def test_a_message_passes_our_own_checks(tmp_path: Path, release: str, version: str) -> None:
    assert check(new_message(tmp_path, RELEASES[release], version=version)) == []


@BOTH
def test_the_same_release_gives_the_same_bytes(tmp_path: Path, version: str) -> None:
    once = new_message(tmp_path, RICH, version=version)
    assert new_message(tmp_path, RICH, version=version) == once


def test_everything_that_ern_can_carry_is_told(tmp_path: Path) -> None:
    message = new_message(tmp_path, RICH)
    recording = "ResourceList/SoundRecording"
    assert texts(message, f"{recording}/SoundRecordingEdition/ResourceId/ISRC") == [
        "USSKG2600001",
        "USSKG2600002",
    ]
    assert texts(message, f"{recording}/WorkId/ISWC") == ["T0345246801"]
    assert texts(message, f"{recording}/DisplayTitleText") == ["Nachtzug 🚂 (Live)", "Träume"]
    assert texts(message, f"{recording}/DisplayTitle/TitleText") == ["Nachtzug 🚂", "Träume"]
    assert texts(message, f"{recording}/DisplayTitle/SubTitle") == ["Live"]
    assert texts(message, f"{recording}/VersionType") == ["LiveVersion"]
    assert texts(message, f"{recording}/DisplayArtistName") == ["Maren Okafor feat. دانا الفردان"] * 2
    assert texts(message, f"{recording}/ParentalWarningType") == ["Explicit", "ExplicitContentEdited"]
    assert texts(message, f"{recording}/LanguageOfPerformance") == ["en", "zxx"]
    assert texts(message, f"{recording}/IsInstrumental") == ["false", "true"]
    assert texts(message, f"{recording}/IsCover") == ["true", "false"]
    assert texts(message, f"{recording}/RelatedResource/ResourceId/ISRC") == ["USSKG2600001"]
    assert texts(message, f"{recording}/FirstPublicationDate") == ["2026-11-27"]
    assert texts(message, f"{recording}/LocationAndDateOfSession/Venue/TerritoryCode") == ["DE"]
    assert texts(message, "ReleaseList/Release/ReleaseId/*") == [
        "A12425GABC1234002M",
        "036000291452",
        "MO-004",
    ]
    assert texts(message, "ReleaseList/Release/OriginalReleaseDate") == ["2026-11-27"]
    assert texts(message, "ReleaseList/Release/ParentalWarningType") == ["Explicit"]
    assert texts(message, "PartyList/Party/PartyId/ISNI") == ["0000000121707484"]
    assert texts(message, "PartyList/Party/PartyId/IpiNameNumber") == ["00014107338"]
    assert texts(message, "PartyList/Party/PartyId/ProprietaryId") == [
        "1419227", "0OdUWJ0sBjDrqHygGUXeCF", "I0000002297",
    ]  # fmt: skip
    assert sorted(texts(message, "PartyList/Party/PartyName/FullName")) == sorted(
        ["Maren Okafor", "دانا الفردان", "Jonas Weil", "DJ Ono", "O'Brien \"Ö\" <Li>", "Kai Musik GmbH",
         "Maren Okafor Records"]
    )  # fmt: skip
    assert texts(message, "DealList/ReleaseDeal/DealReleaseReference") == ["R0", "R1", "R2", "R0"]


def test_a_person_is_one_party_unless_their_ids_tell_two(tmp_path: Path) -> None:
    changes = {"tracks[0].writers[0].isni": "0000000121707484", "artists[0].isni": "000000012281955X"}
    message = new_message(tmp_path, SINGLE, changes)
    assert texts(message, "PartyList/Party/PartyName/FullName").count("Maren Okafor") == 2
    assert complaints(message, "4.3.2") == []


def test_one_name_typed_in_two_forms_is_one_party(tmp_path: Path) -> None:
    changes = {"artists[0].name": "Zoe\u0308", "tracks[0].writers[0].name": "Zo\u00eb"}
    names = texts(new_message(tmp_path, SINGLE, changes), "PartyList/Party/PartyName/FullName")
    assert names.count("Zo\u00eb") == 1


def test_a_role_that_ddex_does_not_know_keeps_its_name(tmp_path: Path) -> None:
    for version, path in (("4.3", "Role"), ("4.3.2", "Role/Value")):
        root = etree.fromstring(new_message(tmp_path, RICH, version=version))
        roles = root.findall(f"ResourceList/SoundRecording/Contributor/{path}")
        own = [role for role in roles if role.text == "UserDefined"]
        assert {role.get("UserDefinedValue") for role in own} == {"Glass harp"}
        assert {role.get("Namespace") for role in own} == {"PADPIDA2011072101T"}
        assert "StudioProducer" in {role.text for role in roles}


def test_our_names_of_roles_are_those_of_the_schemas() -> None:
    for version in VERSIONS.values():
        assert version.contributor_roles <= values(version.name, "ContributorRole")
        assert version.artist_roles <= values(version.name, "DisplayArtistRole")


def test_our_territories_are_taken_by_the_schemas() -> None:
    for version in VERSIONS:
        assert values(version, "CurrentTerritoryCode") >= COUNTRIES


def test_our_territories_are_those_that_babel_knows() -> None:
    babel = pytest.importorskip("babel")
    named = {code for code in babel.Locale("en").territories if len(code) == 2 and code.isalpha()}
    assert named >= COUNTRIES
    # What is left over there is reserved, withdrawn, or no country.
    assert named - COUNTRIES <= {
        "AC",
        "CP",
        "CQ",
        "DG",
        "EA",
        "EU",
        "EZ",
        "IC",
        "QO",
        "TA",
        "UN",
        "XA",
        "XB",
        "ZZ",
    }


def test_files_are_told_with_their_sums_and_sizes(tmp_path: Path) -> None:
    files = release_files(tmp_path)
    release = Release.model_validate(SINGLE)
    for algorithm, of in (("MD5", "md5"), ("SHA-256", "sha256")):
        message = new_release_message(
            release,
            files,
            message_id="1",
            created_at=NOW,
            hash_algorithm=algorithm,  # type: ignore[arg-type]
        )
        assert files.cover is not None
        facts = [files.tracks[0].facts, files.cover.facts]
        values_told = [e.text for e in etree.fromstring(message).iter("HashSumValue")]
        assert values_told == [getattr(it, of) for it in facts]
        assert [e.text for e in etree.fromstring(message).iter("FileSize")] == [
            f"{it.size_bytes / 1000:g}" for it in facts
        ]


@BOTH
@pytest.mark.parametrize(
    ("container", "codec", "told"),
    [
        ("wav", "PCM_24", "PCM"), ("wav", "FLOAT", "PCM"), ("aiff", "PCM_16", "PCM"),
        ("flac", "PCM_16", "FLAC"), ("mp3", "MPEG_LAYER_III", "MP3"), ("ogg", "VORBIS", "Vorbis"),
        ("ogg", "OPUS", "UserDefined"), ("m4a", "ALAC_24", "UserDefined"), ("m4a", "AAC", "AAC"),
    ],
)  # fmt: skip
def test_a_coding_is_told_by_content(
    tmp_path: Path, version: Any, container: str, codec: str, told: str
) -> None:
    files = release_files(tmp_path)
    sound = files.tracks[0]
    facts = replace(sound.facts, container=container, codec=codec, sample_rate=96_000, size_bytes=10_000_000)
    other = ReleaseFiles((replace(sound, facts=facts),), files.cover)
    release = Release.model_validate(SINGLE)
    message = new_release_message(release, other, message_id="1", created_at=NOW, version=version)
    assert complaints(message, version) == []
    root = etree.fromstring(message)
    assert [it.text for it in root.iter("AudioCodecType")] == [told]
    assert [it.text for it in root.iter("SamplingRate")] == ["96"]
    assert next(it.text for it in root.iter("FileSize")) == "10000"


def test_a_file_that_no_store_takes_is_refused(tmp_path: Path) -> None:
    files = release_files(tmp_path)
    sound = files.tracks[0]
    other = ReleaseFiles((replace(sound, facts=replace(sound.facts, container="xm")),), files.cover)
    with pytest.raises(CannotPackage, match="it is xm, which no store takes"):
        new_release_message(Release.model_validate(SINGLE), other, message_id="1", created_at=NOW)


def test_the_release_is_as_long_as_its_recordings(tmp_path: Path) -> None:
    assert texts(new_message(tmp_path, ALBUM), "ReleaseList/Release/Duration") == ["PT3.500S"]


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [(500, "PT0.500S"), (195_000, "PT3M15S"), (3_600_000, "PT1H0M0S"), (3_661_007, "PT1H1M1.007S")],
)
def test_a_duration_is_iso_8601(milliseconds: int, text: str) -> None:
    assert duration_of(milliseconds) == text


class TestDeals:
    def test_a_date_begins_in_each_territory(self, tmp_path: Path) -> None:
        message = new_message(tmp_path)
        assert {e.text for e in etree.fromstring(message).iter("StartDate")} == {"2027-01-08"}

    def test_a_date_with_a_time_zone_is_one_moment(self, tmp_path: Path) -> None:
        message = new_message(tmp_path, SINGLE, {"time_zone": "America/New_York"})
        moments = {e.text for e in etree.fromstring(message).iter("StartDateTime")}
        assert moments == {"2027-01-08T00:00:00-05:00"}
        assert complaints(message, "4.3.2") == []

    def test_as_soon_as_possible_begins_when_the_message_is_made(self, tmp_path: Path) -> None:
        message = new_message(tmp_path, SINGLE, {"release_at": LEFT_OUT, "as_soon_as_possible": True})
        assert {e.text for e in etree.fromstring(message).iter("StartDateTime")} == {NOW.isoformat()}

    def test_exclusions_are_told_instead_of_territories(self, tmp_path: Path) -> None:
        deals = "DealList/ReleaseDeal[1]/Deal[1]/DealTerms"
        message = new_message(tmp_path, RICH)
        assert texts(message, f"{deals}/TerritoryCode") == []
        assert texts(message, f"{deals}/ExcludedTerritoryCode") == ["BY", "KP"]

    def test_exclusions_are_taken_out_of_countries(self, tmp_path: Path) -> None:
        changes = {"territories": ["DE", "AT", "CH"], "excluded_territories": ["AT"]}
        message = new_message(tmp_path, SINGLE, changes)
        assert texts(message, "DealList/ReleaseDeal/Deal[1]/DealTerms/TerritoryCode") == ["CH", "DE"]

    @BOTH
    def test_a_pre_order_ends_as_the_release_begins(self, tmp_path: Path, version: str) -> None:
        message = new_message(tmp_path, RICH, version=version)
        terms = etree.fromstring(message).findall("DealList/ReleaseDeal[2]/Deal/DealTerms")
        assert len(terms) == 1
        assert terms[0].findtext("ValidityPeriod/StartDateTime") == "2026-12-18T00:00:00+01:00"
        assert terms[0].findtext("ValidityPeriod/EndDateTime") == "2027-01-08T00:00:00+01:00"
        assert terms[0].findtext("IsPreOrderDeal") == "true"
        assert terms[0].findtext("InstantGratificationResourceList/DealResourceReference") == "A2"

    def test_a_pre_order_by_dates_ends_on_the_day_before(self, tmp_path: Path) -> None:
        message = new_message(tmp_path, SINGLE, {"preorder_at": "2026-12-18"})
        assert texts(message, "DealList/ReleaseDeal[2]/Deal/DealTerms/ValidityPeriod/EndDate") == [
            "2027-01-07"
        ]
        assert complaints(message, "4.3.2") == []
        assert check(message) == []


class TestAi:
    def test_nothing_by_a_machine_is_told_as_none_everywhere(self, tmp_path: Path) -> None:
        root = etree.fromstring(new_message(tmp_path))
        assert {e.text for e in root.iter("ContainsAI")} == {"None"}
        assert not list(root.iter("SpecialContributor"))

    def test_a_part_is_told_by_aspect_and_by_person(self, tmp_path: Path) -> None:
        root = etree.fromstring(new_message(tmp_path, RICH))
        assert [e.text for e in root.iter("ContainsAI")] == ["Partly", "Partly", "All", "Partly"]
        first = root.find("ResourceList/SoundRecording")
        assert first is not None
        machine = [it for it in first.findall("Contributor") if it.find("SpecialContributor") is not None]
        assert [it.findtext("Role/Value") for it in machine] == ["Musician"]
        told = {
            it.findtext("Role/Value"): it.findtext("AiContribution") for it in first.findall("Contributor")
        }
        assert told["ComposerLyricist"] == "Partly"
        assert told["Lyricist"] == "Partly"
        assert told["Vocalist"] == "None"
        assert told["StudioProducer"] is None

    def test_a_publisher_is_credited_and_makes_nothing(self, tmp_path: Path) -> None:
        changes = {"tracks[0].writers[0].ai": "partly", "tracks[0].writers[0].publisher": "Kai Musik GmbH"}
        root = etree.fromstring(new_message(tmp_path, RICH, changes))
        publisher = [it for it in root.iter("Contributor") if it.findtext("Role/Value") == "MusicPublisher"]
        assert len(publisher) == 1
        assert publisher[0].find("AiContribution") is None

    def test_all_by_a_machine_has_no_other_contributor(self, tmp_path: Path) -> None:
        changes = {"ai": ALL_AI, "contributors": [], "tracks[0].writers[0].ai": "all"}
        message = new_message(tmp_path, SINGLE, changes)
        root = etree.fromstring(message)
        assert {e.text for e in root.iter("ContainsAI")} == {"All"}
        contributors = root.findall("ResourceList/SoundRecording/Contributor")
        assert [it.findtext("SpecialContributor") for it in contributors] == ["GenerativeAI"]
        assert {role.text for role in contributors[0].findall("Role/Value")} >= {"Composer", "Vocalist"}
        assert complaints(message, "4.3.2") == []
        assert check(message) == []

    def test_words_and_voices_do_not_count_where_nobody_sings(self, tmp_path: Path) -> None:
        changes = {
            "ai": {**ALL_AI, "lyrics": "none", "vocals": "none"},
            "language": "zxx",
            "contributors": [],
            "tracks[0].writers": [],
        }
        root = etree.fromstring(new_message(tmp_path, SINGLE, changes))
        assert root.findtext("ResourceList/SoundRecording/ContainsAI") == "All"

    def test_a_person_credited_for_what_a_machine_made_alone_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(CannotPackage) as caught:
            new_message(tmp_path, SINGLE, {"ai": ALL_AI})
        assert [it.field for it in caught.value.obstacles] == [
            "contributors[0].ai",
            "tracks[0].writers[0].ai",
        ]

    def test_a_machine_in_what_is_said_to_have_none_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(CannotPackage, match=r"writers\[0\].ai: 'Maren Okafor' is marked `partly`"):
            new_message(tmp_path, SINGLE, {"tracks[0].writers[0].ai": "partly"})

    def test_an_aspect_without_answer_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(CannotPackage, match=r"ai\.vocals: it is not said"):
            new_message(tmp_path, SINGLE, {"ai.vocals": LEFT_OUT})

    def test_ern_4_3_cannot_say_any_of_it(self, tmp_path: Path) -> None:
        message = new_message(tmp_path, SINGLE, {"ai": ALL_AI}, version="4.3")
        assert b"AI" not in message.replace(b"PADPIDA", b"")
        assert complaints(message, "4.3") == []


class TestControl:
    def test_a_message_is_a_test_unless_it_is_said_to_be_real(self, tmp_path: Path) -> None:
        kind = "MessageHeader/MessageControlType"
        assert texts(new_message(tmp_path), kind) == ["TestMessage"]
        assert texts(new_message(tmp_path, SINGLE, {"live_message": True}), kind) == ["LiveMessage"]

    def test_times_are_the_callers(self, tmp_path: Path) -> None:
        assert texts(new_message(tmp_path), "MessageHeader/MessageCreatedDateTime") == [NOW.isoformat()]

    def test_a_time_without_a_zone_is_refused(self, tmp_path: Path) -> None:
        release = Release.model_validate(SINGLE)
        with pytest.raises(ValueError, match="no time zone"):
            new_release_message(
                release,
                release_files(tmp_path),
                message_id="1",
                created_at=datetime(2026, 1, 1),
            )

    def test_another_version_is_refused_with_those_there_are(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match=r"'3\.8' is not written; there are: 4\.3, 4\.3\.2"):
            new_message(tmp_path, version="3.8")


@BOTH
def test_an_update_brings_no_files_and_keeps_the_thread(tmp_path: Path, version: Any) -> None:
    release = Release.model_validate(changed(SINGLE, {"genre": "Dream pop"}))
    message = update_message(
        release, release_files(tmp_path), message_id="M-2", thread_id="M-1", created_at=NOW, version=version
    )
    assert complaints(message, version) == []
    assert check(message, tmp_path) == []
    root = etree.fromstring(message)
    assert not list(root.iter("File"))
    assert {e.text for e in root.iter("IsProvidedInDelivery")} == {"false"}
    assert root.findtext("MessageHeader/MessageThreadId") == "M-1"


def test_an_update_can_do_without_files_and_can_bring_them(tmp_path: Path) -> None:
    release = Release.model_validate(SINGLE)
    header = {"message_id": "M-2", "thread_id": "M-1", "created_at": NOW}
    without = update_message(release, **header)  # type: ignore[arg-type]
    assert complaints(without, "4.3.2") == []
    assert texts(without, "ReleaseList/Release/Duration") == ["PT3M5S"]
    brought = update_message(release, release_files(tmp_path), brings_files=True, **header)  # type: ignore[arg-type]
    assert len(list(etree.fromstring(brought).iter("File"))) == 2
    with pytest.raises(ValueError, match="must be given"):
        update_message(release, brings_files=True, **header)  # type: ignore[arg-type]


def test_an_update_cannot_change_what_a_store_has_for_good() -> None:
    delivered = {"upc": "4006381333931", "isrcs": ["USSKG2600001", "USSKG2600009"]}
    release = Release.model_validate(changed(SINGLE, {"delivered": delivered}))
    with pytest.raises(CannotPackage) as caught:
        update_message(release, message_id="2", thread_id="1", created_at=NOW)
    assert [it.field for it in caught.value.obstacles] == ["upc", "tracks"]


@BOTH
@pytest.mark.parametrize("release_at", ["2027-01-08", "2027-01-08T00:00:00+01:00", "2026-10-02"])
def test_a_takedown_ends_every_deal(version: Any, release_at: str) -> None:
    release = Release.model_validate(changed(RICH, {"release_at": release_at, "preorder_at": LEFT_OUT}))
    message = takedown_message(
        release, ends_at=NOW, message_id="M-3", thread_id="M-1", created_at=NOW, version=version
    )
    assert complaints(message, version) == []
    assert check(message) == []
    root = etree.fromstring(message)
    assert root.tag.endswith("NewReleaseMessage")
    periods = list(root.iter("ValidityPeriod"))
    assert len(periods) == 3
    assert {it.findtext("EndDateTime") for it in periods} == {NOW.isoformat()}


def test_a_pre_order_ends_with_a_takedown(tmp_path: Path) -> None:
    release = Release.model_validate(RICH)
    message = takedown_message(release, ends_at=NOW, message_id="3", thread_id="1", created_at=NOW)
    assert not list(etree.fromstring(message).iter("IsPreOrderDeal"))


def test_all_that_is_missing_is_told_at_once(tmp_path: Path) -> None:
    empty = Release.model_validate({"title": "", "release_at": "2027-01-08", "tracks": [{"title": " "}]})
    with pytest.raises(CannotPackage) as caught:
        new_release_message(empty, release_files(tmp_path), message_id="1", created_at=NOW)
    fields = [it.field for it in caught.value.obstacles]
    for field in (
        "title", "label", "p_line", "c_line", "genre", "explicit", "upc", "artists", "sender_dpid",
        "recipient_dpid", "tracks[0].title", "tracks[0].isrc", "ai.artwork", "ai.composition",
    ):  # fmt: skip
        assert field in fields


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"p_line": "℗"}, "p_line: ERN asks for a P line"),
        ({"release_at": "next Friday"}, "release_at: 'next Friday' is no date or time"),
        ({"release_at": "2027-02-30"}, "release_at: '2027-02-30' is no date"),
        ({"release_at": "2027-01-08T10:00"}, "is no date or time: it says a time and not where"),
        ({"release_at": "20270108T100000Z"}, "release_at: '20270108T100000Z' is no date or time"),
        ({"release_at": "2227-01-08"}, "the year 2227 is not between"),
        ({"release_at": "8 January 2027"}, "Write it as 2027-01-08"),
        ({"release_at": LEFT_OUT}, "release_at: there is no release date"),
        ({"time_zone": "Berlin"}, "time_zone: no time zone is called 'Berlin'"),
        ({"time_zone": "../../etc/passwd"}, "time_zone: no time zone is called"),
        ({"preorder_at": "2027-01-08"}, "preorder_at: 2027-01-08 is not before"),
        ({"preorder_at": "2026-12-01T00:00:00Z"}, "of two kinds"),
        ({"preorder_tracks": [3]}, "preorder_tracks: there is no track 3"),
        ({"territories": ["UK"]}, r"territories\[0\]: 'UK' is no territory. Write GB"),
        ({"territories": ["de"]}, "Write DE"),
        ({"territories": ["Worldwide", "DE"]}, "stands beside single countries"),
        ({"territories": ["DE"], "excluded_territories": ["DE"]}, "all of them are excluded"),
        ({"territories": []}, "territories: there are none"),
        ({"metadata_language": "english please"}, "metadata_language: 'english please' is no language"),
        ({"language": "x-klingon"}, "language: 'x-klingon' is no language"),
        ({"sender_dpid": "Sony"}, "sender_dpid: 'Sony' is no DDEX party id"),
        ({"tracks[0].writers[0].ipi": "12"}, "ipi: '12' is no IPI"),
        ({"tracks[0].recording_country": "Germany"}, "recording_country: 'Germany' is no country"),
        ({"tracks[0].original_release_date": "1999"}, "original_release_date: '1999' is no date"),
        ({"artists[0].roles": ["Producer"]}, "artists: nobody is its main artist"),
        ({"artists[0].name": " "}, r"artists\[0\]: it has no name"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_refused_with_its_field(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(CannotPackage, match=message):
        new_message(tmp_path, SINGLE, changes)


def test_files_that_are_not_there_are_missed(tmp_path: Path) -> None:
    files = release_files(tmp_path, 1)
    album, single = Release.model_validate(ALBUM), Release.model_validate(SINGLE)
    with pytest.raises(CannotPackage, match="7 tracks and 1 sound files"):
        new_release_message(album, files, message_id="1", created_at=NOW)
    with pytest.raises(CannotPackage, match="there is no cover"):
        new_release_message(single, ReleaseFiles(files.tracks), message_id="1", created_at=NOW)


class TestText:
    @pytest.mark.parametrize(
        "title",
        [
            "<&>\"'",
            "]]>",
            "&amp;",
            "שלום",
            "أغنية \u200f(1)",
            "👩\u200d🎤",
            "a\tb",
            "e\u0301",
            "𝄞",
            "<!--",
            "a\u2028b",
        ],
    )
    def test_text_of_any_script_comes_back_as_it_was(self, tmp_path: Path, title: str) -> None:
        message = new_message(tmp_path, SINGLE, {"tracks[0].title": title, "label": title, "genre": title})
        assert complaints(message, "4.3.2") == []
        told = texts(message, "ResourceList/SoundRecording/DisplayTitle/TitleText")
        assert told == [title.replace("e\u0301", "\u00e9")]

    @pytest.mark.parametrize(
        ("field", "path"),
        [
            ("title", "title"), ("label", "label"), ("genre", "genre"), ("p_line", "p_line"),
            ("catalog_number", "catalog_number"), ("artists[0].name", "artists"),
            ("tracks[0].title", r"tracks\[0\].title"), ("tracks[0].version", r"tracks\[0\].version"),
            ("tracks[0].writers[0].name", r"tracks\[0\].writers\[0\].name"),
            ("contributors[0].roles", r"contributors\[0\].roles"),
        ],
    )  # fmt: skip
    def test_a_control_character_is_named_with_its_field(self, tmp_path: Path, field: str, path: str) -> None:
        bad: Any = ["a\x07b"] if field.endswith("roles") else "a\x07b"
        with pytest.raises(CannotPackage, match=rf"{path}.*U\+0007 at position 2"):
            new_message(tmp_path, SINGLE, {field: bad})

    def test_half_a_character_is_named_with_its_field(self, tmp_path: Path) -> None:
        release = Release.model_validate(SINGLE)
        release.tracks[0].title = "a\ud83d"
        with pytest.raises(CannotPackage, match=r"tracks\[0\].title.*U\+D83D at position 2, a half"):
            new_release_message(release, release_files(tmp_path), message_id="1", created_at=NOW)

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.text(min_size=1, max_size=40))
    def test_any_text_makes_valid_xml_or_a_clear_error(self, tmp_path: Path, text: str) -> None:
        release = Release.model_validate(SINGLE)
        release.tracks[0].title = text
        release.artists[0].name = text
        try:
            message = takedown_message(release, ends_at=NOW, message_id="1", thread_id="1", created_at=NOW)
        except CannotPackage as refused:
            message, told = None, refused.obstacles
        else:
            told = ()
        if message is None:
            assert all(it.field for it in told)
        else:
            assert check(message) == []


def test_random_releases_are_valid_in_both_versions(tmp_path: Path) -> None:
    """Every combination of answers that is no contradiction is a message that both judges take."""
    choose = random.Random(9)
    parts = ("none", "partly", "all")
    roles = sorted(CONTRIBUTOR_ROLES)
    made, fields = 0, list[str]()
    for _ in range(60):
        changes: dict[str, Any] = {
            f"ai.{aspect}": choose.choice(parts)
            for aspect in ("lyrics", "composition", "vocals", "instruments")
        }
        changes["contributors"] = [
            {"name": f"N{choose.randrange(4)}", "roles": choose.sample(roles, 2),
             "ai": choose.choice([None, *parts])}
            for _ in range(choose.randrange(4))
        ]  # fmt: skip
        changes["tracks[0].explicit"] = choose.choice(["explicit", "clean", "none"])
        changes["tracks[0].language"] = choose.choice(["en", "zxx", "pt-BR", "zh-Hant"])
        release = Release.model_validate(changed(ALBUM, changes))
        for version in ("4.3", "4.3.2"):
            try:
                message = update_message(
                    release,
                    message_id="1",
                    thread_id="1",
                    created_at=NOW,
                    version=version,  # type: ignore[arg-type]
                )
            except CannotPackage as refused:
                fields += [it.field for it in refused.obstacles]
                continue
            made += 1
            assert complaints(message, version) == []
            assert check(message) == []
    assert made > 60
    assert {field.rpartition(".")[2] for field in fields} == {"ai"}


def test_a_zone_of_any_offset_is_written(tmp_path: Path) -> None:
    at = datetime(2027, 1, 8, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    message = new_message(tmp_path, SINGLE, {"release_at": at.isoformat()})
    assert "2027-01-08T00:00:00+05:45" in message.decode()
    assert at.astimezone(UTC).day == 7
