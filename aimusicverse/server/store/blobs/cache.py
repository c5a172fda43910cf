"""Copies, on this machine, of blobs that are kept elsewhere."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aimusicverse.server.store.blobs.base import blob_path


class Cache:
    """A folder of at most so many bytes; what was used longest ago goes first.

    Anybody may delete from the folder at any time. What is in it was checked when it came.
    """

    def __init__(self, folder: Path, *, limit: int) -> None:
        """Take up what an earlier process left in the folder.

        Args:
            folder: where, below one subfolder for each two digits.
            limit: in bytes. What is in use is kept beyond it.
        """
        self._folder = folder
        self._limit = limit
        self._lock = threading.Lock()
        self._in_use: Counter[str] = Counter()
        left = [(path, path.stat()) for path in folder.glob("[0-9a-f][0-9a-f]/*") if path.is_file()]
        left.sort(key=lambda entry: entry[1].st_mtime)
        self._sizes = OrderedDict((path.name, status.st_size) for path, status in left)
        self._bytes = sum(self._sizes.values())

    def find(self, sha256: str) -> Path | None:
        """Where the copy is, if there is one; counts as a use."""
        path = self._folder / blob_path(sha256)
        with self._lock:
            if sha256 not in self._sizes:
                return None
            if path.exists():
                self._sizes.move_to_end(sha256)
                return path
            self._forget(sha256)  # somebody deleted the file
            return None

    def size(self, sha256: str) -> int | None:
        """How long the copy is, if there is one; counts as a use."""
        return None if self.find(sha256) is None else self._sizes.get(sha256)

    def add(self, file: Path, sha256: str) -> None:
        """Move a file in, whose hash was checked; make room for it."""
        path = self._folder / blob_path(sha256)
        size = file.stat().st_size
        with self._lock:
            path.parent.mkdir(parents=True, exist_ok=True)
            file.replace(path)
            self._forget(sha256)
            self._sizes[sha256] = size
            self._bytes += size
            for other in [other for other in self._sizes if not self._in_use[other]]:
                if self._bytes <= self._limit:
                    break
                self._remove(other)

    def remove(self, sha256: str) -> None:
        """Remove a copy, if there is one."""
        with self._lock:
            self._remove(sha256)

    @contextmanager
    def in_use(self, sha256: str) -> Iterator[None]:
        """Do not make room at the cost of this one."""
        with self._lock:
            self._in_use[sha256] += 1
        try:
            yield
        finally:
            with self._lock:
                self._in_use[sha256] -= 1
                if not self._in_use[sha256]:
                    del self._in_use[sha256]

    def _remove(self, sha256: str) -> None:
        self._forget(sha256)
        (self._folder / blob_path(sha256)).unlink(missing_ok=True)

    def _forget(self, sha256: str) -> None:
        self._bytes -= self._sizes.pop(sha256, 0)
