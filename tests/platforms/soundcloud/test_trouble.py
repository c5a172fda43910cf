"""What SoundCloud refuses, and what a person is told then."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from aimusicverse.platforms.answer import Answer
from aimusicverse.platforms.base import DeliveryError
from aimusicverse.platforms.soundcloud.api import refused
from aimusicverse.platforms.soundcloud.codes import SOUNDCLOUD_CODES
from tests.platforms.soundcloud.deliveries import Delivery
from tests.sandbox.soundcloud.standin import StandIn

ALL = 10**9


def test_a_token_that_ends_in_the_middle_is_refreshed_once(store: StandIn, tmp_path: Path) -> None:
    store.order(what="fault", call="upload", status=401, after_bytes=1_000)
    one = Delivery(store, tmp_path, tracks=2)
    assert one.deliver().stands == "ready"
    assert one.account.refreshed == 1
    assert len(store.releases()) == 1


def test_an_account_that_is_refused_again_has_to_be_connected_anew(store: StandIn, tmp_path: Path) -> None:
    store.order(what="fault", call="upload", status=401, times=2)
    one = Delivery(store, tmp_path)
    with pytest.raises(DeliveryError) as raised:
        one.deliver()
    assert (raised.value.problem.code, raised.value.problem.kind) == ("account_expired", "auth")
    assert one.deliver().stands == "ready"  # connected, it goes on
    assert len(store.releases()) == 1


def test_a_refresh_token_is_good_once(store: StandIn, tmp_path: Path) -> None:
    one = Delivery(store, tmp_path)
    spent = one.account.tokens
    one.account.access_token(other_than=spent.access.get_secret_value())
    one.account.tokens = spent
    with pytest.raises(DeliveryError) as raised:
        one.account.access_token(other_than="x")
    assert (raised.value.problem.code, raised.value.problem.kind) == ("account_expired", "auth")


def test_a_refusal_names_the_field_and_nothing_is_left_there(store: StandIn, tmp_path: Path) -> None:
    one = Delivery(store, tmp_path, tracks=2)
    one.parcel.files.tracks[1].path.write_bytes(bytes(one.parcel.files.tracks[1].facts.size_bytes))
    with pytest.raises(DeliveryError) as raised:
        one.deliver()
    problem = raised.value.problem
    assert (problem.code, problem.field) == ("soundcloud_sound_refused", "tracks[1].file")
    assert "unable to process provided asset_data" in problem.message
    # The first one stays, private, and is gone on with.
    assert [one.status for one in store.releases()] == ["ready"]


@pytest.mark.parametrize(
    ("status", "message", "code", "field"),
    [
        (422, "unable to process provided asset_data", "soundcloud_sound_refused", "tracks[2].file"),
        (422, "title can't be blank", "soundcloud_metadata_refused", "tracks[2].title"),
        (422, "ISRC is invalid", "soundcloud_metadata_refused", "tracks[2].isrc"),
        (400, "license is not included in the list", "soundcloud_metadata_refused", "soundcloud.licence"),
        (400, "something", "soundcloud_metadata_refused", None),
        (400, "", "soundcloud_metadata_refused", None),
        (403, "forbidden", "soundcloud_may_not_upload", None),
        (422, "upload limit reached", "soundcloud_may_not_upload", None),
        (413, "", "soundcloud_sound_refused", "tracks[2].file"),
        (302, "", "store_incomprehensible", None),
        (418, "", "store_incomprehensible", None),
    ],
)
def test_each_refusal_says_what_to_change(status: int, message: str, code: str, field: str | None) -> None:
    content = f'{{"code": {status}, "message": "{message}"}}'.encode() if message else b""
    problem = refused(Answer(status, {}, content), 2).problem
    assert (problem.code, problem.field) == (code, field)
    assert problem.hint
    if code.startswith("soundcloud"):
        assert code in {one.code for one in SOUNDCLOUD_CODES}


def test_a_picture_that_is_not_taken_costs_no_track(store: StandIn, tmp_path: Path) -> None:
    store.order(what="fault", call="update", status=500, times=9)
    one = Delivery(store, tmp_path)
    errors = []
    for _ in range(2):
        with pytest.raises(DeliveryError) as raised:
            one.deliver()
        errors.append(raised.value.problem.kind)
    delivered = one.deliver()
    assert errors == ["transient", "transient"]
    assert delivered.stands == "ready"
    assert delivered.problem is not None
    assert (delivered.problem.code, delivered.problem.field) == ("soundcloud_cover_refused", "cover.file")
    assert "500" in delivered.problem.message
    assert len(store.releases()) == len(store.asked("POST", "/tracks")) == 1
    store.surroundings.orders.clear()
    assert one.release().stands == "live"


def test_a_picture_that_works_the_second_time_is_there(store: StandIn, tmp_path: Path) -> None:
    store.order(what="fault", call="update", status=500)
    one = Delivery(store, tmp_path)
    standing, errors = one.until_delivered()
    assert (standing.stands, standing.problem, len(errors)) == ("ready", None, 1)
    (record,) = store.state.all("soundcloud", "track").values()
    assert record["artwork"] is not None


def test_an_account_that_may_set_no_pictures_is_not_asked_for(store: StandIn, tmp_path: Path) -> None:
    one = Delivery(store, tmp_path, soundcloud={"paid_account": False})
    delivered = one.deliver()
    assert delivered.stands == "ready"
    assert delivered.problem is not None
    assert delivered.problem.code == "soundcloud_cover_refused"
    assert [one for one in store.exchanges if one.method == "PUT"] == []


def test_a_picture_that_soundcloud_does_not_take_is_not_sent(store: StandIn, tmp_path: Path) -> None:
    one = Delivery(store, tmp_path)
    cover = one.parcel.files.cover
    assert cover is not None
    tiff = replace(cover, facts=replace(cover.facts, kind="tiff"))
    one.parcel = replace(one.parcel, files=replace(one.parcel.files, cover=tiff))
    delivered = one.deliver()
    assert delivered.problem is not None
    assert "tiff" in delivered.problem.message


def test_a_kind_of_sound_that_soundcloud_does_not_take_is_not_sent(store: StandIn, tmp_path: Path) -> None:
    one = Delivery(store, tmp_path)
    file = one.parcel.files.tracks[0]
    caf = replace(file, facts=replace(file.facts, container="caf"))
    one.parcel = replace(one.parcel, files=replace(one.parcel.files, tracks=(caf,)))
    with pytest.raises(DeliveryError) as raised:
        one.deliver()
    assert raised.value.problem.code == "soundcloud_sound_refused"
    assert store.asked("POST", "/tracks") == []


@pytest.mark.parametrize("call", ["upload", "look", "update"])
def test_a_store_that_is_down_is_tried_again(store: StandIn, tmp_path: Path, call: str) -> None:
    store.order(what="fault", call=call, status=503, times=2)
    one = Delivery(store, tmp_path, tracks=2)
    assert one.until_delivered()[0].stands == "ready"
    store.order(what="fault", call=call, status=503)
    for _ in range(2):
        try:
            one.release()
        except DeliveryError as error:
            assert error.problem.kind == "transient"  # noqa: PT017
    assert one.release().stands == "live"
    assert len(store.releases()) == 1


def test_a_slow_store_is_waited_for(store: StandIn, tmp_path: Path) -> None:
    store.order(what="fault", call="upload", status=200, seconds=0.5)
    assert Delivery(store, tmp_path).deliver().stands == "ready"


def test_no_secret_is_in_logs_or_problems(
    store: StandIn, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    one = Delivery(store, tmp_path)
    token = one.account.access_token()
    store.order(what="fault", call="upload", status=422, reason=f"no {token}")
    with pytest.raises(DeliveryError) as raised:
        one.deliver()
    one.deliver()
    assert "no ***" in raised.value.problem.message
    again = one.account.tokens.refresh
    assert again is not None
    for secret in (token, again.get_secret_value(), "test-app-secret"):
        assert secret not in f"{caplog.text} {one.diary.known} {raised.value.problem}"
