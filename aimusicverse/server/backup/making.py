"""Making a backup, while servers go on."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from aimusicverse._version import __version__
from aimusicverse.clock import real_now
from aimusicverse.errors import ConfigurationError
from aimusicverse.server import agreement, kept_blobs
from aimusicverse.server.backup import archive, contents
from aimusicverse.server.backup.place import AUDIO, Place, Report, counted, server_row
from aimusicverse.server.data_folder import decoded_master_key
from aimusicverse.server.kept_blobs import ARTWORK, COVER, STEM, Kept
from aimusicverse.server.store import rows, schema
from aimusicverse.server.store.blobs import Blobs, sync_folder
from aimusicverse.server.store.errors import StoreError
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.types.base import rfc3339


@dataclass(slots=True)
class Made:
    """What a backup holds, and what it could not take."""

    file: str
    database: str
    schema: str
    size_bytes: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    recordings: int = 0
    covers: int = 0
    #: Files of artworks, the smaller forms too.
    artwork: int = 0
    stems: int = 0
    holds_audio: bool = True
    holds_master_key: bool = False
    #: Hashes of recordings and pictures that no row names any more, since the rows were read.
    deleted_meanwhile: list[str] = field(default_factory=list)
    #: Hash of a recording or picture that a row names → `missing` or `damaged`.
    lost: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)


def make(
    place: Place, target: Path, *, with_audio: bool, with_key: bool, overwrite: bool, report: Report
) -> Made:
    """Write a backup of a place into one file, readable by this user only, whole or not at all.

    The rows are those of one moment. A blob is never changed, so that it may be read later.

    Args:
        place: what to back up; its servers may run.
        target: the file.
        with_audio: whether the recordings and pictures come along.
        with_key: whether the master key does.
        overwrite: whether a file of that name may go.
        report: told how far it is.

    Raises:
        FileExistsError: there is such a file, and it may not go.
        ConfigurationError: the master key that is known here is not that of the database.
        StoreError: there is no database, or it cannot be read.
        OSError: the file cannot be written.
    """
    if os.path.lexists(target) and not (overwrite and target.is_file()):
        raise FileExistsError(f"{target} exists" + ("" if target.is_file() else ", and is no file"))
    with _whole_or_not_at_all(target, overwrite=overwrite) as file:
        writer = archive.Writer(file)
        made, blobs, manifest = _write_rows(place, writer, str(target), report)
        if with_key:
            made.holds_master_key = _write_key(place, writer, manifest["master_check"])
        made.holds_audio = with_audio
        if with_audio:
            _write_audio(place, writer, blobs, made, report)
        writer.finish({**manifest, "audio": with_audio, "lost": made.lost, "rows": made.rows})
        made.size_bytes = file.tell()
    return made


def _write_rows(
    place: Place, writer: archive.Writer, name: str, report: Report
) -> tuple[Made, list[Kept], dict[str, Any]]:
    with place.database.reading() as connection:
        revision = schema.current(connection)
        if revision is None:
            raise StoreError(f"there are no rows in {place.database.name} yet")
        made = Made(name, place.database.name, revision, rows=rows.count_all(connection))
        whole = sum(made.rows.values())
        with writer.member(archive.ROWS) as member:
            for line in counted(rows.dump(connection), whole, report):
                member.write(line)
        now = datetime.fromtimestamp(real_now(), UTC)
        offset, master_check = server_row(connection)
        blobs = kept_blobs.for_a_backup(Transaction(connection, now))
    return (
        made,
        blobs,
        {
            "format": archive.FORMAT,
            "format_version": archive.FORMAT_VERSION,
            "product_version": __version__,
            "schema": revision,
            "created_at": rfc3339(now + timedelta(microseconds=offset)),
            "created_at_real_time": rfc3339(now),
            "master_check": master_check,
        },
    )


def _write_key(place: Place, writer: archive.Writer, check: str | None) -> bool:
    key = place.master_key()
    if key is None and check is None:
        return False  # no server has begun here yet
    if key is None:
        raise ConfigurationError(
            f"the master key of this database is not in {place.folder}: set AMV_MASTER_KEY, or leave it out "
            "with --without-key"
        )
    decoded = decoded_master_key(key.get_secret_value(), "the master key")
    if check is not None and agreement.master_check(decoded) != check:
        raise ConfigurationError(
            "the master key that is known here is not that of the database: set AMV_MASTER_KEY to its own, "
            "or leave it out with --without-key"
        )
    with writer.member(archive.KEY) as member:
        member.write(key.get_secret_value().encode())
    return True


def _write_audio(
    place: Place, writer: archive.Writer, listed: list[Kept], made: Made, report: Report
) -> None:
    done, whole = 0, sum(kept.size for kept in listed)
    with place.blobs() as blobs:
        for kept in listed:
            report(AUDIO, done, whole)
            try:
                _write_one(writer, blobs, kept.sha256)
                if kept.kind == COVER:
                    made.covers += 1
                elif kept.kind == ARTWORK:
                    made.artwork += 1
                elif kept.kind == STEM:
                    made.stems += 1
                else:
                    made.recordings += 1
            except contents.ContentLost as lost:
                if _is_named(place, kept):
                    made.lost[kept.sha256] = str(lost)
                else:
                    made.deleted_meanwhile.append(kept.sha256)
            done += kept.size


def _write_one(writer: archive.Writer, blobs: Blobs, sha256: str) -> None:
    with writer.member(archive.BLOBS + sha256) as member:
        for piece in contents.pieces(blobs, sha256):
            member.write(piece)
        if member.sha256 != sha256:
            raise contents.ContentLost("damaged")


def _is_named(place: Place, kept: Kept) -> bool:
    """Whether a row still names it, now and not when the rows were read."""
    with place.database.reading() as connection:
        return kept_blobs.is_named(Transaction(connection, datetime.fromtimestamp(real_now(), UTC)), kept)


@contextmanager
def _whole_or_not_at_all(target: Path, *, overwrite: bool) -> Iterator[BinaryIO]:
    """A file for this user only, under another name until it is whole and on the disk."""
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if not overwrite and os.path.lexists(target):
            raise FileExistsError(f"{target} exists: it came to be meanwhile")
        temporary.replace(target)
        sync_folder(target.absolute().parent)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
