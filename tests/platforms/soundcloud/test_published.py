"""What is sent and what the stand-in answers are as SoundCloud publishes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import jsonschema_rs
import pytest

from aimusicverse.platforms.base import DeliveryError
from tests.platforms.soundcloud import published
from tests.platforms.soundcloud.deliveries import Delivery
from tests.sandbox.soundcloud.standin import StandIn

if published.SPEC is None:
    pytest.skip(published.WITHOUT, allow_module_level=True)
ALL = 10**9


def judged(store: StandIn) -> set[tuple[str, str]]:
    """Which calls there were; fails where one is not as described."""
    seen = set()
    for exchange in store.exchanges:
        if exchange.path == "/authorize":
            continue
        if exchange.path == "/oauth/token":
            published.judge_token(exchange)
        elif exchange.status < 500:
            published.judge(exchange)
        seen.add((exchange.method, exchange.path.rpartition("soundcloud:")[0] or exchange.path))
    return seen


def test_all_of_a_release_is_as_described(store: StandIn, tmp_path: Path) -> None:
    one = Delivery(
        store,
        tmp_path,
        tracks=2,
        catalog_number="HL-1",
        soundcloud={
            "tags": ["ambient", "field recording"],
            "description": "At night.\r\nOn the quay – ☂",
            "purchase_url": "https://maren.example/shop",
            "licence": "cc-by-nc-sa",
            "embeddable_by": "none",
        },
    )
    # Lost answers, a refused token, refusals: all calls are made.
    store.order(what="fault", call="upload", status=502, after_bytes=ALL)
    store.order(what="fault", call="look", status=401)
    one.until_delivered()
    one.release()
    store.move(timedelta(hours=30))
    one.look()
    edited = one.parcel.release.model_copy(deep=True)
    edited.title = "Harbour Lights II"
    one.parcel = replace(one.parcel, revision=2, release=edited)
    one.deliver()
    one.take_down()
    one.take_down()
    assert judged(store) >= {
        ("POST", "/tracks"), ("GET", "/me/tracks"), ("GET", "/tracks/"), ("PUT", "/tracks/"),
        ("DELETE", "/tracks/"), ("POST", "/playlists"), ("GET", "/playlists/"), ("PUT", "/playlists/"),
        ("DELETE", "/playlists/"), ("POST", "/oauth/token"),
    }  # fmt: skip


def test_a_lost_playlist_is_looked_for_as_described(store: StandIn, tmp_path: Path) -> None:
    one = Delivery(store, tmp_path, tracks=2)
    store.order(what="fault", call="update", status=200, times=2)
    store.order(what="fault", call="update", status=503, after_bytes=ALL)
    one.until_delivered()
    assert ("GET", "/me/playlists") in judged(store)


def test_refusals_are_as_described(store: StandIn, tmp_path: Path) -> None:
    one = Delivery(store, tmp_path, ending="wav")
    path = one.parcel.files.tracks[0].path
    path.write_bytes(bytes(one.parcel.files.tracks[0].facts.size_bytes))
    with pytest.raises(DeliveryError):
        one.deliver()
    assert ("POST", "/tracks") in judged(store)
    assert store.asked("POST", "/tracks")[0].status == 422


def test_the_file_arrives_as_it_is(store: StandIn, tmp_path: Path) -> None:
    one = Delivery(store, tmp_path, ending="wav")
    one.deliver()
    form = published.form_of(store.asked("POST", "/tracks")[0])
    assert form["track[asset_data]"] == ("track.wav", one.parcel.files.tracks[0].path.read_bytes())
    assert form["track[sharing]"] == (None, b"private")


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b"private\r\n", b"secret!\r\n"),
        (b"track[genre]", b"track[style]"),
        (b"track[title]", b"track[tytle]"),
    ],
)
def test_the_judge_sees_what_is_wrong(store: StandIn, tmp_path: Path, was: bytes, becomes: bytes) -> None:
    Delivery(store, tmp_path).deliver()
    exchange = store.asked("POST", "/tracks")[0]
    published.judge(exchange)
    exchange.body = exchange.body.replace(was, becomes, 1)
    with pytest.raises((AssertionError, KeyError, jsonschema_rs.ValidationError)):
        published.judge(exchange)
