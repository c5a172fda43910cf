"""What the stand-in stores know: one SQLite file, shared by all processes of this machine that use it."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS record (
    store TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, data TEXT NOT NULL,
    PRIMARY KEY (store, kind, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS orders (number INTEGER PRIMARY KEY AUTOINCREMENT, data TEXT NOT NULL);
"""
_BUSY_SECONDS: Final = 10.0


class State:
    """Records of stores, by store, kind and id. Safe to share between threads and processes."""

    def __init__(self, file: Path) -> None:
        """Made where it is not there; its folder, too."""
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = file
        self._own = threading.local()
        with self.writing() as connection:
            for statement in _SCHEMA.split(";"):
                connection.execute(statement)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, alone: what is read in it cannot change before it is written."""
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.rollback()
            raise
        connection.commit()

    def get(self, store: str, kind: str, identifier: str) -> dict[str, Any] | None:
        """One record; `None`: there is none."""
        return get(self._connection(), store, kind, identifier)

    def all(self, store: str, kind: str) -> dict[str, dict[str, Any]]:
        """All of a kind, by id, in the order of ids."""
        rows = self._connection().execute(
            "SELECT id, data FROM record WHERE store = ? AND kind = ? ORDER BY id", (store, kind)
        )
        return {identifier: json.loads(data) for identifier, data in rows}

    def ids(self, store: str, kind: str) -> list[str]:
        """Ids of all of a kind, in their order."""
        rows = self._connection().execute(
            "SELECT id FROM record WHERE store = ? AND kind = ? ORDER BY id", (store, kind)
        )
        return [identifier for (identifier,) in rows]

    def clear(self) -> None:
        """Forget everything."""
        with self.writing() as connection:
            connection.execute("DELETE FROM record")
            connection.execute("DELETE FROM orders")

    def close(self) -> None:
        """Close this thread's connection."""
        if (connection := getattr(self._own, "connection", None)) is not None:
            connection.close()
            del self._own.connection

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._file, timeout=_BUSY_SECONDS, isolation_level=None)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            self._own.connection = connection
        return connection


def get(connection: sqlite3.Connection, store: str, kind: str, identifier: str) -> dict[str, Any] | None:
    """One record, within a transaction; `None`: there is none."""
    row = connection.execute(
        "SELECT data FROM record WHERE store = ? AND kind = ? AND id = ?", (store, kind, identifier)
    ).fetchone()
    return None if row is None else json.loads(row[0])


def put(connection: sqlite3.Connection, store: str, kind: str, identifier: str, data: dict[str, Any]) -> None:
    """Write a record, or write it anew."""
    connection.execute(
        "INSERT INTO record VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET data = excluded.data",
        (store, kind, identifier, json.dumps(data)),
    )


def remove(connection: sqlite3.Connection, store: str, kind: str, identifier: str) -> None:
    """Forget a record."""
    connection.execute(
        "DELETE FROM record WHERE store = ? AND kind = ? AND id = ?", (store, kind, identifier)
    )
