"""A database without a store around it: for what looks at, fills or changes it as a whole."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from aimusicverse.server.store import schema
from aimusicverse.server.store.errors import InUse, StoreError

#: PostgreSQL ends a transaction of ours that stands still for longer: whoever takes the rows may be slow.
_PATIENCE: Final = "10min"
#: How long PostgreSQL may take to notice that a process has gone.
_LEAVING_SECONDS: Final = 2.0
_BESIDE: Final = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Database:
    """Reads and changes as a whole. Its connections begin no transaction by themselves."""

    #: For messages; holds no password.
    name: str
    #: Each connection is opened when needed, and acts for the server itself.
    engine: sa.Engine
    #: A driver's error as one that says what to do.
    translated: Callable[[sa.exc.DBAPIError], Exception]
    #: SQLite's.
    file: Path | None = None

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """One consistent view of all rows, while others go on writing.

        Raises:
            StoreError: there is no such database, or it cannot be read.
        """
        if self.file is not None and not self.file.exists():
            raise StoreError(f"there is no database {self.file} yet; name another folder with AMV_DATA_DIR")
        with self._telling(), self.engine.connect() as connection:
            if self.file is not None:
                connection.exec_driver_sql("BEGIN")
            else:
                connection.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                _be_patient(connection)
            try:
                yield connection
            finally:
                with suppress(sa.exc.DBAPIError):
                    connection.exec_driver_sql("ROLLBACK")

    @contextmanager
    def alone(self) -> Iterator[sa.Connection]:
        """A transaction in which nobody else changes the schema: all of it comes to be, or nothing.

        Raises:
            InUse: another process is at work in it. (On SQLite, the data folder's lock sees to that.)
            StoreError: it cannot be used.
        """
        is_new = self.file is not None and not self.file.exists()
        try:
            with self._telling(), self.engine.connect() as connection, schema.alone(connection):
                if self.file is None:
                    _be_patient(connection)
                    connection.exec_driver_sql("SET LOCAL lock_timeout = '10s'")
                self.check_nobody_else(connection)
                yield connection
        except BaseException:
            if is_new and self.file is not None:
                self.file.unlink(missing_ok=True)
            raise

    def check_nobody_else(self, connection: sa.Connection) -> None:
        """See that no server or worker is at work. On SQLite the data folder's lock has seen to that.

        Raises:
            InUse: others are connected.
        """
        if self.file is not None:
            return
        until = time.monotonic() + _LEAVING_SECONDS  # whoever has just ended may still be seen
        while others := connection.exec_driver_sql(_OTHERS).scalar_one():
            if time.monotonic() > until:
                raise InUse(
                    f"{self.name} is in use: other processes of aimusicverse hold {others} connections; "
                    "stop them first"
                )
            time.sleep(0.05)
            connection.exec_driver_sql("SELECT pg_stat_clear_snapshot()")

    def is_same_as(self, other: Database) -> bool:
        """Whether both names lead to one database, as far as they tell."""
        return _where(self) == _where(other)

    def close(self) -> None:
        """Let go of it."""
        self.engine.dispose()

    def move_aside(self) -> Path:
        """Give SQLite's file, damaged as it is, another name; the new one."""
        if self.file is None:
            raise StoreError(f"{self.name} is no file that could be moved aside")
        aside = self.file.with_name(f"{self.file.name}.damaged-{secrets.token_hex(3)}")
        for suffix in (*_BESIDE, ""):
            old = Path(f"{self.file}{suffix}")
            if old.exists():
                old.replace(f"{aside}{suffix}")
        return aside

    def move_back(self, aside: Path) -> None:
        """Undo `move_aside`."""
        for suffix in ("", *_BESIDE):
            old = Path(f"{aside}{suffix}")
            if old.exists():
                old.replace(f"{self.file}{suffix}")

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except sa.exc.DBAPIError as error:
            told = self.translated(error)
            if told is error:
                reason = str(error.orig).strip().partition("\n")[0]
                told = StoreError(f"the database {self.name} refuses: {reason}")
            raise told from error


def _be_patient(connection: sa.Connection) -> None:
    connection.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = '{_PATIENCE}'")


def _where(database: Database) -> object:
    if database.file is not None:
        return database.file.resolve()
    url = database.engine.url
    return url.host, url.port or 5432, url.database


#: Those whose role lets us see what they are.
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND starts_with(application_name, 'aimusicverse') AND pid <> pg_backend_pid()"
)
