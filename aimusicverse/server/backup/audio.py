"""Recordings out of the store of blobs and into it, their hashes checked on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from aimusicverse.server.store.blobs import Blobs

_PIECE = 2**20


class AudioLost(Exception):
    """A recording is not there, or not what its name says."""


def pieces(blobs: Blobs, sha256: str) -> Iterator[bytes]:
    """Its content.

    Raises:
        AudioLost: it is not there; or, after the last piece, it was damaged.
    """
    digest = hashlib.sha256()
    try:
        with blobs.path(sha256).open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
                yield piece
    except FileNotFoundError:
        raise AudioLost("missing") from None
    if digest.hexdigest() != sha256:
        raise AudioLost("damaged")


def is_there(blobs: Blobs, sha256: str) -> bool:
    """Whether something of that name is kept."""
    return blobs.path(sha256).exists()


def is_whole(blobs: Blobs, sha256: str) -> bool:
    """Whether it is kept, and undamaged."""
    try:
        for _ in pieces(blobs, sha256):
            pass
    except AudioLost:
        return False
    return True


def put(blobs: Blobs, workspace: Path, sha256: str, content: Iterable[bytes]) -> None:
    """Keep a recording.

    Raises:
        AudioLost: the content is another one.
    """
    file, digest = workspace / sha256, hashlib.sha256()
    with file.open("wb") as opened:
        for piece in content:
            opened.write(piece)
            digest.update(piece)
    if digest.hexdigest() != sha256:
        raise AudioLost("damaged")
    blobs.adopt(file, sha256)
