"""Restoring a backup, into either database."""

from __future__ import annotations

import hmac
import secrets
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from aimusicverse.clock import real_now
from aimusicverse.errors import ConfigurationError
from aimusicverse.secret import Secret
from aimusicverse.server import agreement, kept_blobs
from aimusicverse.server.backup import contents
from aimusicverse.server.backup.archive import BLOBS, Archive, BackupInvalid
from aimusicverse.server.backup.place import AUDIO, CHECK, Place, Report, counted
from aimusicverse.server.data_folder import DataFolder, decoded_master_key
from aimusicverse.server.deliveries import queries as deliveries
from aimusicverse.server.jobs import outbox
from aimusicverse.server.store import rows, schema
from aimusicverse.server.store.database import Database
from aimusicverse.server.store.errors import RowsInvalid, SchemaUnknown, StoreDamaged
from aimusicverse.server.store.transaction import Transaction

T = TypeVar("T")

_NOT_RECORDINGS = (kept_blobs.COVER, kept_blobs.ARTWORK, kept_blobs.STEM)


@dataclass(slots=True)
class Restored:
    """What came back."""

    file: str
    database: str
    #: Of the backup, and of the database now.
    schema_before: str
    schema: str
    rows: dict[str, int]
    recordings: int
    covers: int
    #: Files of artworks, the smaller forms too.
    artwork: int
    stems: int
    #: Hashes of recordings and pictures that a row names and that are neither in the backup nor here.
    missing: list[str] = field(default_factory=list)
    #: `restored`, `as before`, or `left out`.
    master_key: str = "as before"
    #: Where a file went that was in the way.
    moved_aside: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)


def restore(place: Place, source: Path, *, replace: bool, with_key: bool, report: Report) -> Restored:
    """Make a place what it was when the backup was made: all of it, or nothing.

    Args:
        place: where to; no server may run there.
        source: the backup.
        replace: whether rows that are there may go.
        with_key: whether the master key comes along. Without it, cursors, play links and kept answers that
            were made before are void, unless the key that is known here is the same.
        report: told how far it is.

    Raises:
        BackupInvalid: the file is no backup, or not whole.
        NotEmpty: there are rows, and they may not go.
        ConfigurationError: a server runs here, or the master keys do not agree.
        StoreError: the database cannot be used, or does not know the schema.
        OSError: the file cannot be read, or something cannot be written.
    """
    if not source.exists():
        raise FileNotFoundError(2, "No such file", str(source))
    with place.locked() as folder, closing(Archive(source, lambda *far: report(CHECK, *far))) as backup:
        revision = backup.manifest["schema"]
        if revision not in schema.revisions():
            raise SchemaUnknown(
                f"the backup has schema {revision[:40]!r}, of version "
                f"{str(backup.manifest.get('product_version'))[:40]}; the newest here is {schema.HEAD}: "
                "use that version or a newer one"
            )
        key = _key_to_install(place, backup, with_key=with_key)
        aside = _Aside(place.database, allowed=replace)
        master_key = _MasterKey(folder, key)
        try:
            aside.run(lambda: _check_may_fill(place.database, replace=replace))
            _put_audio(place, backup, report)
            counts, kinds, missing = aside.run(
                lambda: _put_rows(
                    place, backup, master_key, replace=replace, with_key=with_key, report=report
                )
            )
        except BaseException:
            master_key.undo()
            aside.undo()
            raise
        return Restored(
            file=str(source),
            database=place.database.name,
            schema_before=revision,
            schema=schema.HEAD,
            rows=counts,
            recordings=len(backup.blobs) - sum(kinds[kind] for kind in _NOT_RECORDINGS),
            covers=kinds[kept_blobs.COVER],
            artwork=kinds[kept_blobs.ARTWORK],
            stems=kinds[kept_blobs.STEM],
            missing=missing,
            master_key="left out" if not with_key else "restored" if key else "as before",
            moved_aside=[str(path) for path in (aside.path, master_key.before) if path is not None],
        )


class _Aside:
    """A damaged database file is what a restore is for: it goes aside, and comes back when that fails."""

    def __init__(self, database: Database, *, allowed: bool) -> None:
        self._database = database
        self._allowed = allowed
        self.path: Path | None = None

    def run(self, function: Callable[[], T]) -> T:
        """Call it, and once more without the file if that is damaged."""
        try:
            return function()
        except StoreDamaged:
            if not self._allowed or self.path is not None or self._database.file is None:
                raise
            self.path = self._database.move_aside()
            return function()

    def undo(self) -> None:
        """Put the file back."""
        if self.path is not None:
            self._database.move_back(self.path)


