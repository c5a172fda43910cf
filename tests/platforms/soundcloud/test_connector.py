from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aimusicverse.platforms.base import Connector, DeliveryError, Surroundings
from aimusicverse.platforms.soundcloud import SoundCloud
from aimusicverse.platforms.table import connector, route
from tests.platforms.soundcloud.deliveries import Delivery, around
from tests.release.package_files import sound_file
from tests.sandbox.soundcloud.standin import StandIn, stand_in


def test_it_is_a_connector_by_its_types_and_its_table() -> None:
    made: Connector = connector("soundcloud", None, None, Surroundings())
    itself: Connector = SoundCloud("soundcloud", None, Surroundings())
    found = route("soundcloud")
    assert found is not None
    assert type(made) is type(itself)
    assert (made.kind, made.exactly_once) == (found.kind, found.exactly_once)
    made.close()
    itself.close()


def test_a_track_is_private_until_its_time_and_public_then(store: StandIn, tmp_path: Path) -> None:
    one = Delivery(store, tmp_path)
    delivered = one.deliver()
    assert (delivered.stands, delivered.problem) == ("ready", None)
    assert delivered.external_id == store.releases()[0].external_id
    assert (store.releases()[0].status, store.releases()[0].live_at) == ("ready", None)

    released = one.release()
    assert (released.stands, released.streams) == ("live", 0)
    assert store.releases()[0].status == "live"
    store.move(timedelta(hours=10))
    heard = one.look()
    assert heard.stands == "live"
    assert heard.streams == store.releases()[0].streams > 0
    store.move(timedelta(hours=10))
    assert (one.look().streams or 0) > heard.streams
    assert one.account.refreshed >= 1  # an hour is over: the token was


def test_what_the_store_was_told_is_what_the_release_says(store: StandIn, tmp_path: Path) -> None:
    one = Delivery(
        store,
        tmp_path,
        ending="wav",
        catalog_number="HL-1",
        tracks=1,
        soundcloud={
            "tags": ["ambient", "field recording"],
            "description": "At night.\nOn the quay – ☂",
            "purchase_url": "https://maren.example/shop",
            "licence": "cc-by",
            "embeddable_by": "me",
        },
    )
    one.deliver()
    (record,) = store.state.all("soundcloud", "track").values()
    mark = one.diary.known["soundcloud"]["tracks"][0]["mark"]
    assert record["fields"] == {
        "title": "Ferry 1", "sharing": "private", "license": "cc-by", "embeddable_by": "me",
        "tag_list": f'ambient "field recording" {mark}', "description": "At night.\nOn the quay – ☂",
        "purchase_url": "https://maren.example/shop", "genre": "Ambient", "label_name": "Holt Records",
        "release": "HL-1", "release_date": "2027-01-08", "isrc": "USSKG2600001", "streamable": True,
        "downloadable": False, "commentable": True, "reveal_stats": True, "reveal_comments": True,
    }  # fmt: skip
    facts = one.parcel.files.tracks[0].facts
    assert record["asset"] == {
        "sha256": facts.sha256, "size": facts.size_bytes, "container": "wav", "duration_ms": 500,
    }  # fmt: skip
    cover = one.parcel.files.cover
    assert cover is not None
    assert record["artwork"]["sha256"] == cover.facts.sha256


def test_a_release_of_several_tracks_is_a_playlist_and_all_of_it_opens(
    store: StandIn, tmp_path: Path
) -> None:
    one = Delivery(store, tmp_path, tracks=3)
    delivered = one.deliver()
    (release,) = store.releases()
    assert delivered.external_id == release.external_id
    assert str(delivered.external_id).startswith("soundcloud:playlists:")
    assert (release.title, release.upc, release.status) == ("Harbour Lights", "0036000291452", "ready")
    assert release.isrcs == ("USSKG2600001", "USSKG2600002", "USSKG2600003")
    assert one.release().stands == "live"
    sharing = {one["fields"]["sharing"] for one in store.state.all("soundcloud", "track").values()}
    assert sharing == {"public"}
    assert store.releases()[0].status == "live"


