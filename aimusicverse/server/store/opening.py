"""Which database a server works on."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from aimusicverse.clock import ServerClock
from aimusicverse.secret import Secret
from aimusicverse.server.store import sqlite
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.database import Database
from aimusicverse.server.store.errors import StoreError


def open_store(url: Secret | None, file: Path, *, clock: ServerClock, durable: bool = False) -> Store:
    """The PostgreSQL database at `url`, or without one the SQLite database in `file`.

    Raises:
        StoreError: it cannot be used.
    """
    if url is None:
        return sqlite.SqliteStore(file, clock=clock, durable=durable)
    store: Store = _postgres().PostgresStore(url, clock=clock)
    return store


def open_database(url: Secret | None, file: Path) -> Database:
    """The same database, without a store around it, and as it is: nothing is made or changed.

    Raises:
        StoreError: the URL cannot be one.
    """
    if url is None:
        return Database(str(file), sqlite.engine(file), lambda error: sqlite.translated(error, file), file)
    postgres = _postgres()
    engine = postgres.engine(url).execution_options(isolation_level="AUTOCOMMIT")
    name = engine.url.set(drivername="postgresql").render_as_string(hide_password=True)
    return Database(name, engine, lambda error: postgres.translated(error, name))


def _postgres() -> ModuleType:
    try:
        from aimusicverse.server.store import postgres
    except ModuleNotFoundError as missing:
        if missing.name != "psycopg":
            raise
        raise StoreError(
            "PostgreSQL needs the package psycopg: pip install 'aimusicverse[postgres]'"
        ) from None
    return postgres
