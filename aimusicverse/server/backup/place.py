"""What an operator's command works on: a database, the data folder, the blobs, and the master key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import sqlalchemy as sa

from aimusicverse.errors import ConfigurationError
from aimusicverse.secret import Secret
from aimusicverse.server.data_folder import DataFolder, decoded_master_key
from aimusicverse.server.settings import Settings
from aimusicverse.server.store import rows
from aimusicverse.server.store.blobs import Blobs
from aimusicverse.server.store.blobs.opening import find_blobs
from aimusicverse.server.store.database import Database
from aimusicverse.server.store.opening import open_database
from aimusicverse.server.store.tables import server

#: Told what is being done, how much of it is done, and how much it is.
Report = Callable[[str, int, int], None]
ROWS: Final = "rows"
AUDIO: Final = "audio"
CHECK: Final = "check"


@dataclass(frozen=True, slots=True)
class Place:
    """One server's things, as its settings name them."""

    settings: Settings
    database: Database

    @property
    def folder(self) -> Path:
        """The data folder."""
        return self.settings.data_dir

    @contextmanager
    def locked(self) -> Iterator[DataFolder]:
        """Hold the data folder, so that no server begins on it meanwhile.

        Raises:
            ConfigurationError: a server runs on it.
        """
        try:
            folder = DataFolder(self.folder)
        except ConfigurationError as error:
            if " is held by " not in error.message:
                raise
            who = error.message.partition(";")[0]  # the rest is for those who want to serve
            raise ConfigurationError(f"{who}; stop it first") from None
        try:
            yield folder
        finally:
            folder.release()

    @contextmanager
    def blobs(self) -> Iterator[Blobs]:
        """Recordings and pictures, beside a server that may run.

        Raises:
            ConfigurationError: their settings cannot be.
        """
        with TemporaryDirectory(prefix="aimusicverse-") as cache:
            blobs = find_blobs(self.settings, self.folder, Path(cache))
            try:
                yield blobs
            finally:
                blobs.close()

    def master_key(self) -> Secret | None:
        """The text of the key that a server would use here; none is made.

        Raises:
            ConfigurationError: it is none.
        """
        named, file = self.settings.master_key, self.folder / "master.key"
        if named is None and not file.exists():
            return None
        key = named if named is not None else Secret(file.read_text("latin-1").strip())
        decoded_master_key(key.get_secret_value(), "AMV_MASTER_KEY" if named else str(file))
        return key


@contextmanager
def open_place(settings: Settings) -> Iterator[Place]:
    """The place that these settings name.

    Raises:
        StoreError: the URL of the database cannot be one.
    """
    database = open_database(settings.database_url, settings.data_dir / "amv.db")
    try:
        yield Place(settings, database)
    finally:
        database.close()


def server_row(connection: sa.Connection) -> tuple[int, str | None]:
    """By how many microseconds server time is ahead, and the check of the master key, where there is one."""
    if not sa.inspect(connection).has_table(server.name):
        return 0, None
    row = connection.execute(sa.select(server.c.clock_offset, server.c.master_check)).one_or_none()
    return (0, None) if row is None else (row.clock_offset, row.master_check)


def counted(lines: Iterator[bytes], whole: int, report: Report) -> Iterator[bytes]:
    """The same lines; how many have passed is reported now and then."""
    for number, line in enumerate(lines):
        if number % rows.BATCH == 0:
            report(ROWS, min(number, whole), whole)
        yield line
