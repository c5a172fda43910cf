"""What is wrong with a message, although its schema takes it: one fault each, each found by its rule."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import etree

from aimusicverse.release.ern.checks import MOST_FAULTS, check
from aimusicverse.release.ern.fault import CHECKS
from aimusicverse.release.ern.reading import MOST_BYTES
from tests.release.ern.schemas import complaints, sample
from tests.release.ern.written import RICH, new_message
from tests.release.sound_releases import ALBUM, SINGLE

Root = etree._Element


@dataclass(frozen=True)
class Broken:
    """One fault.

    Args:
        rule: that must find it.
        fault: in words: the name of the test.
        change: what is done to the tree of a sound message.
        severity: of the fault.
        caught_by_schema: whether the official schema refuses it too.
    """

    rule: str
    fault: str
    change: Callable[[Root], None]
    severity: str = "error"
    caught_by_schema: bool = False

    def __str__(self) -> str:
        return f"{self.rule}: {self.fault}"


def text(path: str, value: str) -> Callable[[Root], None]:
    """The first element at a path gets this text."""

    def change(root: Root) -> None:
        found = root.find(path)
        assert found is not None
        found.text = value

    return change


def gone(path: str) -> Callable[[Root], None]:
    """The first element at a path is taken out."""

    def change(root: Root) -> None:
        found = root.find(path)
        assert found is not None
        parent = found.getparent()
        assert parent is not None
        parent.remove(found)

    return change


def attribute(name: str, value: str | None) -> Callable[[Root], None]:
    """An attribute of the root gets this value, or goes."""

    def change(root: Root) -> None:
        if value is None:
            del root.attrib[name]
        else:
            root.set(name, value)

    return change


def added(path: str, xml: str, *, before: str | None = None) -> Callable[[Root], None]:
    """One more element in the first at a path: at its end, or before one of its children."""

    def change(root: Root) -> None:
        parent = root.find(path)
        assert parent is not None
        new = etree.fromstring(xml)
        next_one = parent.find(before) if before else None
        if next_one is None:
            parent.append(new)
        else:
            next_one.addprevious(new)

    return change


RECORDING = "ResourceList/SoundRecording"
MAIN = "ReleaseList/Release"
TERMS = "DealList/ReleaseDeal/Deal/DealTerms"
MACHINE = f"{RECORDING}/Contributor[SpecialContributor]"


def several(*changes: Callable[[Root], None]) -> Callable[[Root], None]:
    """One change after the other."""

    def change(root: Root) -> None:
        for one in changes:
            one(root)

    return change


def renamed(old: str, new: str) -> Callable[[Root], None]:
    """A release has another reference, wherever it is named."""

    def change(root: Root) -> None:
        for element in root.iter("ReleaseReference", "DealReleaseReference"):
            if element.text == old:
                element.text = new

    return change


def without_main_release(root: Root) -> None:
    """The main release is gone, with its cover, its deals, and whoever had a part in nothing else."""
    for path in (
        MAIN,
        "DealList/ReleaseDeal[2]",
        "DealList/ReleaseDeal/DealReleaseReference",
        "ResourceList/Image",
    ):
        gone(path)(root)


def worldwide_and(code: str) -> Callable[[Root], None]:
    """A deal for all the world and for one country."""
    territory = "<TerritoryCode>{}</TerritoryCode>".format
    return several(
        gone(f"{TERMS}/ExcludedTerritoryCode"),
        gone(f"{TERMS}/ExcludedTerritoryCode"),
        added(TERMS, territory("Worldwide"), before="ValidityPeriod"),
        added(TERMS, territory(code), before="ValidityPeriod"),
    )


def second_release_of_a_track(root: Root) -> None:
    """A third track release, of the first recording, with its deal."""
    added("ReleaseList", etree.tostring(_track_release(root)).decode())(root)
    added("DealList/ReleaseDeal", DEALT.format("R3"), before="Deal")(root)


DEALT = "<DealReleaseReference>{}</DealReleaseReference>"
PARTY = "<Party><PartyReference>{}</PartyReference><PartyName><FullName>X</FullName></PartyName></Party>"
LINKED = "<LinkedReleaseResourceReference>A99</LinkedReleaseResourceReference>"
OWN_ID = '<ProprietaryId Namespace="PADPIDA2011072101T">x</ProprietaryId>'
GROUP = f"{MAIN}/ResourceGroup"
PERIOD = f"{TERMS}/ValidityPeriod"
ENDED = "<EndDateTime>2026-01-01T00:00:00+00:00</EndDateTime>"
PERSON = f"{RECORDING}/Contributor[ContributorPartyReference]"

BROKEN = (
    Broken("DX-DANGLING", "an artist who is no party", text(f"{RECORDING}//ArtistPartyReference", "P99")),
    Broken("DX-DANGLING", "a picture of a track that is not there", added(
        "ReleaseList/TrackRelease", LINKED, before="ReleaseLabelReference")),
    Broken("DX-DANGLING", "a deal of no release", added(
        "DealList/ReleaseDeal", DEALT.format("R9"), before="Deal")),
    Broken("DX-DANGLING", "a second cover that is not there", added(GROUP, LINKED)),
    Broken("DX-DANGLING", "a label that is no party", text(f"{MAIN}/ReleaseLabelReference", "P77")),
    Broken("DX-ORPHAN", "a cover of no release", gone(f"{GROUP}/LinkedReleaseResourceReference")),
    Broken("DX-ORPHAN", "a party without a part", added("PartyList", PARTY.format("P88")), "warning"),
    Broken("DX-REF", "a party defined twice", added("PartyList", PARTY.format("P1"))),
    Broken("DX-ISRC", "a letter too many", text(f"{RECORDING}//ISRC", "USSKG26000011")),
    Broken("DX-ISRC", "hyphens", text(f"{RECORDING}//ISRC", "US-SKG-26-00001")),
    Broken("DX-ISRC", "of another recording", text(f"{RECORDING}//ISRC", "USSKG2600002")),
    Broken("DX-ISRC", "none", several(
        gone(f"{RECORDING}//ISRC"), added(f"{RECORDING}/SoundRecordingEdition/ResourceId", OWN_ID))),
    Broken("DX-ICPN", "a wrong check digit", text(f"{MAIN}/ReleaseId/ICPN", "036000291453")),
    Broken("DX-ICPN", "letters", text(f"{MAIN}/ReleaseId/ICPN", "03600029145X")),
    Broken("DX-ICPN", "no id", several(gone(f"{MAIN}/ReleaseId/ICPN"), gone(f"{MAIN}/ReleaseId/GRid"))),
    Broken("DX-ID", "a GRid's check character", text(f"{MAIN}/ReleaseId/GRid", "A12425GABC1234002N")),
    Broken("DX-ID", "an ISNI's check character", text("PartyList//ISNI", "0000000121707485")),
    Broken("DX-ID", "an ISWC's check digit", text(f"{RECORDING}/WorkId/ISWC", "T0345246802")),
    Broken("DX-ID", "an IPI's check digits", text("PartyList//IpiNameNumber", "00014107339")),
    Broken("DX-DPID", "a sender's check character", text(
        "MessageHeader/MessageSender/PartyId", "PADPIDA2011072101U")),
    Broken("DX-DPID", "a recipient of too few characters", text(
        "MessageHeader/MessageRecipient/PartyId", "PADPIDA2013")),
    Broken("DX-R0", "a recording without a release of its own", several(
        gone("ReleaseList/TrackRelease[2]"), gone("DealList/ReleaseDeal/DealReleaseReference[3]"))),
    Broken("DX-R0", "two releases of one recording", second_release_of_a_track),
    Broken("DX-R0", "the main release has another name", renamed("R0", "R100")),
    Broken("DX-R0", "a track has another name", renamed("R1", "RTrack1")),
    Broken("DX-R0", "a track that the main release lacks", gone(f"{GROUP}/ResourceGroupContentItem[2]")),
    Broken("DX-R0", "no main release", without_main_release),
    Broken("DX-DEAL", "a track without one", gone("DealList/ReleaseDeal/DealReleaseReference[3]")),
    Broken("DX-DEAL", "no deals at all", gone("DealList")),
    Broken("DX-DEAL", "no model", gone(f"{TERMS}/CommercialModelType")),
    Broken("DX-DEAL", "no use", several(*[gone(f"{TERMS}/UseType")] * 3)),
    Broken("DX-DEAL", "no beginning", gone(f"{PERIOD}/StartDateTime"), caught_by_schema=True),
    Broken("DX-DEAL", "no terms", gone(TERMS)),
    Broken("DX-COMM", "downloads to keep by subscription", text(f"{TERMS}/UseType", "PermanentDownload")),
    Broken("DX-COMM", "downloads for advertisements", text(
        "DealList/ReleaseDeal/Deal[2]/DealTerms/UseType", "ConditionalDownload")),
    Broken("DX-COMM", "streams paid one by one", text(
        "DealList/ReleaseDeal/Deal[3]/DealTerms/UseType", "OnDemandStream")),
    Broken("DX-DATE", "ends before it begins", added(PERIOD, ENDED)),
    Broken("DX-DATE", "a month that there is not", text(
        f"{PERIOD}/StartDateTime", "2027-13-08T00:00:00+01:00"), caught_by_schema=True),
    Broken("DX-DATE", "no zone", text(f"{PERIOD}/StartDateTime", "2027-01-08T00:00:00"), "warning"),
    Broken("DX-DATE", "a pre-order without an end", gone(
        "DealList/ReleaseDeal[2]/Deal/DealTerms/ValidityPeriod/EndDateTime")),
    Broken("DX-TERRITORY", "all the world and Germany", worldwide_and("DE")),
    Broken("DX-DUR", "a release much longer than its recordings", text(f"{MAIN}/Duration", "PT1H")),
    Broken("DX-DUR", "a recording of no length", text(f"{RECORDING}/Duration", "PT0S")),
    Broken("DX-DUR", "minutes and seconds", text(f"{RECORDING}/Duration", "3:05"), caught_by_schema=True),
    Broken("DX-DUR", "a file of another length", text(f"{RECORDING}//DeliveryFile/Duration", "PT9S")),
    Broken("DX-SEQ", "one position twice", text(f"{GROUP}/ResourceGroupContentItem[2]/SequenceNumber", "1")),
    Broken("DX-SEQ", "positions from 0", text(f"{GROUP}/ResourceGroupContentItem/SequenceNumber", "0")),
    Broken("DX-ARTIST", "a recording by nobody", text(f"{RECORDING}//DisplayArtistRole", "Artist")),
    Broken("DX-ARTIST", "a release by nobody", text(f"{MAIN}//DisplayArtistRole", "FeaturedArtist")),
    Broken("DX-EXPLICIT", "a harmless release of explicit words", text(
        f"{MAIN}/ParentalWarningType", "NotExplicit")),
    Broken("DX-AI", "none, by a generator", text(f"{RECORDING}/ContainsAI", "None")),
    Broken("DX-AI", "all, with a person", text(f"{RECORDING}/ContainsAI", "All")),
    Broken("DX-AI", "a generator that made nothing", text(f"{MACHINE}/AiContribution", "None")),
    Broken("DX-AI", "a person who is all machine", text(f"{PERSON}/AiContribution", "All")),
    Broken("DX-AI", "a release of none of it", text(f"{MAIN}/ContainsAI", "None")),
    Broken("DX-AI", "a release of nothing else", text(f"{MAIN}/ContainsAI", "All")),
    Broken("DX-ROOT", "no value sets", attribute("AvsVersionId", None), caught_by_schema=True),
    Broken("DX-ROOT", "no language", attribute("LanguageAndScriptCode", None), caught_by_schema=True),
    Broken("DX-ROOT", "as in ERN 3", attribute("MessageSchemaVersionId", "ern/382"), caught_by_schema=True),
    Broken("DX-MCT", "test or not", gone("MessageHeader/MessageControlType"), "warning"),
    Broken("DX-FILE", "out of the package", text(f"{RECORDING}//File/URI", "../../etc/passwd")),
    Broken("DX-FILE", "an absolute path", text(f"{RECORDING}//File/URI", "/etc/passwd")),
    Broken("DX-FILE", "an address", text(f"{RECORDING}//File/URI", "file:///etc/passwd")),
    Broken("DX-FILE", "a path of Windows", text(f"{RECORDING}//File/URI", "..\\..\\secret.wav")),
)  # fmt: skip


def _track_release(root: Root) -> Root:
    again = etree.fromstring(etree.tostring(root.find("ReleaseList/TrackRelease")))
    reference = again.find("ReleaseReference")
    assert reference is not None
    reference.text = "R3"
    return again


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A message without a fault."""
    return new_message(tmp_path_factory.mktemp("files"), RICH)


def broken(content: bytes, case: Broken) -> bytes:
    """The message with that one fault."""
    root = etree.fromstring(content)
    case.change(root)
    return etree.tostring(root)


@pytest.mark.parametrize("case", BROKEN, ids=str)
def test_a_fault_is_found_by_its_rule_and_by_no_other(case: Broken, sound: bytes) -> None:
    found = check(broken(sound, case))
    assert {fault.rule for fault in found} == {case.rule}, [str(fault) for fault in found]
    assert {fault.severity for fault in found} == {case.severity}
    for fault in found:
        assert fault.where.startswith("/")
        assert fault.line
        assert fault.message.endswith((".", "?"))
        assert fault.fix


@pytest.mark.parametrize("case", [it for it in BROKEN if not it.caught_by_schema], ids=str)
def test_the_official_schema_takes_what_only_our_checks_find(case: Broken, sound: bytes) -> None:
    assert complaints(broken(sound, case), "4.3.2") == []


@pytest.mark.parametrize("case", [it for it in BROKEN if it.caught_by_schema], ids=str)
def test_the_official_schema_agrees_with_the_others(case: Broken, sound: bytes) -> None:
    assert complaints(broken(sound, case), "4.3.2")


def test_every_rule_has_a_broken_message(sound: bytes) -> None:
    in_other_tests = {"DX-XML", "DX-HASH"}
    assert {case.rule for case in BROKEN} | in_other_tests == set(CHECKS)


