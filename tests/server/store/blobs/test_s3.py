"""An S3 store that is busy, slow, cut off, wrong: what is tried again, what is said, what is never said."""

from __future__ import annotations

import base64
import hashlib
import logging
import random
import socket
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aimusicverse.secret import Secret
from aimusicverse.server.store.blobs.base import BlobsUnavailable, blob_path
from aimusicverse.server.store.blobs.s3 import S3Blobs
from aimusicverse.server.store.blobs.s3_connection import S3Address
from tests.server.store.blobs.places import HURRIED, SECRET, Bucket, put, read
from tests.server.store.s3_stand_in import StandIn

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def place(stand_in: StandIn, bucket: str, tmp_path: Path) -> Bucket:
    return Bucket(stand_in, bucket, tmp_path / "cache")


async def test_a_store_that_is_busy_for_a_moment_costs_time_and_nothing_else(place: Bucket) -> None:
    place.stand_in.play(status=503, times=2)
    sha256 = put(place.blobs, b"music")
    place.stand_in.play(status=503, times=2)
    assert await place.blobs.size(sha256) == 5
    place.stand_in.play(status=500, times=2)
    assert await read(place.blobs, sha256, 0, 5) == b"music"
    place.stand_in.play(status=503, times=2)
    with place.blobs.local(sha256) as path:
        assert path.read_bytes() == b"music"
    puts = [call for call in place.stand_in.calls() if call.startswith("PUT")]
    assert len(puts) == 3  # two refused, one taken: nothing is doubled


async def test_a_store_that_is_busy_for_ever_is_given_up_within_a_bound(place: Bucket) -> None:
    sha256 = put(place.blobs, b"music")
    place.stand_in.play(status=503)
    began = time.monotonic()
    with pytest.raises(BlobsUnavailable, match="503"):
        await place.blobs.size(sha256)
    with pytest.raises(BlobsUnavailable, match="503 SlowDown"):
        await read(place.blobs, sha256, 0, 5)
    with pytest.raises(BlobsUnavailable, match="503 SlowDown"):
        put(place.blobs, b"more")
    assert time.monotonic() - began < 15
    place.stand_in.well_again()
    assert await read(place.blobs, sha256, 0, 5) == b"music"


async def test_an_answer_that_takes_too_long_is_asked_for_again(place: Bucket) -> None:
    sha256 = put(place.blobs, b"music")
    place.stand_in.play(delay=3, times=1)
    began = time.monotonic()
    assert await read(place.blobs, sha256, 0, 5) == b"music"
    assert time.monotonic() - began < 3


async def test_a_store_that_is_always_too_slow_is_given_up_within_a_bound(place: Bucket) -> None:
    sha256 = put(place.blobs, b"music")
    place.stand_in.play(delay=3)
    began = time.monotonic()
    with pytest.raises(BlobsUnavailable, match="took too long"):
        await place.blobs.size(sha256)
    with pytest.raises(BlobsUnavailable, match="took too long"):
        place.blobs.check()
    assert time.monotonic() - began < 6


async def test_an_upload_that_was_cut_is_sent_again_whole(place: Bucket) -> None:
    content = random.Random(2).randbytes(3_000_000)
    place.stand_in.play(cut=100_000, times=1)
    sha256 = put(place.blobs, content)
    assert await read(place.blobs, sha256, 0, len(content)) == content


async def test_an_upload_that_is_always_cut_leaves_nothing_half_done(place: Bucket) -> None:
    content = random.Random(3).randbytes(1_000_000)
    place.stand_in.play(cut=100_000)
    with pytest.raises(BlobsUnavailable):
        put(place.blobs, content)
    place.stand_in.well_again()
    assert await place.blobs.size(hashlib.sha256(content).hexdigest()) is None


async def test_a_download_that_was_cut_goes_on(place: Bucket) -> None:
    content = random.Random(4).randbytes(2_000_000)
    sha256 = put(place.blobs, content)
    place.stand_in.play(cut=100_000, times=2, method="GET")
    assert await read(place.blobs, sha256, 0, len(content)) == content


def test_the_store_is_given_the_hash_and_checks_it(place: Bucket) -> None:
    with place.blobs.workspace() as workspace:
        (workspace / "file").write_bytes(b"music")
        place.blobs.prepare(workspace / "file", hash_of(b"music"))
    said = place.stand_in.checksum(place.name, f"{place.prefix}/{blob_path(hash_of(b'music'))}")
    assert said == base64.b64encode(hashlib.sha256(b"music").digest()).decode()


def hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_an_upload_can_be_ended_at_any_time(place: Bucket) -> None:
    class Enough(Exception):
        pass

    def enough() -> None:
        raise Enough

    place.stand_in.play(delay=20)
    began = time.monotonic()
    with place.blobs.workspace() as workspace:
        (workspace / "file").write_bytes(bytes(10_000_000))
        with pytest.raises(Enough):
            place.blobs.prepare(workspace / "file", hash_of(bytes(10_000_000)), enough)
    assert time.monotonic() - began < 4


def test_a_server_that_stops_waits_for_no_upload(place: Bucket) -> None:
    place.stand_in.play(delay=20)
    threading.Timer(0.2, place.blobs.close).start()
    began = time.monotonic()
    with pytest.raises(BlobsUnavailable, match="stops"):
        put(place.blobs, bytes(10_000_000))
    assert time.monotonic() - began < 4


def test_a_full_store_is_like_a_full_disk(place: Bucket) -> None:
    place.stand_in.play(status=507, body="<Error><Code>XMinioStorageFull</Code></Error>")
    with pytest.raises(OSError, match="no room left"):
        put(place.blobs, b"music")


@pytest.mark.parametrize(
    ("status", "code", "advice"),
    [
        (403, "AccessDenied", "s3:PutObject"),
        (403, "InvalidAccessKeyId", "AMV_S3_ACCESS_KEY_ID"),
        (403, "SignatureDoesNotMatch", "AMV_S3_SECRET_ACCESS_KEY"),
        (404, "NoSuchBucket", "AMV_BLOBS"),
        (400, "AuthorizationHeaderMalformed", "AMV_S3_REGION"),
        (403, "RequestTimeTooSkewed", "clock"),
    ],
)
async def test_what_waiting_does_not_help_says_what_to_do(
    place: Bucket, status: int, code: str, advice: str
) -> None:
    body = f"<Error><Code>{code}</Code><AWSAccessKeyId>AKIA</AWSAccessKeyId></Error>"
    place.stand_in.play(status=status, body=body)
    sha256 = hash_of(b"music")
    for attempt in (
        lambda: put(place.blobs, b"music"),
        place.blobs.check,
        lambda: place.blobs.sweep(lambda decide: 0, database="own_1", since=LONG_AGO),
    ):
        with pytest.raises(BlobsUnavailable, match=advice) as caught:
            attempt()
        assert caught.value.misconfigured
        assert "AKIA" not in str(caught.value)
        assert caught.value.__cause__ is None
    with pytest.raises(BlobsUnavailable, match=advice):
        await read(place.blobs, sha256, 0, 5)
    with pytest.raises(BlobsUnavailable):
        await place.blobs.size(sha256)


async def test_no_message_and_no_representation_has_the_secret(place: Bucket) -> None:
    place.stand_in.play(status=503)
    with pytest.raises(BlobsUnavailable) as caught:
        await place.blobs.size(hash_of(b""))
    assert SECRET not in f"{caught.value!r}{place.address!r}{place.address}{place.blobs._store!r}"
    assert place.name in str(caught.value)


def nowhere() -> S3Address:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return S3Address(
        bucket="music",
        endpoint=f"http://127.0.0.1:{port}",
        region="us-east-1",
        access_key_id="tester",
        secret_access_key=Secret(SECRET),
    )


def test_a_store_that_cannot_be_reached_says_so(tmp_path: Path) -> None:
    blobs = S3Blobs(nowhere(), tmp_path, cache_bytes=0, patience=HURRIED)
    with pytest.raises(BlobsUnavailable, match="no connection") as caught:
        blobs.check()
    assert not caught.value.misconfigured


def test_a_machine_without_credentials_is_told_which_settings_give_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_METADATA_ENDPOINT", nowhere().endpoint)
    address = replace(nowhere(), access_key_id="", secret_access_key=None)
    with pytest.raises(BlobsUnavailable, match="AMV_S3_ACCESS_KEY_ID"):
        S3Blobs(address, tmp_path, cache_bytes=0, patience=HURRIED).check()


