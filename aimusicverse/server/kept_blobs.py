"""What the blobs are: a line for each kind of file that rows name.

The sweep leaves what is named here; a backup holds it, except what can be made again from the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import sqlalchemy as sa

from aimusicverse.server.artwork import queries as artwork
from aimusicverse.server.playlists import queries as playlists
from aimusicverse.server.stems import queries as stems
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.tracks import queries as tracks

RECORDING: Final = "recording"
COVER: Final = "cover"
ARTWORK: Final = "artwork"
STEM: Final = "stem"


class Kept(NamedTuple):
    """A blob that a row names."""

    kind: str
    sha256: str
    size: int


class _Kind(NamedTuple):
    """How to ask for one."""

    #: Which of some hashes a row names.
    named: Callable[[Transaction, list[str]], set[str]]
    #: Hash and size of all that belong into a backup.
    all: Callable[[Transaction], list[tuple[str, int]]]
    #: A table and a column that came with it: an older schema has no such files.
    since: tuple[str, str]


_KINDS: Final = {
    RECORDING: _Kind(tracks.named_blobs, tracks.masters, ("track", "master_sha256")),
    COVER: _Kind(playlists.named_blobs, playlists.covers, ("playlist", "cover_sha256")),
    ARTWORK: _Kind(artwork.named_blobs, artwork.pictures, ("artwork_file", "sha256")),
    STEM: _Kind(stems.named_blobs, stems.all_files, ("stem", "sha256")),
}


def named(tx: Transaction, hashes: list[str]) -> set[str]:
    """Which of these blobs some row names."""
    return set().union(*(kind.named(tx, hashes) for kind in _KINDS.values()))


def is_named(tx: Transaction, kept: Kept) -> bool:
    """Whether a row names it still, of whatever kind."""
    return bool(named(tx, [kept.sha256]))


def for_a_backup(tx: Transaction) -> list[Kept]:
    """All that belongs into a backup, each once: a cover may be the same file as an artwork.

    The rows may have the schema of an older version.
    """
    inspector = sa.inspect(tx.server_connection())
    found: dict[str, Kept] = {}
    for name, kind in _KINDS.items():
        table, column = kind.since
        if inspector.has_table(table) and column in (one["name"] for one in inspector.get_columns(table)):
            for sha256, size in kind.all(tx):
                found.setdefault(sha256, Kept(name, sha256, size))
    return list(found.values())