def test_releasing_delivering_and_taking_down_twice_is_no_harm(store: StandIn, tmp_path: Path) -> None:
    one = Delivery(store, tmp_path, tracks=2)
    assert one.deliver().external_id == one.deliver().external_id
    assert one.release().stands == one.release().stands == "live"
    assert one.deliver().stands == "live"  # a retry closes nothing
    assert len(store.releases()) == 1
    assert one.take_down().stands == one.take_down().stands == "taken_down"
    assert store.there() == []


def test_while_it_is_looked_at_it_is_processing(tmp_path: Path) -> None:
    with stand_in(tmp_path / "sandbox", review=timedelta(minutes=5)) as store:
        one = Delivery(store, tmp_path)
        assert one.deliver().stands == "processing"
        assert one.release().stands == "processing"  # its time came first
        store.move(timedelta(minutes=6))
        assert one.look().stands == "live"


def test_a_blocked_track_is_a_rejection(store: StandIn, tmp_path: Path) -> None:
    store.order(what="reject", reason="somebody else's")
    standing = Delivery(store, tmp_path, tracks=2).deliver()
    assert standing.stands == "rejected"
    assert standing.problem is not None
    assert (standing.problem.code, standing.problem.kind) == ("soundcloud_blocked", "policy")
    assert "Track 1" in standing.problem.message


def test_whoever_wants_it_private_gets_it_private(store: StandIn, tmp_path: Path) -> None:
    one = Delivery(store, tmp_path, soundcloud={"sharing": "private"})
    one.deliver()
    assert one.release().stands == "live"
    assert store.releases()[0].live_at is None


def test_withholding_needs_nothing_as_it_is_private(store: StandIn, tmp_path: Path) -> None:
    one = Delivery(store, tmp_path)
    one.deliver()
    before = len(store.exchanges)
    one.connector().withhold(one.diary)
    assert len(store.exchanges) == before


def test_an_edit_is_told_and_not_sent_again(store: StandIn, tmp_path: Path) -> None:
    one = Delivery(store, tmp_path, tracks=2)
    one.deliver()
    one.release()
    edited = one.parcel.release.model_copy(deep=True)
    edited.tracks[0].title = "Ferry One"
    edited.title = "Harbour Lights II"
    one.parcel = replace(one.parcel, revision=2, release=edited)
    assert one.deliver().stands == "live"
    assert len(store.asked("POST", "/tracks")) == 2
    assert [one.title for one in store.releases()] == ["Harbour Lights II"]
    titles = [record["fields"]["title"] for record in store.state.all("soundcloud", "track").values()]
    assert titles == ["Ferry One", "Ferry 2"]


def test_another_master_replaces_the_track_and_a_dropped_one_goes(store: StandIn, tmp_path: Path) -> None:
    one = Delivery(store, tmp_path, tracks=3)
    one.deliver()
    edited = one.parcel.release.model_copy(deep=True)
    del edited.tracks[2]
    files = one.parcel.files
    new = sound_file(tmp_path / "new.flac", pitch=700.0)
    files = replace(files, tracks=(files.tracks[0], new))
    one.parcel = replace(one.parcel, revision=2, release=edited, files=files)
    one.deliver()
    there = [one for one in store.state.all("soundcloud", "track").values() if not one["deleted_at"]]
    assert [record["asset"]["sha256"] for record in there] == [file.facts.sha256 for file in files.tracks]
    (playlist,) = store.state.all("soundcloud", "playlist").values()
    assert playlist["tracks"] == [record["urn"] for record in there]


def test_a_track_that_somebody_deleted_there_is_told_and_sent_anew_when_asked(
    store: StandIn, tmp_path: Path
) -> None:
    one = Delivery(store, tmp_path, tracks=2)
    one.deliver()
    urn = one.diary.known["soundcloud"]["tracks"][1]["urn"]
    connector = one.connector()
    connector._api.delete("tracks", urn)
    connector.close()
    gone = one.look()
    assert gone.stands == "taken_down"
    assert gone.problem is not None
    assert (gone.problem.code, "Track 2" in gone.problem.message) == ("soundcloud_gone", True)
    with pytest.raises(DeliveryError) as raised:
        one.release()
    assert raised.value.problem.code == "soundcloud_gone"
    assert one.deliver().stands == "ready"
    assert [one.status for one in store.there()] == ["ready"]


def test_two_tracks_of_the_same_sound_are_two(store: StandIn, tmp_path: Path) -> None:
    one = Delivery(store, tmp_path, tracks=2)
    files = one.parcel.files
    one.parcel = replace(one.parcel, files=replace(files, tracks=(files.tracks[0], files.tracks[0])))
    one.deliver()
    assert len({one.diary.known["soundcloud"]["tracks"][n]["urn"] for n in (0, 1)}) == 2


def test_without_an_account_it_says_so(store: StandIn, tmp_path: Path) -> None:
    one = Delivery(store, tmp_path)
    connector = SoundCloud("soundcloud", None, around(store))
    with pytest.raises(DeliveryError) as raised:
        connector.deliver(one.parcel, one.diary)
    connector.close()
    assert (raised.value.problem.code, raised.value.problem.kind) == ("account_missing", "auth")


def test_nothing_is_looked_for_where_nothing_was_delivered(store: StandIn, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError) as raised:
        Delivery(store, tmp_path).look()
    assert raised.value.problem.code == "soundcloud_nothing_there"


def test_a_package_for_a_person_needs_no_network(store: StandIn, tmp_path: Path) -> None:
    one = Delivery(store, tmp_path, tracks=2, title="Häfen <1>")
    one.parcel = replace(one.parcel, release_at=datetime(2027, 1, 8, tzinfo=UTC))
    into = tmp_path / "package"
    into.mkdir()
    connector = SoundCloud("soundcloud", None, Surroundings())
    connector.package(one.parcel, into)
    connector.close()
    names = sorted(path.name for path in into.iterdir())
    assert names == ["01 Ferry 1.flac", "02 Ferry 2.flac", "cover.jpg", "fields.json", "how to upload.txt"]
    fields = json.loads((into / "fields.json").read_text())
    assert (fields["mode"], fields["tracks"][1]["isrc"]) == ("sandbox", "USSKG2600002")
    assert "amv:posting" not in (into / "fields.json").read_text()
    steps = (into / "how to upload.txt").read_text()
    assert "until 2027-01-08 00:00 UTC" in steps
    assert "sandbox" in steps


def test_a_file_that_changed_meanwhile_is_not_sent_as_what_it_was(store: StandIn, tmp_path: Path) -> None:
    one = Delivery(store, tmp_path)
    path = one.parcel.files.tracks[0].path
    whole = path.read_bytes()
    for other in (whole[:-5000], whole + b"more"):
        path.write_bytes(other)
        with pytest.raises(DeliveryError) as raised:
            one.deliver()
        problem = raised.value.problem
        assert (problem.code, problem.field) == ("soundcloud_file_changed", "tracks[0].file")
    path.unlink()
    with pytest.raises(DeliveryError) as raised:
        one.deliver()
    assert raised.value.problem.code == "soundcloud_file_changed"
    assert store.releases() == []
    path.write_bytes(whole)
    assert one.deliver().stands == "ready"
    assert len(store.releases()) == 1


def test_names_of_files_are_never_sent(store: StandIn, tmp_path: Path) -> None:
    one = Delivery(store, tmp_path)
    odd = tmp_path / "Frühling ☂.flac"
    file = replace(one.parcel.files.tracks[0], path=one.parcel.files.tracks[0].path.rename(odd))
    one.parcel = replace(one.parcel, files=replace(one.parcel.files, tracks=(file,)))
    assert one.deliver().stands == "ready"
    assert b'filename="track.flac"' in store.asked("POST", "/tracks")[0].body


def test_a_title_with_brackets_is_found_again_though_the_store_blanks_them(
    store: StandIn, tmp_path: Path
) -> None:
    one = Delivery(store, tmp_path, tracks=1)
    one.parcel.release.tracks[0].title = "<Ferry>"
    store.order(what="fault", call="upload", status=0, after_bytes=10**9)
    one.until_delivered()
    assert [one.title for one in store.releases()] == [" Ferry "]
