"""Blobs, in a folder and in an S3 store: named by content, never half there, swept when nobody names them."""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aimusicverse.server.store.blobs.base import BlobLost, Blobs, InTransaction, blob_path
from tests.server.store.blobs.places import Bucket, Folder, Place, put, read
from tests.server.store.s3_stand_in import StandIn

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
#: More than two pieces on every store, and no multiple of one.
LONG = random.Random(1).randbytes(2_500_001)


@pytest.fixture(params=["folder", "s3", "s3 with copies"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "folder":
        return Folder(tmp_path / "blobs")
    stand_in: StandIn = request.getfixturevalue("stand_in")
    return Bucket(
        stand_in,
        request.getfixturevalue("bucket"),
        tmp_path / "cache",
        cache_bytes=10_000_000 if "copies" in request.param else 0,
    )


@pytest.fixture
def blobs(place: Place) -> Blobs:
    return place.blobs


def naming(*hashes: str) -> InTransaction:
    return lambda decide: decide(lambda asked: set(asked) & set(hashes))


def sweep(blobs: Blobs, *named: str, since: datetime = LONG_AGO) -> int:
    return blobs.sweep(naming(*named), database="own_1", since=since)


async def test_content_is_found_under_its_hash(blobs: Blobs) -> None:
    sha256 = put(blobs, b"music")
    assert await blobs.size(sha256) == 5
    assert await read(blobs, sha256, 0, 5) == b"music"
    with blobs.local(sha256) as path:
        assert path.read_bytes() == b"music"


async def test_a_workspace_leaves_nothing(blobs: Blobs) -> None:
    with blobs.workspace() as workspace:
        (workspace / "half").write_bytes(b"x")
    assert not workspace.exists()


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "/x"])
async def test_a_name_that_is_no_hash_reaches_nothing(blobs: Blobs, name: str) -> None:
    with pytest.raises(ValueError, match="64"):
        await blobs.size(name)
    with pytest.raises(ValueError, match="64"):
        await read(blobs, name, 0, 1)


async def test_a_transaction_that_is_run_again_takes_the_file_over_again(blobs: Blobs) -> None:
    assert await read(blobs, put(blobs, b"music", twice=True), 0, 5) == b"music"


def test_a_file_that_never_was_is_not_taken_over(blobs: Blobs) -> None:
    with blobs.workspace() as workspace, pytest.raises(BlobLost):
        blobs.adopt(workspace / "file", hashlib.sha256(b"never").hexdigest())


async def test_content_that_is_there_already_may_come_again(blobs: Blobs) -> None:
    assert put(blobs, b"music") == put(blobs, b"music")
    assert await blobs.size(hashlib.sha256(b"music").hexdigest()) == 5


async def test_empty_content_is_content(blobs: Blobs) -> None:
    sha256 = put(blobs, b"")
    assert await blobs.size(sha256) == 0
    assert await read(blobs, sha256, 0, 0) == b""
    with blobs.local(sha256) as path:
        assert path.read_bytes() == b""


@pytest.mark.parametrize(
    ("first", "end"),
    [
        (0, 1),
        (0, len(LONG)),
        (len(LONG) - 1, len(LONG)),
        (1_048_575, 1_048_577),
        (262_144, 2_097_152),
        (7, 7),
    ],
)
async def test_a_range_gives_exactly_that_part(blobs: Blobs, first: int, end: int) -> None:
    sha256 = put(blobs, LONG)
    assert await read(blobs, sha256, first, end) == LONG[first:end]


async def test_a_reader_who_stops_in_the_middle_leaves_nothing_open(blobs: Blobs) -> None:
    pieces = blobs.read(put(blobs, LONG), 0, len(LONG))
    assert LONG.startswith(await anext(pieces))
    await pieces.aclose()  # an open file would be a ResourceWarning


async def test_what_is_not_there_is_lost_and_not_an_outage(place: Place) -> None:
    sha256 = hashlib.sha256(b"nothing").hexdigest()
    assert await place.blobs.size(sha256) is None
    with pytest.raises(BlobLost):
        await read(place.blobs, sha256, 0, 1)
    with pytest.raises(BlobLost), place.blobs.local(sha256):
        raise AssertionError


def uncached(place: Place) -> Place:
    """The same place for a server that has no copies yet."""
    if isinstance(place, Folder):
        return place
    assert isinstance(place, Bucket)
    shutil.rmtree(place.blobs._cache._folder)
    return place


def test_damage_is_seen_before_a_file_is_used(place: Place) -> None:
    sha256 = put(place.blobs, b"music")
    uncached(place).replace(sha256, b"musiq")
    with pytest.raises(BlobLost, match="damaged"), place.blobs.local(sha256):
        raise AssertionError


async def test_content_that_was_cut_is_never_passed_off_as_whole(place: Place) -> None:
    sha256 = put(place.blobs, b"music")
    uncached(place).replace(sha256, b"mus")
    with pytest.raises(BlobLost):
        await read(place.blobs, sha256, 0, 5)


async def test_the_sweep_removes_old_orphans_and_nothing_else(place: Place) -> None:
    blobs = place.blobs
    named, orphan, young = put(blobs, b"named"), put(blobs, b"orphan"), put(blobs, b"young")
    place.age(named)
    place.age(orphan)
    forget_what_was_put(blobs)
    assert sweep(blobs, named) == 1
    assert await blobs.size(named) == await blobs.size(young) == 5
    assert await blobs.size(orphan) is None


def forget_what_was_put(blobs: Blobs) -> None:
    """As after an hour, or in another process."""
    getattr(blobs, "_prepared", {}).clear()


async def test_what_is_older_than_the_database_is_not_its_to_remove(place: Place) -> None:
    other = put(place.blobs, b"of a database that is being restored")
    place.age(other)
    forget_what_was_put(place.blobs)
    assert sweep(place.blobs, since=datetime.now(UTC)) == 0
    assert await place.blobs.size(other) is not None


def test_a_stray_file_is_no_blob(place: Place) -> None:
    place.stray("notes.txt")
    assert sweep(place.blobs) == 0


def test_content_that_comes_again_is_young_again(place: Place) -> None:
    place.age(put(place.blobs, b"music"))
    forget_what_was_put(place.blobs)
    put(place.blobs, b"music")
    assert sweep(place.blobs) == 0


def test_content_that_comes_again_while_the_sweep_asks_stays(place: Place) -> None:
    sha256 = put(place.blobs, b"music")
    place.age(sha256)
    forget_what_was_put(place.blobs)

    def meanwhile(decide: Callable[..., int]) -> int:
        put(place.blobs, b"music")
        return decide(lambda hashes: set())

    assert place.blobs.sweep(meanwhile, database="own_1", since=LONG_AGO) == 0


def test_a_transaction_that_is_run_again_removes_no_more(place: Place) -> None:
    sha256 = put(place.blobs, b"music")
    place.age(sha256)
    forget_what_was_put(place.blobs)

    def twice(decide: Callable[..., int]) -> int:
        decide(lambda hashes: {sha256})
        return decide(lambda hashes: {sha256})

    assert place.blobs.sweep(twice, database="own_1", since=LONG_AGO) == 0


def test_workspaces_of_the_dead_are_cleared(blobs: Blobs) -> None:
    with blobs.workspace() as workspace:
        blobs.clear_workspaces()
        assert not workspace.exists()


def test_both_places_have_the_same_layout() -> None:
    """So that a folder can be copied into a bucket, and back."""
    assert blob_path("ab" * 32) == "ab/" + "ab" * 32
