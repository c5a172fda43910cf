"""Blobs in a folder: written under a temporary name on the same disk, synced, renamed."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, contextmanager
from datetime import datetime
from pathlib import Path

from aimusicverse.server.store.blobs.base import (
    GRACE_SECONDS,
    BlobLost,
    Blobs,
    InTransaction,
    Named,
    blob_path,
)
from aimusicverse.server.store.blobs.files import open_at, pieces, sha256_of, sync_folder


class FolderBlobs(Blobs):
    """A folder of content, named by hash."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "tmp")
        self._folder = folder

    def path(self, sha256: str) -> Path:
        """Where a blob is, whether or not it exists.

        Raises:
            ValueError: not a SHA-256 in lower-case hex.
        """
        return self._folder / blob_path(sha256)

    def close(self) -> None:
        """Nothing takes long here."""

    def check(self) -> None:
        """Nothing: a folder is there, and what is wrong with a disk shows when it is used."""

    def prepare(self, file: Path, sha256: str, meanwhile: Callable[[], None] | None = None) -> None:
        """Bring the file to the disk."""
        with file.open("rb") as opened:
            os.fsync(opened.fileno())

    def adopt(self, file: Path, sha256: str) -> None:
        """Rename it: it must lie in a workspace of this folder."""
        target = self.path(sha256)
        target.parent.mkdir(exist_ok=True)
        try:
            file.replace(target)
        except FileNotFoundError:
            if not target.exists():
                raise BlobLost(f"{file} is gone, and not kept as {sha256}") from None
        target.touch()  # content that was here before counts as new again for the sweep
        sync_folder(target.parent)

    async def size(self, sha256: str) -> int | None:
        """From the folder's entry."""
        try:
            return self.path(sha256).stat().st_size
        except FileNotFoundError:
            return None

    async def read(self, sha256: str, first: int, end: int) -> AsyncGenerator[bytes, None]:
        """In pieces, each on a thread."""
        try:
            file = await open_at(self.path(sha256), first)
            async with aclosing(pieces(file, end - first)) as found:
                async for piece in found:
                    yield piece
        except FileNotFoundError:
            raise BlobLost(f"{sha256} is not there") from None
        except EOFError:
            raise BlobLost(f"{sha256} is shorter than it was") from None

    @contextmanager
    def local(self, sha256: str) -> Iterator[Path]:
        """The file itself."""
        path = self.path(sha256)
        try:
            right = sha256_of(path) == sha256
        except FileNotFoundError:
            raise BlobLost(f"{sha256} is not there") from None
        if not right:
            raise BlobLost(f"{path} is damaged: its content has another hash than its name says")
        yield path

    def sweep(self, in_transaction: InTransaction, *, database: str, since: datetime) -> int:
        """Look and remove in one transaction for each subfolder: nobody can name a blob in between.

        The folder lies in a data folder, which has one owner, so `database` needs no proof.
        """
        removed = 0
        for folder in self._folder.iterdir():
            if folder == self._workspaces or not folder.is_dir():
                continue
            if _old_files(folder, since):

                def remove(named: Named, folder: Path = folder) -> int:
                    old = _old_files(folder, since)  # anew: what has come again meanwhile is young
                    kept = named([file.name for file in old]) if old else set()
                    orphans = [file for file in old if file.name not in kept]
                    for file in orphans:
                        file.unlink(missing_ok=True)
                    return len(orphans)

                removed += in_transaction(remove)
        return removed


def _old_files(folder: Path, since: datetime) -> list[Path]:
    oldest = time.time() - GRACE_SECONDS
    return [file for file in folder.iterdir() if since.timestamp() < file.stat().st_mtime < oldest]
