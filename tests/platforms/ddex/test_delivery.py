"""A release goes into the sandbox's inbox, and its whole way through: once, whatever happens."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aimusicverse.platforms.base import DeliveryError
from aimusicverse.platforms.ddex import Ddex
from aimusicverse.release.ern.reading import read, text_of
from aimusicverse.release.release_files import ReleaseFiles
from tests.platforms.ddex.setting import OUT, UPC, Notes, World
from tests.release.ern.schemas import complaints
from tests.release.package_files import release_files


def message(world: World, batch: int = -1) -> bytes:
    return (world.inbox / world.batches()[batch] / UPC / f"{UPC}.xml").read_bytes()


@pytest.mark.parametrize("platform", ["spotify", "ddex", "ddex_43"])
def test_a_release_is_ready_once_it_is_acknowledged_and_live_on_its_day(
    tmp_path: Path, platform: str
) -> None:
    world = World(tmp_path, platform)
    with_connector = world.connector()
    standing = with_connector.deliver(world.parcel(), world.notes)
    assert (standing.stands, standing.external_id) == ("processing", UPC)
    assert with_connector.look(world.notes).stands == "processing"
    world.reviewed()
    assert with_connector.look(world.notes).stands == "ready"
    world.clock.at = OUT
    world.advance()
    out = with_connector.release(world.notes)
    assert (out.stands, out.external_url) == ("live", None)
    world.clock.forward(days=2)
    world.advance()
    heard = with_connector.look(world.notes).streams
    assert heard is not None
    assert heard > 0
    [release] = world.releases()
    assert (release.store, release.status, release.times_received) == (platform, "live", 1)
    assert (release.live_at, release.streams, release.title) == (OUT, heard, "Paper Lanterns")
    world.close()


def test_what_is_asked_for_at_once_is_live_when_it_is_acknowledged(world: World) -> None:
    connector = world.connector()
    connector.deliver(world.parcel(release_at=None), world.notes)
    world.reviewed()
    assert connector.look(world.notes).stands == "live"


def test_the_batch_is_as_spotify_and_ddex_ask(world: World) -> None:
    world.connector().deliver(world.parcel(), world.notes)
    [name] = world.batches()
    batch = world.inbox / name
    assert len(name) == 17
    there = sorted(str(path.relative_to(batch)) for path in batch.rglob("*") if path.is_file())
    assert there == [
        f"{UPC}/{UPC}.xml",
        f"{UPC}/resources/A1.flac",
        f"{UPC}/resources/cover.jpg",
        f"BatchComplete_{name}.xml",
    ]
    assert (batch / f"BatchComplete_{name}.xml").stat().st_size > 0
    assert complaints(message(world), "4.3.2") == []


def test_the_deals_begin_at_the_moment_that_was_asked_for(world: World) -> None:
    at = OUT + timedelta(hours=30)
    world.connector().deliver(world.parcel(release_at=at), world.notes)
    begins = read(message(world)).root.findall(".//ValidityPeriod/StartDateTime")
    assert {text_of(it) for it in begins} == {at.isoformat()}


def test_the_name_of_the_batch_is_noted_before_anything_is_sent(world: World) -> None:
    class Stopping(Notes):
        def write(self, **notes: object) -> None:
            super().write(**notes)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        world.connector().deliver(world.parcel(), Stopping(world.folder / "journal.json", world.clock))
    assert world.batches() == []
    noted = world.notes.known["plan"]
    world.clock.forward(hours=5)
    world.connector().deliver(world.parcel(), world.notes)
    assert world.notes.known["plan"] == noted
    assert text_of(read(message(world)).root.find("MessageHeader/MessageId")) == noted["message_id"]


def test_a_delivery_that_is_asked_for_again_sends_nothing_again(world: World) -> None:
    connector = world.connector()
    for _ in range(3):
        connector.deliver(world.parcel(), world.notes)
        world.clock.forward(minutes=1)
    world.reviewed()
    connector.deliver(world.parcel(), world.notes)
    assert len(world.batches()) == 1
    assert [release.times_received for release in world.releases()] == [1]


def test_two_deliveries_of_the_same_moment_have_batches_of_their_own(world: World) -> None:
    world.connector().deliver(world.parcel(), world.notes)
    other = Notes(world.folder / "other.json", world.clock)
    world.connector().deliver(world.parcel(distribution="dst_2", upc="4006381333931"), other)
    world.reviewed()
    assert len(world.batches()) == 2
    assert sorted((it.upc, it.times_received) for it in world.releases()) == [(UPC, 1), ("4006381333931", 1)]
    assert world.connector().look(other).stands == "ready"


def test_a_change_is_an_update_of_the_same_release_without_files_it_has(world: World) -> None:
    connector = world.connector()
    connector.deliver(world.parcel(), world.notes)
    world.reviewed()
    connector.look(world.notes)
    connector.deliver(world.parcel(revision=2, title="Paper Lanterns II"), world.notes)
    first, second = read(message(world, 0)).root, read(message(world, 1)).root
    thread, ident = "MessageHeader/MessageThreadId", "MessageHeader/MessageId"
    assert text_of(first.find(thread)) == text_of(second.find(thread))
    assert text_of(first.find(ident)) != text_of(second.find(ident))
    assert second.find(".//File") is None
    assert not (world.inbox / world.batches()[1] / UPC / "resources").exists()
    world.reviewed()
    assert connector.look(world.notes).stands == "ready"
    [release] = world.releases()
    assert (release.title, release.times_received) == ("Paper Lanterns II", 2)


def test_a_new_master_comes_along_with_the_update(world: World) -> None:
    connector = world.connector()
    connector.deliver(world.parcel(), world.notes)
    world.reviewed()
    connector.look(world.notes)
    world.files = release_files(world.folder / "remastered", ending="wav")
    connector.deliver(world.parcel(revision=2), world.notes)
    assert (world.inbox / world.batches()[1] / UPC / "resources" / "A1.wav").is_file()


def test_an_update_of_what_nobody_has_answered_brings_its_files_again(world: World) -> None:
    connector = world.connector()
    connector.deliver(world.parcel(), world.notes)
    connector.deliver(world.parcel(revision=2), world.notes)
    assert (world.inbox / world.batches()[1] / UPC / "resources" / "A1.flac").is_file()
    assert world.batches()[0] < world.batches()[1]


def test_what_the_store_has_keeps_its_upc(world: World) -> None:
    connector = world.connector()
    connector.deliver(world.parcel(), world.notes)
    world.reviewed()
    connector.look(world.notes)
    with pytest.raises(DeliveryError) as refused:
        connector.deliver(world.parcel(revision=2, upc="4006381333931"), world.notes)
    assert (refused.value.problem.code, refused.value.problem.field) == ("identifiers_are_fixed", "upc")
    assert len(world.batches()) == 1


def test_a_takedown_ends_the_deals_and_is_over_when_it_is_acknowledged(world: World) -> None:
    connector = world.connector()
    connector.deliver(world.parcel(release_at=None), world.notes)
    world.reviewed()
    assert connector.look(world.notes).stands == "live"
    assert connector.take_down(world.parcel(), world.notes).stands == "processing"
    assert connector.take_down(world.parcel(), world.notes).stands == "processing"
    world.reviewed()
    assert connector.look(world.notes).stands == "taken_down"
    assert connector.take_down(world.parcel(), world.notes).stands == "taken_down"
    assert len(world.batches()) == 2
    assert [release.status for release in world.releases()] == ["taken_down"]


def test_what_was_taken_down_can_come_again(world: World) -> None:
    connector = world.connector()
    for step in (connector.deliver, connector.take_down, connector.deliver):
        step(world.parcel(release_at=None), world.notes)
        world.reviewed()
        connector.look(world.notes)
    assert [release.status for release in world.releases()] == ["live"]


def test_a_takedown_needs_no_sound(world: World) -> None:
    connector = world.connector()
    connector.deliver(world.parcel(), world.notes)
    parcel = replace(world.parcel(**{"tracks[0].duration_seconds": None}), files=ReleaseFiles(()))
    connector.take_down(parcel, world.notes)
    world.reviewed()
    assert connector.look(world.notes).stands == "taken_down"


def test_a_takedown_of_what_never_was_complete_sends_nothing(world: World) -> None:
    assert world.connector().take_down(world.parcel(), world.notes).stands == "taken_down"
    assert world.batches() == []


def test_what_stands_ready_cannot_be_withheld_and_says_so(world: World) -> None:
    connector = world.connector()
    connector.withhold(world.notes)
    connector.deliver(world.parcel(), world.notes)
    with pytest.raises(DeliveryError) as refused:
        connector.withhold(world.notes)
    assert refused.value.problem.code == "date_is_with_the_store"


def test_what_is_missing_is_said_with_its_field_and_nothing_is_sent(world: World) -> None:
    with pytest.raises(DeliveryError) as refused:
        world.connector().deliver(world.parcel(label=None), world.notes)
    problem = refused.value.problem
    assert (problem.code, problem.kind, problem.field) == ("package_failed", "metadata", "label")
    assert world.batches() == []


def test_a_master_that_changes_meanwhile_is_not_sent(world: World) -> None:
    parcel = world.parcel()
    world.files.tracks[0].path.write_bytes(b"something else")
    with pytest.raises(DeliveryError) as refused:
        world.connector().deliver(parcel, world.notes)
    assert refused.value.problem.code == "package_failed"
    world.reviewed()
    assert world.releases() == []


def test_the_sandbox_needs_no_account_and_no_party_ids(world: World) -> None:
    world.connector().deliver(world.parcel(sender_dpid=None, recipient_dpid=None), world.notes)
    world.reviewed()
    assert world.connector().look(world.notes).stands == "ready"


def test_messages_of_the_sandbox_are_tests_whatever_the_release_says(world: World) -> None:
    world.connector().deliver(world.parcel(live_message=True), world.notes)
    assert text_of(read(message(world)).root.find("MessageHeader/MessageControlType")) == "TestMessage"


def test_a_package_for_a_person_is_written_without_any_network(world: World, tmp_path: Path) -> None:
    into = tmp_path / "package"
    into.mkdir()
    world.connector().package(world.parcel(), into)
    [batch] = into.iterdir()
    assert (batch / UPC / "resources" / "A1.flac").is_file()
    assert (batch / f"BatchComplete_{batch.name}.xml").is_file()


def test_other_platforms_are_none_of_it(world: World) -> None:
    with pytest.raises(LookupError):
        Ddex("soundcloud", None, world.around)


def test_a_disk_that_is_full_is_said_and_tried_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("there is no /dev/full on this system")
    import os

    real_open = os.open

    def opening(path: object, flags: int, *rest: int) -> int:
        if str(path).endswith(".A1.flac.part"):
            return real_open(full, os.O_WRONLY)
        return real_open(path, flags, *rest)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", opening)
        with pytest.raises(DeliveryError) as failed:
            world.connector().deliver(world.parcel(), world.notes)
    assert (failed.value.problem.code, failed.value.problem.kind) == ("disk_full", "transient")
    world.connector().deliver(world.parcel(), world.notes)
    world.reviewed()
    assert [release.times_received for release in world.releases()] == [1]
    assert len(world.batches()) == 1


def test_a_link_in_the_inbox_leads_nowhere(world: World, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    plan_made = Notes(world.folder / "probe.json", world.clock)
    world.connector().deliver(world.parcel(distribution="probe"), plan_made)
    batch = world.inbox / world.batches()[0]
    world.notes.write(plan={**plan_made.known["plan"]}, claimed=batch.name)
    import shutil

    shutil.rmtree(batch)
    batch.symlink_to(elsewhere)
    with pytest.raises(DeliveryError) as refused:
        world.connector().deliver(world.parcel(), world.notes)
    assert refused.value.problem.code == "ddex_folder_refused"
    assert list(elsewhere.iterdir()) == []


def test_progress_is_told_and_what_it_raises_ends_the_work(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aimusicverse.platforms.ddex.place._BEAT", 0.0)

    class Cancelled(Exception):
        pass

    class Stopped(Notes):
        def progress(self, part: float) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        world.connector().deliver(world.parcel(), Stopped(world.folder / "journal.json", world.clock))
    world.connector().deliver(world.parcel(), world.notes)
    assert world.notes.parts == sorted(world.notes.parts)
    assert world.notes.parts[-1] == 1.0
