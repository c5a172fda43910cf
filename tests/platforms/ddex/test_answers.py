"""What a receiver says, and what we make of it: accepted, refused with the field, silent, twice, nonsense."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimusicverse.platforms.base import StoreProblem
from aimusicverse.platforms.ddex.acknowledgement import (
    MOST_BYTES,
    Acknowledgement,
    UnreadableAcknowledgement,
    read_acknowledgement,
)
from tests.platforms.ddex.setting import UPC, World

GOOD = f"""<?xml version="1.0" encoding="UTF-8"?>
<ns3:FtpAcknowledgementMessage MessageVersionId="1.0" xmlns:ns3="http://ddex.net/xml/ern-c/14">
  <MessageHeader><MessageCreatedDateTime>2026-11-26T13:00:00+00:00</MessageCreatedDateTime></MessageHeader>
  <AcknowledgedFile><ReleaseId>{UPC}</ReleaseId><Date>2026-11-26</Date></AcknowledgedFile>
  <FileStatus>FileOK</FileStatus>
</ns3:FtpAcknowledgementMessage>"""


def refused(status: str, text: str = "", isrc: str = "") -> str:
    more = f"<ErrorText>{text}</ErrorText>" if text else ""
    more += f"<AffectedResource><ISRC>{isrc}</ISRC></AffectedResource>" if isrc else ""
    return GOOD.replace("<FileStatus>FileOK</FileStatus>", f"<FileStatus>{status}</FileStatus>{more}")


def write(world: World, content: str | bytes, ending: str = "") -> Path:
    folder = world.inbox / "acknowledgements"
    folder.mkdir(exist_ok=True)
    file = folder / f"ACK_{world.batches()[-1]}_{UPC}{ending}.xml"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


@pytest.fixture
def sent(world: World) -> World:
    world.connector().deliver(world.parcel(), world.notes)
    return world


def problem_of(world: World) -> StoreProblem:
    problem = world.connector().look(world.notes).problem
    assert problem is not None
    return problem


@pytest.mark.parametrize("status", ["FileOK", "Ingested", "Accepted"])
def test_accepted_is_ready(sent: World, status: str) -> None:
    write(sent, GOOD.replace("FileOK", status))
    assert sent.connector().look(sent.notes).stands == "ready"


def test_processing_is_no_answer_yet(sent: World) -> None:
    write(sent, GOOD.replace("FileOK", "Processing"))
    assert sent.connector().look(sent.notes).stands == "processing"
    write(sent, GOOD, "_2")
    assert sent.connector().look(sent.notes).stands == "ready"


@pytest.mark.parametrize(
    ("status", "isrc", "code", "field"),
    [
        ("PrimaryArtistNameMissing", "", "ddex_message_refused", "artists"),
        ("CommercialReleaseDateInvalid", "", "ddex_date_refused", "release_at"),
        ("IdentifierInvalid", "", "ddex_identifier_refused", "upc"),
        ("IdentifierInvalid", "US-SKG-26-00001", "ddex_identifier_refused", "tracks[0].isrc"),
        ("ResourceCorrupt", "USSKG2600001", "ddex_file_refused", "tracks[0].file"),
        ("NoDealInNewReleaseMessage", "", "ddex_message_refused", "territories"),
        ("Failed", "", "ddex_message_refused", None),
        ("SomethingNew", "", "ddex_message_refused", None),
    ],
)
def test_refused_says_why_and_where(
    sent: World, status: str, isrc: str, code: str, field: str | None
) -> None:
    write(sent, refused(status, "It crackles.", isrc))
    standing = sent.connector().look(sent.notes)
    problem = problem_of(sent)
    assert (standing.stands, problem.code, problem.kind) == ("rejected", code, "metadata")
    assert problem.field == field
    assert status in problem.message
    assert "It crackles." in problem.message


def test_an_error_of_the_receiver_is_sent_again_in_a_new_batch(sent: World) -> None:
    write(sent, refused("InternalError"))
    standing = sent.connector().look(sent.notes)
    assert standing.stands == "failed"
    assert problem_of(sent).kind == "transient"
    sent.connector().deliver(sent.parcel(), sent.notes)
    assert len(sent.batches()) == 2
    write(sent, GOOD)
    assert sent.connector().look(sent.notes).stands == "ready"


def test_what_was_rejected_comes_again_when_it_was_changed(sent: World) -> None:
    sent.order("reject", reason="ResourceCorrupt: the second half is noise")
    sent.reviewed()
    assert problem_of(sent).field == "tracks"
    assert [release.status for release in sent.releases()] == ["rejected"]
    sent.connector().deliver(sent.parcel(revision=2), sent.notes)
    sent.reviewed()
    assert sent.connector().look(sent.notes).stands == "ready"
    assert [(it.status, it.times_received) for it in sent.releases()] == [("ready", 1)]


def test_of_two_the_first_good_one_counts_for_good(sent: World) -> None:
    sent.order("fault", call="twice")
    sent.reviewed()
    assert len(list((sent.inbox / "acknowledgements").iterdir())) == 3
    assert sent.connector().look(sent.notes).stands == "ready"
    write(sent, refused("ResourceCorrupt").replace("2026-11-26", "2026-11-25"), "_0")
    assert sent.connector().look(sent.notes).stands == "ready"


def test_a_malformed_one_is_said_and_a_good_one_after_it_counts(sent: World) -> None:
    sent.order("fault", call="malformed", body="<FtpAcknowledgementMessage")
    sent.reviewed()
    standing = sent.connector().look(sent.notes)
    assert standing.stands == "processing"
    assert "no XML" in problem_of(sent).message
    assert problem_of(sent).code == "ddex_answer_unreadable"
    sent.clock.forward(minutes=61)
    assert sent.connector().look(sent.notes).stands == "action_required"
    assert sent.connector().deliver(sent.parcel(), sent.notes).stands == "processing"
    write(sent, GOOD, "_2")
    assert sent.connector().look(sent.notes).stands == "ready"


def test_a_upc_that_is_written_as_an_ean_is_the_same_release(sent: World) -> None:
    file = write(sent, GOOD.replace(UPC, f"0{UPC}"))
    file.rename(file.with_name(file.name.replace(UPC, f"0{UPC}")))
    assert sent.connector().look(sent.notes).stands == "ready"


def test_one_about_another_release_is_none(sent: World) -> None:
    write(sent, GOOD.replace(UPC, "4006381333931"))
    assert sent.connector().look(sent.notes).stands == "processing"
    assert "another release" in problem_of(sent).message


def test_after_48_hours_of_silence_a_person_is_asked_to_ask(sent: World) -> None:
    sent.order("silence")
    sent.reviewed()
    sent.clock.forward(hours=47)
    assert sent.connector().look(sent.notes).stands == "processing"
    sent.clock.forward(hours=2)
    standing = sent.connector().look(sent.notes)
    assert standing.stands == "action_required"
    assert (problem_of(sent).code, problem_of(sent).kind) == ("store_silent", "setup")
    # Asked for again, it is waited for further, and nothing is sent.
    assert sent.connector().deliver(sent.parcel(), sent.notes).stands == "processing"
    assert len(sent.batches()) == 1
    write(sent, GOOD)
    assert sent.connector().look(sent.notes).stands == "ready"


def test_a_takedown_that_is_refused_says_so(sent: World) -> None:
    sent.reviewed()
    sent.connector().look(sent.notes)
    sent.connector().take_down(sent.parcel(), sent.notes)
    sent.order("reject", reason="InternalError")
    sent.reviewed()
    assert sent.connector().look(sent.notes).stands == "failed"
    assert problem_of(sent).code == "ddex_takedown_refused"
    assert sent.connector().take_down(sent.parcel(), sent.notes).stands == "processing"
    sent.reviewed()
    assert sent.connector().look(sent.notes).stands == "taken_down"


def test_an_address_that_it_names_is_shown_if_it_is_one(sent: World) -> None:
    named = "<FileStatus>FileOK</FileStatus><URL>https://open.spotify.com/album/1</URL>"
    write(sent, GOOD.replace("<FileStatus>FileOK</FileStatus>", named))
    assert sent.connector().look(sent.notes).external_url == "https://open.spotify.com/album/1"


def test_links_folders_and_pipes_among_acknowledgements_are_no_answer(sent: World, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.xml"
    elsewhere.write_text(GOOD)
    file = write(sent, GOOD)
    file.unlink()
    file.symlink_to(elsewhere)
    file.with_name(file.stem + "_2.xml").mkdir()
    import os

    os.mkfifo(file.with_name(file.stem + "_3.xml"))
    assert sent.connector().look(sent.notes).stands == "processing"


def test_a_great_many_files_are_no_trouble(sent: World) -> None:
    folder = write(sent, GOOD).parent
    for number in range(3_000):
        (folder / f"ACK_20250101000000000_{number}.xml").touch()
    assert sent.connector().look(sent.notes).stands == "ready"


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<FtpAcknowledgementMessage><FileStatus>FileOK</FileStatus><ErrorText>&b;</ErrorText>"
    "</FtpAcknowledgementMessage>"
)
THIEF = (
    '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    "<FtpAcknowledgementMessage><FileStatus>FileOK</FileStatus><ErrorText>&a;</ErrorText>"
    "</FtpAcknowledgementMessage>"
)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0",
        b"FileOK",
        b"<FtpAcknowledgementMessage/>",
        b"<Other><FileStatus>FileOK</FileStatus></Other>",
        BOMB.encode(),
        THIEF.encode(),
        b"<FtpAcknowledgementMessage>" + b"<a>" * 100_000,
        b" " * (MOST_BYTES + 1),
    ],
    ids=["empty", "nul", "words", "bare", "other", "bomb", "thief", "deep", "long"],
)
def test_what_is_no_acknowledgement_is_refused_without_repeating_it(content: bytes) -> None:
    with pytest.raises(UnreadableAcknowledgement) as refused:
        read_acknowledgement(content)
    assert "root:" not in str(refused.value)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    reads_or_refuses(content)


@settings(deadline=None)
@given(st.data())
def test_any_change_of_a_good_one_is_read_or_refused(data: st.DataObject) -> None:
    text = GOOD.encode()
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    reads_or_refuses(text[:start] + data.draw(st.binary(max_size=40)) + text[end:])


@settings(deadline=None)
@given(st.text(max_size=2_000))
def test_what_it_says_is_one_short_line(told: str) -> None:
    escaped = told.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    try:
        read = read_acknowledgement(refused("Failed", escaped or "-").encode("utf-8", "replace"))
    except UnreadableAcknowledgement:
        return  # a character that XML cannot hold
    assert len(read.text) <= 500
    assert "\n" not in read.text
    assert read.text.isprintable()


def reads_or_refuses(content: bytes) -> None:
    try:
        read = read_acknowledgement(content)
    except UnreadableAcknowledgement:
        return
    assert isinstance(read, Acknowledgement)
