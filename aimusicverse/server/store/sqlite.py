"""The embedded database: one writer thread with group commit, reader threads, SQLite in WAL mode.

A write function runs in its own savepoint inside a transaction that it shares with up to 63 others;
it is answered after the commit, so an acknowledged write has reached the log. Readers open a
transaction per call and always end it, or the log could never be folded back.
"""

from __future__ import annotations

import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast

import sqlalchemy as sa
from pydantic_core import from_json
from sqlalchemy.pool import NullPool

from aimusicverse.clock import ServerClock
from aimusicverse.server.store import schema
from aimusicverse.server.store.awaited import Asked
from aimusicverse.server.store.base import Queued, Store
from aimusicverse.server.store.errors import SchemaUnknown, StoreBusy, StoreDamaged, StoreError, StoreFull
from aimusicverse.server.store.prepared import Compiled, Parameters
from aimusicverse.server.store.transaction import DrivenTransaction, Transaction

T = TypeVar("T")


class _Work(NamedTuple):
    """A function of a transaction, and who waits for its result."""

    function: Callable[[Transaction], Any]
    asked: Asked[Any]


class _Alone(NamedTuple):
    """Work for the writer's connection outside any transaction, between two groups."""

    function: Callable[[sqlite3.Connection], None]
    future: Future[None]


GROUP = 64
BUSY_SECONDS = 5
LONG_READ_SECONDS = 0.01


class SqliteStore(Store):
    """The database in a file of the data folder."""

    def __init__(self, path: Path, *, clock: ServerClock, durable: bool = False) -> None:
        """Open, or create, the database at `path`.

        Raises:
            StoreError: it is damaged, locked, full, or of a version that is not known here.
        """
        super().__init__(clock)
        self.path = path
        self._durable = durable
        self._engine = engine(path)
        try:
            with self._engine.connect() as connection:
                self._prepare(connection)
                connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            schema.ensure(self._engine)
        except sa.exc.DBAPIError as error:
            self._engine.dispose()
            raise translated(error, path) from error
        self._writes: queue.SimpleQueue[_Work | _Alone | None] = queue.SimpleQueue()
        #: Taken from the queue, but not part of the group before it.
        self._held: list[_Alone | None] = []
        self._reads: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._closed = False
        self._close_lock = threading.Lock()
        self._reads_begun = 0
        #: Set when a read finds others before it.
        self._backlog = threading.Event()
        loops = {"writer": self._write_loop, "reader": self._read_loop, "relief": self._relief_loop}
        self._threads = [
            threading.Thread(target=loop, name=f"amv-store-{name}", daemon=True)
            for name, loop in loops.items()
        ]
        for thread in self._threads:
            thread.start()

    @property
    def is_ours_alone(self) -> bool:
        """Yes: the lock of the data folder sees to it."""
        return True

    @property
    def queued(self) -> Queued:
        """What waits in this process."""
        return Queued(self._writes.qsize(), self._reads.qsize())

    def copy_to(self, path: Path) -> None:
        """Write a consistent copy of the database, between two groups of writes. Blocks."""

        def copy(database: sqlite3.Connection) -> None:
            with closing(sqlite3.connect(path)) as target:
                database.backup(target)

        self._alone(copy)

    def replace_with(self, path: Path) -> None:
        """Replace all content by that of a copy, in one step: readers see the old or the new. Blocks."""

        def replace(database: sqlite3.Connection) -> None:
            with closing(sqlite3.connect(path)) as source:
                source.backup(database)

        self._alone(replace)

    def close(self) -> None:
        """Finish what was accepted, then close. Later calls are refused."""
        with self._close_lock:
            if self._closed:
                return
            self._closed = True
            self._reads.put(None)
            self._backlog.set()
            self._writes.put(None)
        for thread in self._threads:
            thread.join()
        self._engine.dispose()

    def _submit_write(self, function: Callable[[Transaction], T], asked: Asked[T]) -> None:
        with self._close_lock:
            self._check_open()
            self._writes.put(_Work(function, asked))

    def _submit_read(self, function: Callable[[Transaction], T], kind: object, asked: Asked[T]) -> None:
        with self._close_lock:
            self._check_open()
            if not self._reads.empty():
                self._backlog.set()
            self._reads.put(_Work(function, asked))

    def _check_open(self) -> None:
        if self._closed:
            raise StoreError("the store is closed")

    def _alone(self, function: Callable[[sqlite3.Connection], None]) -> None:
        future: Future[None] = Future()
        with self._close_lock:
            self._check_open()
            self._writes.put(_Alone(function, future))
        future.result()

    def _run_alone(self, line: _Line, work: _Alone) -> None:
        try:
            work.function(line.raw)
        except Exception as error:
            work.future.set_exception(translated(error, self.path))
        else:
            work.future.set_result(None)

    def _prepare(self, connection: sa.Connection, *, reader: bool = False) -> None:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000:d}")
        connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if self._durable else 'NORMAL'}")
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        if reader:
            connection.exec_driver_sql("PRAGMA query_only=ON")

    def _write_loop(self) -> None:
        with self._engine.connect() as connection:
            self._prepare(connection)
            line = _Line(connection)
            while (work := self._next()) is not None:
                if isinstance(work, _Alone):
                    self._run_alone(line, work)
                else:
                    self._write_group(line, work)

    def _next(self) -> list[_Work] | _Alone | None:
        """The next group of writes, or something to be done alone, or the end."""
        first = self._held.pop() if self._held else self._writes.get()
        if not isinstance(first, _Work):
            return first
        group = [first]
        while len(group) < GROUP:
            try:
                work = self._writes.get_nowait()
            except queue.Empty:
                break
            if not isinstance(work, _Work):
                self._held.append(work)
                break
            group.append(work)
        return group

    def _write_group(self, line: _Line, group: list[_Work]) -> None:
        """One transaction for all; a failure inside one function undoes that function alone."""
        accepted = [work for work in group if work.asked.set_running_or_notify_cancel()]
        if not accepted:
            return
        done: list[tuple[Asked[Any], Any]] = []
        topics: set[str] = set()
        try:
            line.raw.execute("BEGIN IMMEDIATE")
            for function, asked in accepted:
                transaction = _SqliteTransaction(line, self.clock.now())
                line.raw.execute("SAVEPOINT work")
                try:
                    result = function(transaction)
                except Exception as error:
                    failure = translated(error, self.path)
                    if isinstance(_cause(error), sqlite3.OperationalError) and not isinstance(
                        failure, SchemaUnknown
                    ):
                        raise  # the disk or the file, not this function: nobody can be served
                    line.raw.execute("ROLLBACK TO work")
                    line.raw.execute("RELEASE work")
                    asked.set_exception(failure)
                else:
                    line.raw.execute("RELEASE work")
                    done.append((asked, result))
                    topics |= transaction.topics
            line.raw.execute("COMMIT")
        except Exception as error:
            line.roll_back()
            failure = translated(error, self.path)
            for _, asked in accepted:
                if not asked.done():
                    asked.set_exception(failure)
            return
        self.signals.wake(topics)  # first: who revokes a key may trust the answer
        for asked, result in done:
            asked.set_result(result)

    def _read_loop(self) -> None:
        with self._engine.connect() as connection:
            self._prepare(connection, reader=True)
            line = _Line(connection)
            while (work := self._reads.get()) is not None:
                self._reads_begun += 1
                self._read_one(line, work)

    def _relief_loop(self) -> None:
        """A second reader for when the first is at something long.

        Two at work all the time would only take the interpreter from each other and from the event loop:
        measured, they answer a third less.
        """
        with self._engine.connect() as connection:
            self._prepare(connection, reader=True)
            line = _Line(connection)
            while not self._closed:
                self._backlog.wait()
                self._backlog.clear()
                begun = self._reads_begun
                time.sleep(LONG_READ_SECONDS)
                while self._reads_begun == begun:
                    try:
                        work = self._reads.get_nowait()
                    except queue.Empty:
                        break
                    if work is None:
                        self._reads.put(None)  # it was for the first reader
                        break
                    self._read_one(line, work)

    def _read_one(self, line: _Line, work: _Work) -> None:
        if not work.asked.set_running_or_notify_cancel():
            return
        try:
            line.raw.execute("BEGIN")
            result = work.function(_SqliteTransaction(line, self.clock.now()))
        except Exception as error:
            line.roll_back()
            work.asked.set_exception(translated(error, self.path))
        else:
            line.roll_back()
            work.asked.set_result(result)