def test_the_official_sample_has_no_fault() -> None:
    assert check(sample()) == []


def test_a_fault_in_the_official_sample_is_found() -> None:
    content = sample().replace(b"GBAYC1700598</ISRC>", b"GBAYC170059</ISRC>")
    assert [fault.rule for fault in check(content)] == ["DX-ISRC"]


class TestFiles:
    @pytest.fixture
    def package(self, tmp_path: Path) -> tuple[Path, bytes]:
        """A folder with a message's files, named as it names them."""
        message = new_message(tmp_path / "masters", SINGLE)
        resources = tmp_path / "package" / "resources"
        resources.mkdir(parents=True)
        (resources / "A1.flac").write_bytes((tmp_path / "masters" / "take 0.flac").read_bytes())
        (resources / "cover.jpg").write_bytes((tmp_path / "masters" / "front.jpg").read_bytes())
        return tmp_path / "package", message

    def test_files_as_they_are_told_have_no_fault(self, package: tuple[Path, bytes]) -> None:
        folder, message = package
        assert check(message, folder) == []

    def test_a_changed_byte_is_found(self, package: tuple[Path, bytes]) -> None:
        folder, message = package
        path = folder / "resources" / "A1.flac"
        content = bytearray(path.read_bytes())
        content[-1] ^= 1
        path.write_bytes(content)
        (fault,) = check(message, folder)
        assert fault.rule == "DX-HASH"
        assert hashlib.md5(content).hexdigest() in fault.fix

    def test_another_size_is_found(self, package: tuple[Path, bytes]) -> None:
        folder, message = package
        told = re.sub(rb"<FileSize>[0-9.]+", b"<FileSize>4000", message, count=1)
        assert [fault.rule for fault in check(told, folder)] == ["DX-HASH"]

    def test_a_size_in_the_other_kilobytes_is_taken(self, package: tuple[Path, bytes]) -> None:
        folder, message = package
        size = (folder / "resources" / "A1.flac").stat().st_size
        told = re.sub(rb"<FileSize>[0-9.]+", f"<FileSize>{size / 1024:.0f}".encode(), message, count=1)
        assert check(told, folder) == []

    @pytest.mark.parametrize("size", ["big", "NaN", "Infinity"])
    def test_a_size_that_is_no_number_is_found(self, package: tuple[Path, bytes], size: str) -> None:
        folder, message = package
        told = re.sub(rb"<FileSize>[0-9.]+", f"<FileSize>{size}".encode(), message, count=1)
        assert [fault.rule for fault in check(told, folder)] == ["DX-HASH"]

    def test_a_missing_file_is_found(self, package: tuple[Path, bytes]) -> None:
        folder, message = package
        (folder / "resources" / "cover.jpg").unlink()
        (fault,) = check(message, folder)
        assert fault.rule == "DX-FILE"
        assert "resources/cover.jpg" in fault.message

    def test_a_folder_instead_of_a_file_is_found(self, package: tuple[Path, bytes]) -> None:
        folder, message = package
        (folder / "resources" / "cover.jpg").unlink()
        (folder / "resources" / "cover.jpg").mkdir()
        assert [fault.rule for fault in check(message, folder)] == ["DX-FILE"]

    def test_a_link_out_of_the_package_is_found(self, package: tuple[Path, bytes]) -> None:
        folder, message = package
        cover = folder / "resources" / "cover.jpg"
        cover.rename(folder.parent / "elsewhere.jpg")
        cover.symlink_to(folder.parent / "elsewhere.jpg")
        assert [fault.rule for fault in check(message, folder)] == ["DX-FILE"]

    def test_a_file_that_is_not_named_is_a_warning(self, package: tuple[Path, bytes]) -> None:
        folder, message = package
        (folder / "resources" / "notes.txt").write_text("x")
        (fault,) = check(message, folder)
        assert (fault.rule, fault.severity) == ("DX-FILE", "warning")

    def test_a_sum_that_is_not_checked_is_a_warning(self, package: tuple[Path, bytes]) -> None:
        folder, message = package
        told = message.replace(b"<Algorithm>MD5<", b"<Algorithm>CRC32<", 1)
        (fault,) = check(told, folder)
        assert (fault.rule, fault.severity) == ("DX-HASH", "warning")

    def test_a_name_too_long_for_the_system_is_found(self, package: tuple[Path, bytes]) -> None:
        folder, message = package
        told = message.replace(b"resources/cover.jpg", b"resources/" + b"c" * 5000)
        assert "DX-FILE" in {fault.rule for fault in check(told, folder)}


