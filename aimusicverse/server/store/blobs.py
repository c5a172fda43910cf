"""Audio and other large content, by its SHA-256, in a folder.

A blob is written under a temporary name, synced and renamed before the row that names it is
committed: a row never names a blob that is not there. The other way round, a blob without a row,
is what a crash leaves, and what `sweep` removes.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

_SHA256 = re.compile(r"[0-9a-f]{64}")
#: What a running job may still be about to name in a row.
GRACE_SECONDS = 3600


class Blobs:
    """A folder of content, named by hash."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._workspaces = folder / "tmp"
        self._workspaces.mkdir(parents=True, exist_ok=True)

    def path(self, sha256: str) -> Path:
        """Where a blob is, whether or not it exists.

        Raises:
            ValueError: not a SHA-256 in lower-case hex.
        """
        if not _SHA256.fullmatch(sha256):
            raise ValueError("a blob is named by 64 hexadecimal digits")
        return self._folder / sha256[:2] / sha256

    @contextmanager
    def workspace(self) -> Iterator[Path]:
        """An empty folder on the same disk, removed with all that is left in it."""
        folder = Path(tempfile.mkdtemp(dir=self._workspaces))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    @staticmethod
    def sync(file: Path) -> None:
        """Bring a finished file to the disk: what `adopt` does first, and what may take a while."""
        with file.open("rb") as opened:
            os.fsync(opened.fileno())

    def adopt(self, file: Path, sha256: str) -> None:
        """Take a finished file over. It must lie in a workspace, and its hash be right."""
        self.sync(file)
        target = self.path(sha256)
        target.parent.mkdir(exist_ok=True)
        file.replace(target)
        target.touch()  # content that was here before counts as new again for the sweep
        sync_folder(target.parent)

    def clear_workspaces(self) -> None:
        """Remove what a process that was killed left behind. Only while nobody else works here."""
        for folder in self._workspaces.iterdir():
            shutil.rmtree(folder, ignore_errors=True)

    def sweep(self, named: Callable[[list[str]], set[str]], *, since: datetime) -> int:
        """Remove blobs older than an hour that no row names; how many went.

        To be called in a write transaction: nobody can name a blob between the look and the removal.

        Args:
            named: which of some hashes a row names.
            since: when this database began. What is older belongs to another one, which may be damaged
                and on its way back from a backup: it is left alone.
        """
        removed = 0
        oldest = time.time() - GRACE_SECONDS
        for folder in self._folder.iterdir():
            if folder == self._workspaces or not folder.is_dir():
                continue
            old = [file for file in folder.iterdir() if since.timestamp() < file.stat().st_mtime < oldest]
            kept = named([file.name for file in old]) if old else set()
            for file in old:
                if file.name not in kept:
                    file.unlink(missing_ok=True)
                    removed += 1
        return removed


def sync_folder(folder: Path) -> None:
    """Make a rename survive a power cut, where the platform can (POSIX)."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
