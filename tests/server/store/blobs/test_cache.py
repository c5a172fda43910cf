"""Copies on this machine: bounded, the least recently used go first, anybody may delete them."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from aimusicverse.server.store.blobs.base import blob_path
from aimusicverse.server.store.blobs.cache import Cache


def add(cache: Cache, folder: Path, content: bytes) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    (folder / "new").write_bytes(content)
    cache.add(folder / "new", sha256)
    return sha256


def test_what_was_used_longest_ago_goes_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", limit=10)
    first, second = add(cache, tmp_path, b"aaaaa"), add(cache, tmp_path, b"bbbbb")
    assert cache.find(first) is not None
    third = add(cache, tmp_path, b"ccccc")
    assert cache.find(second) is None
    assert cache.size(first) == cache.size(third) == 5
    assert len([path for path in (tmp_path / "cache").rglob("*") if path.is_file()]) == 2


def test_what_is_in_use_stays(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", limit=0)
    sha256 = hashlib.sha256(b"aaaaa").hexdigest()
    with cache.in_use(sha256):
        add(cache, tmp_path, b"aaaaa")
        add(cache, tmp_path, b"bbbbb")
        assert cache.find(sha256) is not None
    add(cache, tmp_path, b"ccccc")
    assert cache.find(sha256) is None


def test_the_same_content_counts_once(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", limit=10)
    kept = add(cache, tmp_path, b"aaaaa")
    for _ in range(3):
        add(cache, tmp_path, b"bbbbb")
    assert cache.find(kept) is not None


def test_what_an_earlier_process_left_is_used_and_counted(tmp_path: Path) -> None:
    first = add(Cache(tmp_path / "cache", limit=10), tmp_path, b"aaaaa")
    os.utime(tmp_path / "cache" / blob_path(first), (1, 1))
    second = add(Cache(tmp_path / "cache", limit=10), tmp_path, b"bbbbb")
    later = Cache(tmp_path / "cache", limit=10)
    assert later.find(second) is not None
    third = add(later, tmp_path, b"ccccc")
    assert (later.find(first), later.size(third)) == (None, 5)


def test_a_copy_that_somebody_deleted_is_no_copy(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", limit=10)
    sha256 = add(cache, tmp_path, b"aaaaa")
    (tmp_path / "cache" / blob_path(sha256)).unlink()
    assert cache.size(sha256) is None
    cache.remove(sha256)
