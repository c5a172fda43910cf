"""The two places where blobs are kept, as tests see them: with a way behind the door's back."""

from __future__ import annotations

import hashlib
import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from aimusicverse.secret import Secret
from aimusicverse.server.store.blobs.base import GRACE_SECONDS, Blobs, blob_path
from aimusicverse.server.store.blobs.folder import FolderBlobs
from aimusicverse.server.store.blobs.s3 import S3Blobs
from aimusicverse.server.store.blobs.s3_connection import Patience, S3Address
from tests.server.store.s3_stand_in import StandIn

#: A test should not wait long for a store that never answers.
HURRIED = Patience(answer=1, retry=2, retry_upload=1.5, check=0.5)
OLD = timedelta(seconds=GRACE_SECONDS + 60)
SECRET = "do-not-print-this"


class Place(Protocol):
    blobs: Blobs

    def age(self, sha256: str) -> None: ...
    def replace(self, sha256: str, content: bytes | None) -> None: ...
    def stray(self, name: str) -> None: ...


class Folder:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.blobs = FolderBlobs(folder)

    def age(self, sha256: str) -> None:
        old = time.time() - OLD.total_seconds()
        os.utime(self.blobs.path(sha256), (old, old))

    def replace(self, sha256: str, content: bytes | None) -> None:
        path = self.blobs.path(sha256)
        path.unlink() if content is None else path.write_bytes(content)

    def stray(self, name: str) -> None:
        (self.folder / name).write_text("mine")


class Bucket:
    """Without a cache, so that every read goes to the store."""

    prefix = "of/ours"

    def __init__(self, stand_in: StandIn, name: str, folder: Path, *, cache_bytes: int = 0) -> None:
        self.stand_in = stand_in
        self.name = name
        self.address = S3Address(
            bucket=name,
            prefix=self.prefix,
            endpoint=stand_in.url,
            region="us-east-1",
            access_key_id="tester",
            secret_access_key=Secret(SECRET),
        )
        self.blobs = S3Blobs(self.address, folder, cache_bytes=cache_bytes, patience=HURRIED)

    def age(self, sha256: str) -> None:
        self.stand_in.age(self.name, f"{self.prefix}/{blob_path(sha256)}", OLD)

    def replace(self, sha256: str, content: bytes | None) -> None:
        self.stand_in.replace(self.name, f"{self.prefix}/{blob_path(sha256)}", content)

    def stray(self, name: str) -> None:
        self.stand_in.replace(self.name, f"{self.prefix}/{name}", b"mine")
        self.stand_in.age(self.name, f"{self.prefix}/{name}", OLD)


def put(blobs: Blobs, content: bytes, *, twice: bool = False) -> str:
    """Content brought in as a job does it, on a thread."""
    sha256 = hashlib.sha256(content).hexdigest()
    with blobs.workspace() as workspace, ThreadPoolExecutor(1) as threads:
        (workspace / "file").write_bytes(content)
        threads.submit(blobs.prepare, workspace / "file", sha256).result()
        for _ in range(2 if twice else 1):
            blobs.adopt(workspace / "file", sha256)
    return sha256


async def read(blobs: Blobs, sha256: str, first: int, end: int) -> bytes:
    return b"".join([piece async for piece in blobs.read(sha256, first, end)])
