"""Blobs in an S3-compatible store, with copies on this machine of what was used last.

A blob is one object, put in one request with its SHA-256, which the store checks: it is there whole
or not at all, and nothing half-done is left behind. It is read in pieces, each a request of its own
with its own retries, so that a listener who pauses holds no connection to the store.
"""

from __future__ import annotations

import asyncio
import logging
import mmap
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import obstore
from obstore.exceptions import BaseError

from aimusicverse.server.store.blobs.base import (
    GRACE_SECONDS,
    BlobLost,
    Blobs,
    BlobsUnavailable,
    InTransaction,
    Named,
    blob_path,
)
from aimusicverse.server.store.blobs.cache import Cache
from aimusicverse.server.store.blobs.files import open_at, pieces, sha256_of
from aimusicverse.server.store.blobs.s3_connection import Patience, S3Address, connect
from aimusicverse.server.store.blobs.s3_failures import failure

log: Final = logging.getLogger("aimusicverse.server.store")

#: How much is fetched at once, and so what a listener costs in memory.
_PIECE_BYTES = 1024 * 1024
#: What an upload may be slowed down to before it is given up, in bytes a second.
_SLOWEST_UPLOAD = 128 * 1024
#: Which database sweeps here.
_MARKER = "database"


class S3Blobs(Blobs):
    """Content in a bucket, named by hash."""

    def __init__(
        self, address: S3Address, cache: Path, *, cache_bytes: int, patience: Patience | None = None
    ) -> None:
        """Does not call the store.

        Args:
            address: the store.
            cache: a folder for copies and for the workspaces of running jobs.
            cache_bytes: how much the copies may take.
            patience: how long to wait.
        """
        super().__init__(cache / "tmp")
        self._address = address
        self._cache = Cache(cache, limit=cache_bytes)
        self._patience = patience or Patience()
        self._store = connect(address, answer=self._patience.answer, retry=self._patience.retry)
        self._checked = connect(address, answer=self._patience.check, retry=self._patience.check, retries=1)
        #: What this process has put, and when: for as long as its rows may not be committed yet.
        self._prepared: dict[str, float] = {}
        self._closed = threading.Event()
        self._sweeping = threading.Lock()  # held while one blob is removed

    def close(self) -> None:
        """End uploads and a sweep within about a second."""
        self._closed.set()

    def check(self) -> None:
        """Ask for a small object, whether or not it is there."""
        with self._failures("answer"):
            try:
                obstore.get(self._checked, _MARKER)
            except FileNotFoundError as error:
                if "NoSuchBucket" in str(error):
                    raise

    def prepare(self, file: Path, sha256: str, meanwhile: Callable[[], None] | None = None) -> None:
        """Put the content, also when it is there already: for the sweep it is new then."""
        meanwhile = meanwhile or _nothing
        while not self._sweeping.acquire(timeout=1):
            meanwhile()
        try:
            now = time.monotonic()
            self._prepared = {name: at for name, at in self._prepared.items() if now - at < GRACE_SECONDS} | {
                sha256: now
            }
        finally:
            self._sweeping.release()
        with self._failures("take a blob", taking=True):
            asyncio.run(self._put(file, blob_path(sha256), meanwhile))

    async def _put(self, file: Path, path: str, meanwhile: Callable[[], None]) -> None:
        size = file.stat().st_size
        store = connect(
            self._address,
            answer=self._patience.answer + size / _SLOWEST_UPLOAD,
            retry=self._patience.retry_upload,
            retries=10,
        )
        with file.open("rb") as opened:
            # Not closed but dropped: after a cancellation the client may hold it for a moment more.
            content = memoryview(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)) if size else b""
        putting = asyncio.ensure_future(obstore.put_async(store, path, content, use_multipart=False))
        try:
            while not (await asyncio.wait({putting}, timeout=1))[0]:
                meanwhile()
                if self._closed.is_set():
                    raise BlobsUnavailable("the server stops")
        finally:
            putting.cancel()
        await putting

    def adopt(self, file: Path, sha256: str) -> None:
        """Keep the file as a copy: what is new is listened to first."""
        try:
            self._cache.add(file, sha256)
        except FileNotFoundError:
            if sha256 not in self._prepared:
                raise BlobLost(f"{file} is gone, and was not put as {sha256}") from None

    async def size(self, sha256: str) -> int | None:
        """From the copy, or from the store."""
        if (size := self._cache.size(sha256)) is not None:
            return size
        with self._failures("say what it has"):
            try:
                return (await obstore.head_async(self._store, blob_path(sha256)))["size"]
            except FileNotFoundError:
                pass
        # An answer to HEAD has no body: it says the same of a blob and of a whole bucket that is gone.
        await asyncio.to_thread(self.check)
        return None

    async def read(self, sha256: str, first: int, end: int) -> AsyncGenerator[bytes, None]:
        """From the copy, or piece by piece from the store."""
        if (copy := self._cache.find(sha256)) is not None:
            try:
                file = await open_at(copy, first)
            except FileNotFoundError:
                log.debug("a copy was removed just now", extra={"blob": sha256})
            else:
                try:
                    async with aclosing(pieces(file, end - first)) as found:
                        async for piece in found:
                            yield piece
                except EOFError:
                    self._cache.remove(sha256)
                    raise BlobLost(f"the copy {copy} was shortened") from None
                return
        while first < end:
            until = min(first + _PIECE_BYTES, end)
            piece = await self._piece(sha256, first, until)
            first = until
            yield piece

    async def _piece(self, sha256: str, first: int, end: int) -> bytes:
        with self._giving(sha256):
            piece = bytes(await obstore.get_range_async(self._store, blob_path(sha256), start=first, end=end))
        if len(piece) != end - first:
            raise BlobLost(f"{sha256} is shorter than it was, in {self._address}")
        return piece

    @contextmanager
    def local(self, sha256: str) -> Iterator[Path]:
        """A copy, fetched if there is none."""
        with self._cache.in_use(sha256):
            yield self._right_copy(sha256) or self._fetched(sha256)

    def _right_copy(self, sha256: str) -> Path | None:
        copy = self._cache.find(sha256)
        try:
            if copy is None or sha256_of(copy) == sha256:
                return copy
        except FileNotFoundError:
            return None
        log.warning("a damaged copy is fetched again", extra={"copy": str(copy)})
        self._cache.remove(sha256)
        return None

    def _fetched(self, sha256: str) -> Path:
        with self.workspace() as workspace:
            target = workspace / sha256
            with target.open("wb") as file:
                for piece in self._whole(sha256):
                    file.write(piece)
            if sha256_of(target) != sha256:
                raise BlobLost(f"{sha256} is damaged: its content has another hash, in {self._address}")
            self._cache.add(target, sha256)
        copy = self._cache.find(sha256)
        if copy is None:
            raise BlobLost(f"the copy of {sha256} was removed as soon as it was made")
        return copy

    def _whole(self, sha256: str) -> Iterator[bytes]:
        path = blob_path(sha256)
        with self._giving(sha256):
            size = obstore.head(self._store, path)["size"]
            for first in range(0, size, _PIECE_BYTES):
                end = min(first + _PIECE_BYTES, size)
                yield bytes(obstore.get_range(self._store, path, start=first, end=end))

    def sweep(self, in_transaction: InTransaction, *, database: str, since: datetime) -> int:
        """List page by page; ask for the names of a page's old blobs at once; look again before removing.

        The store is not called within a transaction, which others wait for. That a blob is put anew between
        the question and its removal is excluded for this process by what it remembers to have put, and
        for other servers on the same database by a second look.
        """
        if not self._is_swept_by(database):
            return 0
        oldest = datetime.now(UTC) - timedelta(seconds=GRACE_SECONDS)
        removed = 0
        with self._failures("list what it has"):
            for page in obstore.list(self._store, chunk_size=1000):
                old = {
                    name: meta["last_modified"]
                    for meta in page
                    if since < meta["last_modified"] < oldest and (name := _blob_name(meta["path"]))
                }
                for orphan in _orphans(in_transaction, list(old)) if old else ():
                    if self._closed.is_set():
                        return removed
                    removed += self._remove(orphan, old[orphan])
        return removed

    def _is_swept_by(self, database: str) -> bool:
        """Whether this database may remove here: the first that asks may, until the marker is deleted."""
        with self._failures("say which database it belongs to"):
            try:
                found = obstore.get(self._store, _MARKER)
            except FileNotFoundError:
                obstore.put(self._store, _MARKER, database.encode(), use_multipart=False)
                found = obstore.get(self._store, _MARKER)  # somebody else may have been quicker
            owner = bytes(found.bytes()).decode(errors="replace")
        if owner != database:
            log.warning(
                "orphaned blobs are not removed: the place is another database's. Give this server another "
                "prefix in AMV_BLOBS or, if the other is no more, delete the object that names it",
                extra={"store": str(self._address), "object": _MARKER, "database": owner, "ours": database},
            )
        return owner == database

    def _remove(self, sha256: str, last_modified: datetime) -> int:
        with self._sweeping:
            if sha256 in self._prepared:
                return 0
            path = blob_path(sha256)
            try:
                if obstore.head(self._store, path)["last_modified"] != last_modified:
                    return 0
                obstore.delete(self._store, path)
            except FileNotFoundError:
                return 0
            self._cache.remove(sha256)
            return 1

    @contextmanager
    def _giving(self, sha256: str) -> Iterator[None]:
        with self._failures("give a blob"):
            try:
                yield
            except FileNotFoundError as error:
                if "NoSuchBucket" in str(error):
                    raise
                raise BlobLost(f"{sha256} is not in {self._address}") from None
            except BaseError as error:
                if "<Code>InvalidRange</Code>" not in str(error):
                    raise
                raise BlobLost(f"{sha256} is shorter than it was, in {self._address}") from None

    @contextmanager
    def _failures(self, doing: str, *, taking: bool = False) -> Iterator[None]:
        try:
            yield
        except BaseError as error:
            # Not chained: the client's own message repeats what was signed.
            raise failure(error, doing, str(self._address), taking=taking) from None
        except FileNotFoundError as error:
            if "NoSuchBucket" not in str(error):
                raise
            raise failure(error, doing, str(self._address)) from None


def _nothing() -> None:
    """What is done meanwhile, unless somebody knows better."""


def _blob_name(path: str) -> str | None:
    """The hash in an object's path; `None` for what is no blob."""
    name = path.rpartition("/")[2]
    try:
        return name if blob_path(name) == path else None
    except ValueError:
        return None


def _orphans(in_transaction: InTransaction, hashes: list[str]) -> list[str]:
    found: list[str] = []

    def look(named: Named) -> int:
        kept = named(hashes)
        found[:] = [name for name in hashes if name not in kept]
        return len(found)

    in_transaction(look)
    return found