async def test_credentials_of_the_environment_serve_where_the_settings_have_none(
    stand_in: StandIn, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "from-outside")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    address = S3Address(bucket=bucket, endpoint=stand_in.url, region="us-east-1")
    blobs = S3Blobs(address, tmp_path, cache_bytes=0, patience=HURRIED)
    assert await blobs.size(put(blobs, b"music")) == 5
    assert stand_in.users() == {"from-outside"}


async def test_credentials_of_the_settings_are_not_mixed_with_those_of_the_environment(
    place: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "from-outside")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "of-another-session")
    blobs = S3Blobs(place.address, place.blobs._workspaces.parent, cache_bytes=0, patience=HURRIED)
    place.stand_in.users()
    assert await blobs.size(put(blobs, b"music")) == 5
    assert place.stand_in.users() == {"tester"}


async def test_a_listener_who_pauses_holds_no_connection(place: Bucket) -> None:
    """Longer than any one answer may take, and the next piece still comes."""
    content = random.Random(5).randbytes(2_500_000)
    pieces = place.blobs.read(put(place.blobs, content), 0, len(content))
    got = await anext(pieces)
    time.sleep(HURRIED.answer + 0.5)
    assert got + b"".join([piece async for piece in pieces]) == content


async def test_copies_serve_while_the_store_is_away(stand_in: StandIn, bucket: str, tmp_path: Path) -> None:
    place = Bucket(stand_in, bucket, tmp_path / "cache", cache_bytes=1_000_000)
    sha256 = put(place.blobs, b"music")
    stand_in.play(status=503)
    assert await place.blobs.size(sha256) == 5
    assert await read(place.blobs, sha256, 1, 5) == b"usic"
    with place.blobs.local(sha256) as path:
        assert path.read_bytes() == b"music"


async def test_a_damaged_copy_is_fetched_again(stand_in: StandIn, bucket: str, tmp_path: Path) -> None:
    place = Bucket(stand_in, bucket, tmp_path / "cache", cache_bytes=1_000_000)
    sha256 = put(place.blobs, b"music")
    (tmp_path / "cache" / blob_path(sha256)).write_bytes(b"musiq")
    with place.blobs.local(sha256) as path:
        assert path.read_bytes() == b"music"


def test_only_the_first_database_sweeps_a_place(place: Bucket, caplog: pytest.LogCaptureFixture) -> None:
    sha256 = put(place.blobs, b"of the first")
    place.age(sha256)
    place.blobs._prepared.clear()

    def nothing_named(decide: object) -> int:
        raise AssertionError("the second was asked")

    assert (
        place.blobs.sweep(lambda decide: decide(lambda hashes: {sha256}), database="own_1", since=LONG_AGO)
        == 0
    )
    with caplog.at_level(logging.WARNING):
        assert place.blobs.sweep(nothing_named, database="own_2", since=LONG_AGO) == 0
    (record,) = [record for record in caplog.records if "another database" in record.message]
    assert vars(record)["database"] == "own_1"


async def test_a_sweep_asks_for_a_page_of_names_at_once(place: Bucket) -> None:
    orphans = [put(place.blobs, b"%d" % n) for n in range(12)]
    for sha256 in orphans:
        place.age(sha256)
    place.blobs._prepared.clear()
    asked: list[int] = []

    def counted(hashes: list[str]) -> set[str]:
        asked.append(len(hashes))
        return set(orphans[:2])

    assert place.blobs.sweep(lambda decide: decide(counted), database="own_1", since=LONG_AGO) == 10
    assert asked == [12]
    assert await place.blobs.size(orphans[0]) is not None
    assert await place.blobs.size(orphans[2]) is None


async def test_another_server_that_puts_an_orphan_anew_keeps_it(place: Bucket, tmp_path: Path) -> None:
    sha256 = put(place.blobs, b"music")
    place.age(sha256)
    place.blobs._prepared.clear()
    other = Bucket(place.stand_in, place.name, tmp_path / "other")

    def meanwhile(decide: object) -> int:
        assert callable(decide)
        orphans: int = decide(lambda hashes: set())
        put(other.blobs, b"music")
        return orphans

    assert place.blobs.sweep(meanwhile, database="own_1", since=LONG_AGO) == 0
    assert await place.blobs.size(sha256) == 5


def test_a_sweep_of_a_store_that_is_away_says_so(place: Bucket) -> None:
    place.stand_in.play(status=503)
    with pytest.raises(BlobsUnavailable, match="503"):
        place.blobs.sweep(lambda decide: 0, database="own_1", since=LONG_AGO)
