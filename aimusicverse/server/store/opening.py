"""Which database a server works on."""

from __future__ import annotations

from pathlib import Path

from aimusicverse.clock import ServerClock
from aimusicverse.secret import Secret
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.errors import StoreError
from aimusicverse.server.store.sqlite import SqliteStore


def open_store(url: Secret | None, file: Path, *, clock: ServerClock, durable: bool = False) -> Store:
    """The PostgreSQL database at `url`, or without one the SQLite database in `file`.

    Raises:
        StoreError: it cannot be used.
    """
    if url is None:
        return SqliteStore(file, clock=clock, durable=durable)
    try:
        from aimusicverse.server.store.postgres import PostgresStore
    except ModuleNotFoundError as missing:
        if missing.name != "psycopg":
            raise
        raise StoreError(
            "PostgreSQL needs the package psycopg: pip install 'aimusicverse[postgres]'"
        ) from None
    return PostgresStore(url, clock=clock)