class _Line:
    """A thread's own connection: SQLAlchemy's, and the driver's behind it."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.raw = cast(sqlite3.Connection, connection.connection.dbapi_connection)

    def roll_back(self) -> None:
        """End whatever was begun."""
        if self.raw.in_transaction:
            self.raw.rollback()


class _SqliteTransaction(DrivenTransaction):
    def __init__(self, line: _Line, now: datetime) -> None:
        super().__init__(line.connection, now)
        self._raw = line.raw

    def _driven(self, compiled: Compiled, parameters: Parameters) -> sqlite3.Cursor:
        return self._raw.execute(compiled.sql, compiled.bound(parameters))


def engine(path: Path) -> sa.Engine:
    """Connections that leave BEGIN and COMMIT to us; each thread keeps the one that it opens."""
    return sa.create_engine(
        sa.URL.create("sqlite", database=str(path)),
        isolation_level="AUTOCOMMIT",
        poolclass=NullPool,
        connect_args={"check_same_thread": False},
        paramstyle="named",
        json_deserializer=from_json,  # a third of the time of the standard library's
    )


def translated(error: Exception, path: Path) -> Exception:
    """SQLite's words as errors that say what to do; anything else as it is."""
    cause = _cause(error)
    if not isinstance(cause, sqlite3.DatabaseError):
        return error
    text = str(cause)
    if "not a database" in text or "malformed" in text:
        return StoreDamaged(f"the database {path} is damaged ({text}); restore a backup or move it away")
    if "locked" in text or "busy" in text:
        return StoreBusy(f"the database {path} is locked by another process; try again")
    if "full" in text:
        return StoreFull(f"no room left on the disk that holds {path}; free some and try again")
    if "no such table" in text or "no such column" in text or "has no column" in text:
        return SchemaUnknown(
            f"the database {path} no longer has the schema of this version ({text}); "
            "restart with the version that changed it"
        )
    if "unable to open" in text or "readonly" in text or "disk I/O" in text:
        return StoreError(f"the database {path} cannot be used: {text}")
    return error


def _cause(error: Exception) -> BaseException | None:
    return error.orig if isinstance(error, sa.exc.DBAPIError) else error
