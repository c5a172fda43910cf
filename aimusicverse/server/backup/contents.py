"""Blobs out of their store and into it, their hashes checked on the way."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from aimusicverse.server.store.blobs import BlobLost, Blobs

_PIECE = 2**20


class ContentLost(Exception):
    """A blob is not there, or not what its name says."""


def pieces(blobs: Blobs, sha256: str) -> Iterator[bytes]:
    """Its content.

    Raises:
        ContentLost: it is not there, or damaged.
        BlobsUnavailable: nobody can say.
    """
    try:
        with blobs.local(sha256) as path, path.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece
    except (BlobLost, FileNotFoundError):
        raise ContentLost("damaged" if is_there(blobs, sha256) else "missing") from None


def is_there(blobs: Blobs, sha256: str) -> bool:
    """Whether something of that name is kept.

    Raises:
        BlobsUnavailable: nobody can say.
    """
    return asyncio.run(blobs.size(sha256)) is not None


def put(blobs: Blobs, workspace: Path, sha256: str, content: Iterable[bytes]) -> None:
    """Keep a blob, in place of a damaged one, too.

    Raises:
        ContentLost: the content is another one.
        BlobsUnavailable: it was not taken.
        OSError: no room left, among others.
    """
    file, digest = workspace / sha256, hashlib.sha256()
    with file.open("wb") as opened:
        for piece in content:
            opened.write(piece)
            digest.update(piece)
    if digest.hexdigest() != sha256:
        raise ContentLost("damaged")
    blobs.prepare(file, sha256)
    blobs.adopt(file, sha256)
