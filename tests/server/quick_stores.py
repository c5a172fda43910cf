"""Stores that begin with what others of this process have made.

Half of a server's start, and much of its first calls, would go into making a schema and compiling statements
once more.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.util import LRUCache

from aimusicverse.clock import ServerClock
from aimusicverse.server.store import postgres, schema, sqlite
from aimusicverse.server.store.sqlite import SqliteStore

_AS_IT_IS = SqliteStore.__init__


@contextmanager
def quick_stores() -> Iterator[None]:
    """Within this, in this process: a new SQLite database is a copy of one without a row, and each kind of
    database remembers the statements that it has compiled.
    """

    def from_a_copy(store: SqliteStore, path: Path, *, clock: ServerClock, durable: bool = False) -> None:
        # What is wrong with the folder is for the store to say.
        with suppress(OSError), path.open("xb") as new:
            new.write(_empty())
        _AS_IT_IS(store, path, clock=clock, durable=durable)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SqliteStore, "__init__", from_a_copy)
        patch.setattr(sqlite, "engine", _remembering(sqlite.engine))
        patch.setattr(postgres, "engine", _remembering(postgres.engine))
        yield


@contextmanager
def made_from_nothing() -> Iterator[None]:
    """Within this, a new SQLite database is made as a server makes it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SqliteStore, "__init__", _AS_IT_IS)
        yield


@cache
def _empty() -> bytes:
    """A database of the newest schema, in WAL mode as a store leaves it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "amv.db"
        engine = sqlite.engine(file)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        schema.ensure(engine)
        engine.dispose()
        return file.read_bytes()


def _remembering(make: Callable[..., sa.Engine]) -> Callable[..., sa.Engine]:
    """Engines with one memory of compiled statements, and one dialect: SQLAlchemy knows a statement by it."""
    compiled: LRUCache = LRUCache(2000)
    dialect: sa.Dialect | None = None

    def engine(*arguments: object, **options: str) -> sa.Engine:
        nonlocal dialect
        made = make(*arguments, **options)
        # One that has met its database knows what that can.
        if dialect is None or dialect.server_version_info is None:
            dialect = made.dialect
        made.dialect = dialect
        made._compiled_cache = compiled
        return made

    return engine
