"""The door to the blobs.

A row never names a blob that is not there: content is brought to its store (`prepare`) before the
transaction that names it, and taken over (`adopt`) inside it. The other way round, a blob without a
row, is what a crash leaves, and what `sweep` removes.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from aimusicverse.server.store.blobs.files import sha256_of
from aimusicverse.server.store.errors import StoreError

_SHA256 = re.compile(r"[0-9a-f]{64}")
#: What a running job may still be about to name in a row.
GRACE_SECONDS = 3600

#: Which of some hashes a row names.
Named = Callable[[list[str]], set[str]]
#: Called with a function, calls that with `Named` in a write transaction, perhaps more than once.
InTransaction = Callable[[Callable[[Named], int]], int]


class BlobLost(Exception):
    """A blob is not there, or is not what its name says."""


class BlobsUnavailable(StoreError):
    """What keeps the blobs does not answer, or refuses. The message says what, where, what to do."""

    def __init__(self, message: str, *, misconfigured: bool = False) -> None:
        super().__init__(message)
        #: Waiting will not help: somebody has to change a setting, or a right.
        self.misconfigured = misconfigured


@dataclass(frozen=True, slots=True)
class Content:
    """A blob and its size in bytes."""

    sha256: str
    size: int


class Blobs(ABC):
    """Content, named by hash. Functions that are not `async` block: they are for threads."""

    def __init__(self, workspaces: Path) -> None:
        """Keep workspaces in the folder `workspaces`, which is created."""
        self._workspaces = workspaces
        workspaces.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def workspace(self) -> Iterator[Path]:
        """An empty folder on this machine, removed with all that is left in it."""
        self._workspaces.mkdir(parents=True, exist_ok=True)  # a cache may be deleted at any time
        folder = Path(tempfile.mkdtemp(dir=self._workspaces))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def clear_workspaces(self) -> None:
        """Remove what a process that was killed left behind. Only while nobody else works here."""
        for folder in self._workspaces.iterdir():
            shutil.rmtree(folder, ignore_errors=True)

    @abstractmethod
    def close(self) -> None:
        """The server stops: give up what takes long. Does not wait for it."""

    @abstractmethod
    def check(self) -> None:
        """Look whether content can be kept and read now. Does not try for long.

        Raises:
            BlobsUnavailable: it cannot.
        """

    @abstractmethod
    def prepare(self, file: Path, sha256: str, meanwhile: Callable[[], None] | None = None) -> None:
        """Bring a finished file to where it will be kept: what may take a while.

        Args:
            file: in a workspace; it stays there.
            sha256: its hash, which must be right.
            meanwhile: called about once a second while it lasts; what it raises ends the attempt.

        Raises:
            BlobsUnavailable: the store did not take it, after several tries.
            OSError: no room left (`ENOSPC`), among others.
        """

    @abstractmethod
    def adopt(self, file: Path, sha256: str) -> None:
        """Take a prepared file over, in the transaction that names it: quick, and repeatable.

        A transaction may be run again: a file that an earlier run has already moved is accepted.

        Raises:
            BlobLost: there is neither the file nor the blob.
        """

    def keep(self, file: Path) -> Content:
        """Take a finished file over before any row names it: one that can be made again, if a crash comes
        between.

        Raises:
            BlobsUnavailable, OSError: as `prepare`.
        """
        kept = Content(sha256_of(file), file.stat().st_size)
        self.prepare(file, kept.sha256)
        self.adopt(file, kept.sha256)
        return kept

    @abstractmethod
    async def size(self, sha256: str) -> int | None:
        """The blob's size in bytes; `None` when it is not there.

        Raises:
            BlobsUnavailable: nobody can say.
        """

    @abstractmethod
    def read(self, sha256: str, first: int, end: int) -> AsyncGenerator[bytes, None]:
        """The bytes from `first` up to, not including, `end`, in pieces; both lie within the blob.

        Raises:
            BlobLost: it is not there, or shorter than that.
            BlobsUnavailable: the store stopped to answer.
        """

    @abstractmethod
    def local(self, sha256: str) -> AbstractContextManager[Path]:
        """The blob as a file on this machine, its content checked, to be read within the context.

        Raises:
            BlobLost: it is not there, or damaged.
            BlobsUnavailable: the store does not answer.
        """

    @abstractmethod
    def sweep(self, in_transaction: InTransaction, *, database: str, since: datetime) -> int:
        """Remove blobs older than an hour that no row names; how many went.

        Args:
            in_transaction: how to ask which hashes are named.
            database: the identity of the database that asks. Only one may sweep a store.
            since: when that database began. What is older belongs to another one, which may be damaged
                and on its way back from a backup: it is left alone.

        Raises:
            BlobsUnavailable: the store does not answer.
        """


def blob_path(sha256: str) -> str:
    """Where a blob is, below the folder or prefix of all: the same on every store.

    Raises:
        ValueError: not a SHA-256 in lower-case hex.
    """
    if not _SHA256.fullmatch(sha256):
        raise ValueError("a blob is named by 64 hexadecimal digits")
    return f"{sha256[:2]}/{sha256}"
