"""Blobs: named by content, never half there, swept when nobody names them."""

from __future__ import annotations

import hashlib
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aimusicverse.server.store.blobs import GRACE_SECONDS, Blobs


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")


def put(blobs: Blobs, content: bytes) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    with blobs.workspace() as workspace:
        (workspace / "file").write_bytes(content)
        blobs.adopt(workspace / "file", sha256)
    return sha256


def age(path: Path) -> None:
    old = time.time() - GRACE_SECONDS - 60
    os.utime(path, (old, old))


def test_content_is_found_under_its_hash(blobs: Blobs) -> None:
    assert blobs.path(put(blobs, b"music")).read_bytes() == b"music"


def test_a_workspace_leaves_nothing(blobs: Blobs) -> None:
    with blobs.workspace() as workspace:
        (workspace / "half").write_bytes(b"x")
    assert not workspace.exists()


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "/x"])
def test_a_name_that_is_no_hash_reaches_no_file(blobs: Blobs, name: str) -> None:
    with pytest.raises(ValueError, match="64"):
        blobs.path(name)


LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def test_the_sweep_removes_old_orphans_and_nothing_else(blobs: Blobs) -> None:
    named, orphan, young = put(blobs, b"named"), put(blobs, b"orphan"), put(blobs, b"young")
    age(blobs.path(named))
    age(blobs.path(orphan))
    assert blobs.sweep(lambda hashes: {named}, since=LONG_AGO) == 1
    assert blobs.path(named).exists()
    assert blobs.path(young).exists()
    assert not blobs.path(orphan).exists()


def test_what_is_older_than_the_database_is_not_its_to_remove(blobs: Blobs) -> None:
    other = put(blobs, b"of a database that is being restored")
    age(blobs.path(other))
    assert blobs.sweep(lambda hashes: set(), since=datetime.now(UTC)) == 0
    assert blobs.path(other).exists()


def test_a_stray_file_is_no_blob(blobs: Blobs, tmp_path: Path) -> None:
    (tmp_path / "blobs" / "notes.txt").write_text("mine")
    assert blobs.sweep(lambda hashes: set(), since=LONG_AGO) == 0


def test_workspaces_of_the_dead_are_cleared(blobs: Blobs) -> None:
    with blobs.workspace() as workspace:
        blobs.clear_workspaces()
        assert not workspace.exists()


def test_content_that_comes_again_is_young_again(blobs: Blobs) -> None:
    sha256 = put(blobs, b"music")
    age(blobs.path(sha256))
    put(blobs, b"music")
    assert blobs.sweep(lambda hashes: set(), since=LONG_AGO) == 0
