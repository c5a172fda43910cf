"""Deliveries to the stand-in of Apple Music: there is one release, whatever happens."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aimusicverse.platforms.base import DeliveryError
from tests.platforms.apple_music.delivering import UPC, Apple, Connected, Killed
from tests.release.sound_releases import ALBUM


def test_a_release_is_taken_reviewed_and_live_on_its_day(apple: Apple) -> None:
    journal, connector = apple.journal(), apple.connector()
    assert connector.deliver(apple.parcel(), journal).stands == "processing"
    apple.advance()
    assert connector.look(journal).stands == "processing"
    apple.advance(seconds=20)
    standing = connector.look(journal)
    assert (standing.stands, standing.external_id) == ("ready", UPC)
    apple.clock.at = datetime(2027, 1, 8, tzinfo=UTC)
    apple.advance()
    assert connector.release(journal).stands == "live"
    apple.advance(days=3)
    assert (connector.look(journal).streams or 0) > 0
    one = apple.the_one()
    assert (one.title, one.upc, one.isrcs) == ("Paper Lanterns", UPC, ("USSKG2600001",))
    assert (one.account, one.times_received, one.status) == ("Sandbox", 1, "live")


def test_an_album_comes_with_all_its_tracks(apple: Apple) -> None:
    journal = apple.journal()
    apple.connector().deliver(apple.parcel(of=ALBUM), journal)
    apple.review()
    assert apple.connector().look(journal).stands == "ready"
    assert len(apple.the_one().isrcs) == 7
    assert journal.parts == sorted(journal.parts)
    assert max(journal.parts) <= 1


def test_what_is_to_come_out_at_once_is_live_after_its_review(apple: Apple) -> None:
    journal, connector = apple.journal(), apple.connector()
    parcel = apple.parcel({"release_at": None}, release_at=None)
    connector.deliver(parcel, journal)
    apple.review()
    assert connector.look(journal).stands == "live"


def test_killed_at_any_step_and_begun_again_there_is_one_release(tmp_path: Path) -> None:
    kills = 0
    for after_writing in (False, True):
        for kill_at in range(1, 100):
            apple = Apple(_new(tmp_path / f"{after_writing}-{kill_at}"))
            journal = apple.journal()
            journal.again(kill_at, after_writing=after_writing)
            try:
                apple.connector().deliver(apple.parcel(), journal)
                break
            except Killed:
                kills += 1
            if kill_at % 2:
                apple.advance()  # the store may be quicker than who begins again
            journal.again()
            apple.connector().deliver(apple.parcel(), journal)
            apple.review()
            assert apple.connector().look(journal).stands == "ready"
            one = apple.the_one()
            assert (one.status, one.times_received) == ("ready", 1)
            assert not list(apple.folder.glob("sandbox/apple/inbox/*/.unfinished-*"))
    assert kills >= 4


def test_killed_twice_in_a_row_there_is_one_release(apple: Apple) -> None:
    journal = apple.journal()
    for kill_at in (3, 1):
        journal.again(kill_at, after_writing=True)
        with pytest.raises(Killed):
            apple.connector().deliver(apple.parcel(), journal)
    journal.again()
    apple.connector().deliver(apple.parcel(), journal)
    apple.review()
    assert apple.the_one().times_received == 1


def test_delivering_what_is_there_sends_nothing(apple: Apple) -> None:
    journal = apple.journal()
    for _ in range(3):
        apple.connector().deliver(apple.parcel(), journal)
        apple.review()
    assert apple.the_one().times_received == 1


def test_an_edit_is_an_update_of_the_same_release(apple: Apple) -> None:
    journal, connector = apple.journal(), apple.connector()
    connector.deliver(apple.parcel(), journal)
    apple.review()
    standing = connector.deliver(apple.parcel({"title": "Paper Lanterns II"}, revision=2), journal)
    assert standing.stands == "processing"
    apple.advance(seconds=1)
    assert connector.look(journal).stands == "ready"
    assert (apple.the_one().title, apple.the_one().times_received) == ("Paper Lanterns II", 2)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"upc": "4006381333931"}, "vendor_id"),
        ({"upc": "4006381333931", "vendor_id": UPC}, "upc"),
        ({"tracks[0].isrc": "USSKG2600009"}, "tracks[0].isrc"),
    ],
)
def test_what_apple_knows_a_release_by_never_changes(
    apple: Apple, changes: dict[str, str], field: str
) -> None:
    journal, connector = apple.journal(), apple.connector()
    connector.deliver(apple.parcel(), journal)
    apple.review()
    connector.look(journal)
    with pytest.raises(DeliveryError) as refused:
        connector.deliver(apple.parcel(changes, revision=2), journal)
    problem = refused.value.problem
    assert (problem.code, problem.kind, problem.field) == ("identifiers_are_fixed", "metadata", field)
    apple.advance()
    assert apple.the_one().times_received == 1


def test_a_track_more_is_another_release(apple: Apple) -> None:
    journal, connector = apple.journal(), apple.connector()
    connector.deliver(apple.parcel(), journal)
    with pytest.raises(DeliveryError) as refused:
        connector.deliver(apple.parcel(of=ALBUM, revision=2), journal)
    assert refused.value.problem.field == "tracks"


def test_another_release_under_the_same_vendor_id_is_refused_by_the_store(apple: Apple) -> None:
    apple.connector().deliver(apple.parcel(), apple.journal())
    apple.review()
    other = apple.journal()
    apple.connector().deliver(apple.parcel({"tracks[0].isrc": "USSKG2600009"}, name="dst_2"), other)
    apple.advance()
    standing = apple.connector().look(other)
    assert standing.stands == "failed"
    assert standing.problem is not None
    assert standing.problem.code == "apple_package_not_valid"
    assert "never change" in standing.problem.message
    assert apple.the_one().isrcs == ("USSKG2600001",)
    # The store has never taken it, so it may be mended.
    apple.connector().deliver(
        apple.parcel({"upc": "4006381333931", "tracks[0].isrc": "USSKG2600009"}, name="dst_2"), other
    )
    apple.review()
    assert apple.connector().look(other).stands == "ready"
    assert len(apple.releases()) == 2


def test_a_rejection_says_why_and_an_edit_is_looked_at_anew(apple: Apple) -> None:
    apple.order("reject", reason="The cover shows a price.")
    journal, connector = apple.journal(), apple.connector()
    connector.deliver(apple.parcel(), journal)
    apple.advance()
    assert connector.look(journal).stands == "processing"
    apple.advance(seconds=21)
    standing = connector.look(journal)
    assert standing.stands == "rejected"
    assert standing.problem is not None
    assert (standing.problem.code, standing.problem.kind) == ("store_rejected", "policy")
    assert "The cover shows a price." in standing.problem.message
    again = connector.deliver(apple.parcel({"title": "Lanterns"}, revision=2), journal)
    assert again.stands == "processing"
    apple.advance()
    assert connector.look(journal).stands == "processing"
    apple.advance(seconds=21)
    assert connector.look(journal).stands == "ready"
    assert apple.the_one().times_received == 2


def test_a_slow_review_is_waited_for(apple: Apple) -> None:
    apple.order("delay", seconds=3600)
    journal, connector = apple.journal(), apple.connector()
    connector.deliver(apple.parcel(), journal)
    apple.advance()
    apple.advance(seconds=3600)
    assert connector.look(journal).stands == "processing"
    apple.advance(seconds=21)
    assert connector.look(journal).stands == "ready"


def test_after_five_days_of_silence_a_person_has_to_look(apple: Apple) -> None:
    apple.order("silence")
    journal, connector = apple.journal(), apple.connector()
    connector.deliver(apple.parcel(), journal)
    apple.advance(days=5)
    assert connector.look(journal).stands == "processing"
    apple.advance(seconds=1)
    standing = connector.look(journal)
    assert standing.stands == "action_required"
    assert standing.problem is not None
    assert standing.problem.code == "apple_review_unknown"


def test_a_status_that_cannot_be_read_passes_by_itself(apple: Apple) -> None:
    journal, connector = apple.journal(), apple.connector()
    connector.deliver(apple.parcel(), journal)
    apple.order("fault", call="look", body="<itunes_transporter><upload_status")
    apple.advance(seconds=21)
    apple.advance(seconds=21)
    assert connector.look(journal).stands == "ready"
    apple.order("fault", call="look", body="<itunes_transporter><upload_status")
    apple.advance()
    with pytest.raises(DeliveryError) as failed:
        connector.look(journal)
    assert (failed.value.problem.code, failed.value.problem.kind) == ("store_incomprehensible", "transient")
    apple.advance()
    assert connector.look(journal).stands == "ready"


def test_taken_down_it_is_in_no_store_and_can_come_back(apple: Apple) -> None:
    journal, connector = apple.journal(), apple.connector()
    connector.deliver(apple.parcel(), journal)
    apple.advance(days=60)
    apple.advance(seconds=21)
    assert connector.look(journal).stands == "live"
    for _ in range(2):
        connector.take_down(apple.parcel(), journal)
        apple.advance(seconds=1)
        assert connector.look(journal).stands == "taken_down"
        assert apple.the_one().status == "taken_down"
    heard = apple.the_one().streams
    apple.advance(days=1)
    assert apple.the_one().streams == heard
    assert connector.deliver(apple.parcel(), journal).stands == "processing"
    apple.advance(seconds=1)
    apple.advance(seconds=21)
    assert connector.look(journal).stands == "live"
    assert len(apple.releases()) == 1


def test_taking_down_what_was_never_sent_sends_nothing(apple: Apple) -> None:
    assert apple.connector().take_down(apple.parcel(), apple.journal()).stands == "taken_down"
    apple.advance()
    assert apple.releases() == []


def test_taking_down_what_may_have_been_sent_takes_it_down(apple: Apple) -> None:
    journal = apple.journal()
    journal.again(2, after_writing=True)
    with pytest.raises(Killed):
        apple.connector().deliver(apple.parcel(), journal)
    journal.again()
    apple.connector().take_down(apple.parcel(), journal)
    apple.advance()
    assert apple.connector().look(journal).stands == "taken_down"


def test_two_deliveries_of_one_release_at_once_make_one(apple: Apple) -> None:
    journals = [apple.journal(), apple.journal()]
    parcels = [apple.parcel(name=f"dst_{number}") for number in range(2)]
    threads = [
        threading.Thread(target=apple.connector().deliver, args=(parcel, journal))
        for parcel, journal in zip(parcels, journals, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    apple.review()
    assert [apple.connector().look(journal).stands for journal in journals] == ["ready", "ready"]
    assert (apple.the_one().times_received, apple.the_one().title) == (2, "Paper Lanterns")


def test_apple_keeps_the_date_that_it_was_told(apple: Apple) -> None:
    with pytest.raises(DeliveryError) as refused:
        apple.connector().withhold(apple.journal())
    assert (refused.value.problem.code, refused.value.problem.kind) == ("date_is_with_the_store", "setup")


def test_what_is_missing_is_named(apple: Apple) -> None:
    with pytest.raises(DeliveryError) as refused:
        apple.connector().deliver(apple.parcel({"label": None, "tracks[0].isrc": None}), apple.journal())
    problem = refused.value.problem
    assert (problem.code, problem.kind, problem.field) == ("package_failed", "metadata", "label")
    assert "tracks[0].isrc" in problem.message
    apple.advance()
    assert apple.releases() == []


def test_the_package_needs_no_network_and_no_journal(apple: Apple) -> None:
    into = apple.folder / "package"
    into.mkdir()
    apple.connector(Connected({"provider": "Lanterns"})).package(apple.parcel(), into)
    assert [path.name for path in into.iterdir()] == [f"{UPC}.itmsp"]
    assert b"<provider>Lanterns</provider>" in (into / f"{UPC}.itmsp" / "metadata.xml").read_bytes()


def test_the_day_is_that_of_the_zone_in_which_it_comes_out(apple: Apple) -> None:
    moment = datetime(2026, 12, 3, 15, tzinfo=UTC)
    journal = apple.journal()
    parcel = apple.parcel({"release_at": None, "time_zone": "Asia/Tokyo"}, release_at=moment)
    apple.connector().deliver(parcel, journal)
    metadata = next((apple.folder / "sandbox/apple/inbox").glob("*/*/metadata.xml")).read_bytes()
    assert b"<sales_start_date>2026-12-04</sales_start_date>" in metadata
    apple.clock.at = moment - timedelta(seconds=22)
    apple.review()
    assert apple.the_one().status == "live"  # it is the fourth in Kiribati
    assert apple.connector().look(journal).stands == "ready"
    apple.advance(seconds=1)
    assert apple.connector().release(journal).stands == "live"


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder
