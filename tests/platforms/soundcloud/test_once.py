"""Whatever is interrupted, and wherever: SoundCloud has the release once."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from pathlib import Path

import pytest

from aimusicverse.platforms import store_addresses
from aimusicverse.platforms.base import DeliveryError
from aimusicverse.sandbox.soundcloud import library
from tests.platforms.soundcloud.deliveries import Delivery, Killed
from tests.sandbox.soundcloud.standin import StandIn

#: More than any upload of these tests: all was done, and only the answer is lost.
ALL = 10**9


def test_killed_at_any_note_before_or_after_it_there_is_one_release(store: StandIn, tmp_path: Path) -> None:
    whole = Delivery(store, tmp_path / "whole", tracks=2)
    whole.deliver()
    whole.take_down()
    notes = len(whole.diary.pages)
    assert notes > 8
    for after in (False, True):
        for number in range(notes - 1):
            one = whole.another()
            one.diary.kill_at, one.diary.after = number, after
            standing, _ = one.until_delivered()
            assert standing.stands == "ready"
            one.diary.kill_at = None
            assert one.release().stands == "live"
            (release,) = store.there()
            assert (release.external_id, len(release.isrcs)) == (standing.external_id, 2)
            one.take_down()
            assert store.there() == []


def test_killed_at_any_call_before_or_after_it_there_is_one_release(store: StandIn, tmp_path: Path) -> None:
    whole = Delivery(store, tmp_path / "whole", tracks=2)
    whole.deliver()
    calls = whole.calls
    whole.release()
    whole.take_down()
    assert calls >= 6
    for after in (False, True):
        for number in range(1, whole.calls + 1):
            one = whole.another()
            one.kill_at_call, one.kill_after_call = number, after
            one.until_delivered()
            for _ in range(2):
                with contextlib.suppress(Killed):
                    assert one.release().stands == "live"
            (release,) = store.there()
            assert (release.status, len(release.isrcs)) == ("live", 2)
            for _ in range(2):
                with contextlib.suppress(Killed):
                    assert one.take_down().stands == "taken_down"
            assert store.there() == []


@pytest.mark.parametrize("step", ["release", "take_down"])
def test_killed_while_it_is_released_or_taken_down_it_is_gone_on_with(
    store: StandIn, tmp_path: Path, step: str
) -> None:
    one = Delivery(store, tmp_path, tracks=2)
    one.deliver()
    for ahead in range(3):
        for after in (False, True):
            one.diary.kill_at, one.diary.after = len(one.diary.pages) + ahead, after
            try:
                getattr(one, step)()
            except Killed:
                one.diary.kill_at = None
    one.diary.kill_at = None
    assert getattr(one, step)().stands == ("live" if step == "release" else "taken_down")
    assert len(store.there()) == (1 if step == "release" else 0)


@pytest.mark.parametrize(
    ("fault", "uploads"),
    [
        ({"status": 0, "after_bytes": ALL}, 1),  # the answer is lost
        ({"status": 502, "after_bytes": ALL}, 1),
        ({"status": 500, "after_bytes": ALL, "body": "<html>"}, 1),
        ({"status": 0, "after_bytes": 20_000}, 2),  # half an upload
        ({"status": 0}, 2),  # hung up at once
        ({"status": 503, "headers": {"Retry-After": "7"}}, 2),
        ({"status": 429, "headers": {"Retry-After": "30"}}, 2),
        ({"status": 429, "after_bytes": 10_000}, 2),
    ],
)
def test_a_broken_upload_ends_as_one_track(
    store: StandIn, tmp_path: Path, fault: dict[str, object], uploads: int
) -> None:
    store.order(what="fault", call="upload", **fault)
    one = Delivery(store, tmp_path, ending="wav")
    standing, errors = one.until_delivered()
    assert standing.stands == "ready"
    assert len(store.releases()) == 1
    assert len(store.asked("POST", "/tracks")) == uploads
    assert len(errors) == uploads - 1
    waited = {"7": 7, "30": 30}.get(str((fault.get("headers") or {}).get("Retry-After")))  # type: ignore[attr-defined]
    if waited:
        assert errors[0].retry_after == timedelta(seconds=waited)


def test_an_upload_whose_answer_takes_too_long_is_looked_for(store: StandIn, tmp_path: Path) -> None:
    """Nobody waits for ever, and nothing is sent twice."""
    one = Delivery(store, tmp_path)
    store.order(what="fault", call="upload", status=504, seconds=3.0, after_bytes=ALL)
    assert one.deliver(read_seconds=1.0).stands == "ready"
    assert len(store.releases()) == len(store.asked("POST", "/tracks")) == 1


def test_a_store_has_time_to_list_an_upload_before_it_is_sent_again(
    store: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_addresses, "_SETTLES_IN_THE_SANDBOX", timedelta(minutes=20))
    one = Delivery(store, tmp_path)
    one.deliver()
    one.take_down()
    length = int(store.asked("POST", "/tracks")[0].headers["content-length"])
    # It has everything, and does nothing with it.
    store.order(what="fault", call="upload", status=0, after_bytes=length - 1)
    for _ in range(2):
        with pytest.raises(DeliveryError) as raised:
            one.deliver()
        assert (raised.value.problem.code, raised.value.problem.kind) == ("soundcloud_checking", "transient")
        wait = raised.value.retry_after
        assert wait is not None
        assert timedelta() < wait <= timedelta(minutes=20)
    assert len(store.asked("POST", "/tracks")) == 2
    store.move(timedelta(minutes=20))
    assert one.deliver().stands == "ready"
    assert len(store.there()) == 1


def test_a_lost_answer_and_a_store_that_is_down_when_it_is_asked(store: StandIn, tmp_path: Path) -> None:
    store.order(what="fault", call="upload", status=0, after_bytes=ALL)
    store.order(what="fault", call="look", status=503, times=2)
    one = Delivery(store, tmp_path)
    standing, errors = one.until_delivered()
    assert (standing.stands, len(errors)) == ("ready", 2)
    assert len(store.releases()) == len(store.asked("POST", "/tracks")) == 1


def test_it_is_found_on_any_page(store: StandIn, tmp_path: Path) -> None:
    store.order(what="fault", call="upload", status=0, after_bytes=ALL)
    store.order(what="fault", call="look", status=503)
    one = Delivery(store, tmp_path)
    with pytest.raises(DeliveryError):
        one.deliver()
    records = store.state.all("soundcloud", "track")
    (record,) = records.values()
    with store.state.writing() as connection:
        for _ in range(120):
            library.new_track(
                connection, store.surroundings, record["account"], {"title": "Another"}, record["asset"]
            )
    assert one.deliver().external_id == record["urn"]
    assert len(store.asked("POST", "/tracks")) == 1
    assert len(store.asked("GET", "/me/tracks")) == 1 + 3


def test_a_track_alike_without_our_mark_is_never_taken_for_ours(store: StandIn, tmp_path: Path) -> None:
    """A store that does not give tags back: then a person is asked, before anything is sent twice."""
    store.order(what="fault", call="upload", status=0, after_bytes=ALL)
    store.order(what="fault", call="look", status=503)
    one = Delivery(store, tmp_path)
    with pytest.raises(DeliveryError):
        one.deliver()
    (record,) = store.state.all("soundcloud", "track").values()
    with store.state.writing() as connection:
        library.changed(connection, "track", record, {"tag_list": ""}, store.now)
    store.move(timedelta(minutes=5))
    for _ in range(2):
        with pytest.raises(DeliveryError) as raised:
            one.deliver()
        problem = raised.value.problem
        assert (problem.code, problem.kind) == ("soundcloud_look_alike", "unknown_outcome")
    assert len(store.asked("POST", "/tracks")) == 1


@pytest.mark.parametrize("status", [0, 502, 503])
def test_a_playlist_whose_answer_is_lost_is_found_by_its_tracks(
    store: StandIn, tmp_path: Path, status: int
) -> None:
    one = Delivery(store, tmp_path, tracks=2)
    # Covers are the first updates.
    store.order(what="fault", call="update", status=200, times=2)
    store.order(what="fault", call="update", status=status, after_bytes=ALL)
    standing, _ = one.until_delivered()
    assert standing.stands == "ready"
    assert len(store.releases()) == len(store.asked("POST", "/playlists")) == 1


def test_taking_down_finds_an_upload_of_which_nobody_knew(store: StandIn, tmp_path: Path) -> None:
    store.order(what="fault", call="upload", status=0, after_bytes=ALL)
    store.order(what="fault", call="look", status=503)
    one = Delivery(store, tmp_path)
    with pytest.raises(DeliveryError):
        one.deliver()
    assert len(store.there()) == 1
    assert one.take_down().stands == "taken_down"
    assert store.there() == []


def test_delivered_again_after_it_was_taken_down_it_is_there_once(store: StandIn, tmp_path: Path) -> None:
    one = Delivery(store, tmp_path, tracks=2)
    one.deliver()
    one.take_down()
    one.deliver()
    assert len(store.there()) == 1


def test_cancelled_in_the_middle_of_an_upload_nothing_comes_of_it(store: StandIn, tmp_path: Path) -> None:
    class Cancelled(Exception):
        pass

    def cancel() -> None:
        raise Cancelled

    one = Delivery(store, tmp_path, ending="wav")
    one.diary.when_progressed = cancel
    with pytest.raises(Cancelled):
        one.deliver()
    assert store.releases() == []
    one.diary.when_progressed = lambda: None
    assert one.take_down().stands == "taken_down"
    assert one.deliver().stands == "ready"
    assert len(store.there()) == 1