def test_a_clip_may_be_shorter_than_its_recording(sound: bytes) -> None:
    root = etree.fromstring(sound)
    added(f"{RECORDING}//TechnicalDetails", "<IsClip>true</IsClip>")(root)
    text(f"{RECORDING}//DeliveryFile/Duration", "PT30S")(root)
    assert check(etree.tostring(root)) == []
    assert complaints(etree.tostring(root), "4.3.2") == []


def test_positions_need_not_be_written_in_order(sound: bytes) -> None:
    root = etree.fromstring(sound)
    text(f"{GROUP}/ResourceGroupContentItem[1]/SequenceNumber", "2")(root)
    text(f"{GROUP}/ResourceGroupContentItem[2]/SequenceNumber", "1")(root)
    assert check(etree.tostring(root)) == []


class TestReading:
    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"<",
            b"not xml",
            b"<a/>",
            b"\xff\xfe\x00",
            b"<?xml version='1.0' encoding='klingon'?><a/>",
            b"<a>" * 9000,
        ],
    )
    def test_what_is_no_message_is_one_fault(self, content: bytes) -> None:
        (fault,) = check(content)
        assert fault.rule in ("DX-XML", "DX-ROOT")

    def test_a_document_type_is_refused_whatever_it_hides(self, tmp_path: Path) -> None:
        secret = tmp_path / "secret"
        secret.write_text("do not read")
        for inside in (
            f'<!ENTITY x SYSTEM "{secret.as_uri()}">',
            '<!ENTITY x SYSTEM "http://127.0.0.1:9/x">',
            '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;"><!ENTITY x "&b;&b;&b;&b;">',
        ):
            (fault,) = check(f"<!DOCTYPE a [{inside}]><a>&x;</a>".encode())
            assert fault.rule == "DX-XML"
            assert "do not read" not in str(fault)

    def test_a_billion_laughs_are_refused_at_once(self) -> None:
        entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
        content = f'<!DOCTYPE a [<!ENTITY e0 "ha">{entities}]><a>&e11;</a>'
        assert [fault.rule for fault in check(content.encode())] == ["DX-XML"]

    def test_a_message_of_another_version_is_told_by_name(self) -> None:
        (fault,) = check(b'<e:NewReleaseMessage xmlns:e="http://ddex.net/xml/ern/382"/>')
        assert "http://ddex.net/xml/ern/382" in fault.message

    def test_a_purge_is_no_takedown(self) -> None:
        (fault,) = check(b'<e:PurgeReleaseMessage xmlns:e="http://ddex.net/xml/ern/432"/>')
        assert "deals that end" in fault.fix

    def test_a_huge_message_is_not_read(self) -> None:
        (fault,) = check(b" " * (MOST_BYTES + 1))
        assert fault.rule == "DX-XML"

    def test_an_empty_message_has_faults_and_no_crash(self) -> None:
        found = check(b'<e:NewReleaseMessage xmlns:e="http://ddex.net/xml/ern/432"/>')
        assert {"DX-ROOT", "DX-R0", "DX-MCT"} <= {fault.rule for fault in found}

    def test_faults_are_bounded(self) -> None:
        parts = "<ReleaseResourceReference>A9</ReleaseResourceReference>" * 20_000
        content = (
            f'<e:NewReleaseMessage xmlns:e="http://ddex.net/xml/ern/432"><a>{parts}</a></e:NewReleaseMessage>'
        )
        assert len(check(content.encode())) == MOST_FAULTS

    def test_comments_and_instructions_between_do_not_matter(self, sound: bytes) -> None:
        told = sound.replace(b"<ResourceList>", b"<!-- x --><?y z?><ResourceList><!-- x -->")
        assert check(told) == []


@pytest.mark.parametrize("cut", range(0, 100, 7))
def test_a_message_cut_anywhere_is_a_fault_and_no_crash(sound: bytes, cut: int) -> None:
    assert check(sound[: len(sound) * cut // 100])


def test_taking_out_any_element_never_crashes(tmp_path: Path) -> None:
    content = new_message(tmp_path, ALBUM)
    count = len(list(etree.fromstring(content).iter()))
    for place in range(1, count):
        root = etree.fromstring(content)
        element = list(root.iter())[place]
        parent = element.getparent()
        assert parent is not None
        parent.remove(element)
        check(etree.tostring(root), tmp_path)