def _check_may_fill(database: Database, *, replace: bool) -> None:
    """Before anything is written: what would be refused later is refused now."""
    if database.file is None or database.file.exists():
        with database.alone() as connection:
            rows.check_may_fill(connection, replace=replace)


def _put_audio(place: Place, backup: Archive, report: Report) -> None:
    """Content that no row names yet harms nobody: it is swept, should the rows not come."""
    done, whole = 0, sum(member.size for member in backup.blobs)
    with place.blobs() as blobs, blobs.workspace() as workspace:
        for member in backup.blobs:
            report(AUDIO, done, whole)
            try:
                contents.put(blobs, workspace, member.name.removeprefix(BLOBS), backup.pieces(member))
            except contents.ContentLost:
                raise BackupInvalid("it changed while it was read") from None
            done += member.size


def _put_rows(
    place: Place,
    backup: Archive,
    master_key: _MasterKey,
    *,
    replace: bool,
    with_key: bool,
    report: Report,
) -> tuple[dict[str, int], Counter[str], list[str]]:
    expected = backup.manifest["rows"]
    whole = sum(count for count in expected.values() if type(count) is int)
    lines = counted(backup.lines(), whole, report)
    with place.database.alone() as connection:
        try:
            counts = rows.fill(connection, lines, revision=backup.manifest["schema"], replace=replace)
        except RowsInvalid as error:
            raise BackupInvalid(str(error)) from error
        if counts != expected:
            raise BackupInvalid("it has other rows than its manifest says")
        tx = Transaction(connection, datetime.fromtimestamp(real_now(), UTC))
        outbox.release_all_leases(tx)  # whoever held one is at work in another database
        deliveries.release_all_leases(tx)
        if not with_key:
            agreement.forget_master_key(tx)
        there = {member.name.removeprefix(BLOBS) for member in backup.blobs}
        listed = kept_blobs.for_a_backup(tx)
        kinds = Counter(kept.kind for kept in listed if kept.sha256 in there)
        with place.blobs() as blobs:
            missing = [
                kept.sha256
                for kept in listed
                if kept.sha256 not in there and not contents.is_there(blobs, kept.sha256)
            ]
        master_key.install()
    return counts, kinds, missing


def _key_to_install(place: Place, backup: Archive, *, with_key: bool) -> str | None:
    """The text that `master.key` must get; None when it is right as it is.

    Raises:
        BackupInvalid: the key of the backup is not that of its rows.
        ConfigurationError: the keys do not agree.
    """
    if not with_key:
        return None
    check = backup.manifest.get("master_check")
    here, theirs = place.master_key(), backup.key()
    if theirs is None:
        if check is not None and not _fits(here, check):
            raise ConfigurationError(
                "the backup was made without its master key, and the key that is known here is not the one: "
                "set AMV_MASTER_KEY to it, or give up what it sealed (cursors, play links, kept answers) "
                "with --without-key"
            )
        return None
    try:
        if check is not None and not _fits(Secret(theirs), check):
            raise BackupInvalid("its master key is not that of its rows")
        decoded_master_key(theirs, "")
    except ConfigurationError:
        raise BackupInvalid("its master key is none") from None
    if here is not None and hmac.compare_digest(here.get_secret_value(), theirs):
        return None
    if place.settings.master_key is not None:
        raise ConfigurationError(
            "AMV_MASTER_KEY is not the master key of the backup: unset it, or give up what the backup's key "
            "sealed (cursors, play links, kept answers) with --without-key"
        )
    return theirs


def _fits(key: Secret | None, check: str) -> bool:
    if key is None:
        return False
    decoded = decoded_master_key(key.get_secret_value(), "the master key")
    return hmac.compare_digest(agreement.master_check(decoded), str(check))


class _MasterKey:
    """Puts another key into `master.key`. The one before keeps another name: it may open something yet."""

    def __init__(self, folder: DataFolder, key: str | None) -> None:
        self._folder = folder
        self._key = key
        self._file = folder.path / "master.key"
        self._installed = False
        #: Where the one before went.
        self.before: Path | None = None

    def install(self) -> None:
        """Write it, if it is another."""
        if self._key is None:
            return
        if self._file.exists():
            self.before = self._file.with_name(f"master.key.before-{secrets.token_hex(3)}")
            self._file.rename(self.before)
        self._installed = True
        self._folder.keep_master_key(self._key)

    def undo(self) -> None:
        """As it was."""
        if self._installed:
            self._file.unlink(missing_ok=True)
        if self.before is not None:
            self.before.rename(self._file)
