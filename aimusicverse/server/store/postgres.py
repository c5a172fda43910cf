"""PostgreSQL: several processes, several writers, the same functions and statements.

Writes run SERIALIZABLE and are run again when PostgreSQL finds that they got in each other's way, so
that a service may look and then write, as it may with SQLite's one writer. Wake-ups travel by
LISTEN/NOTIFY, inside the transaction: whoever is woken sees what woke him.
"""

from __future__ import annotations

import logging
import queue
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

import psycopg
import sqlalchemy as sa
from pydantic_core import from_json
from sqlalchemy.pool import NullPool

from aimusicverse.clock import ServerClock
from aimusicverse.secret import Secret
from aimusicverse.server.store import schema
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.errors import SchemaUnknown, StoreBusy, StoreError, StoreFull
from aimusicverse.server.store.row_security import SETTING
from aimusicverse.server.store.transaction import Transaction

log: Final = logging.getLogger("aimusicverse.server.store")
T = TypeVar("T")

#: Connections of one process, besides the one that listens.
WRITERS, READERS = 4, 4
#: How often a write is run again after a conflict, before the caller is told to come back.
TRIES = 12
#: How long a call waits for a connection of this process to be free.
WAIT_SECONDS = 10.0
#: PostgreSQL ends a transaction that stands still for longer: a process that was frozen in the middle of
#: one would else hold everybody up.
IDLE_SECONDS = 15
_CONNECT_SECONDS = 10
_CHANNEL = "amv"
# SQLSTATE, PostgreSQL's appendix A.
_CONFLICTS = frozenset({"40001", "40P01", "23505"})  # serialization, deadlock, unique violation
_STALE_PLAN = frozenset({"0A000", "26000"})  # the schema changed under a prepared statement
_FULL = frozenset({"53100", "53200"})  # disk full, out of memory
#: A connection that is refused carries no SQLSTATE, only words.
_NO_CONNECTION = ("too many connections", "too many clients", "connection slots are reserved")
_OTHER_SCHEMA = frozenset({"42P01", "42703"})  # undefined table, undefined column


class _Work(NamedTuple):
    """A function of a transaction, who waits for its result, and since when."""

    function: Callable[[Transaction], Any]
    future: Future[Any]
    since: float
    kind: object = None


class _Line:
    """A thread's own connection; opened anew after it was lost."""

    def __init__(self, engine: sa.Engine, own: set[int], **options: Any) -> None:
        self._engine = engine
        self._own = own
        self._options = options
        self._connection: sa.Connection | None = None
        self._pid = 0
        #: For whom the connection acts; `None` when that is not known.
        self.owner: str | None = ""

    def open(self) -> sa.Connection:
        """The connection."""
        if self._connection is None:
            self._connection = self._engine.connect().execution_options(**self._options)
            self._pid = self._connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]
            self._own.add(self._pid)
            self.owner = ""
        return self._connection

    def drop(self) -> None:
        """Close it; the next call opens another."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            self._own.discard(self._pid)  # another process may get the number next
            connection.invalidate()
            connection.close()

    def act_for(self, owner_id: str) -> None:
        """Let row-level security know for whom the running transaction acts; empty: for the server itself.

        Said only when it changes, because it costs as much as reading a row.
        """
        if self.owner != owner_id:
            self.owner = None
            self.open().execute(_ACT_FOR, {"name": SETTING, "owner": owner_id})
            self.owner = owner_id


class PostgresTransaction(Transaction):
    """A transaction beside others."""

    def __init__(self, line: _Line, clock: ServerClock) -> None:
        super().__init__(line.open(), clock.now())
        self._line = line
        self._owner = ""

    def act_for(self, owner_id: str) -> None:
        """Only rows of this owner."""
        self._owner = owner_id

    def _run(self, statement: sa.Executable, parameters: Any = None) -> sa.CursorResult[Any]:
        self._line.act_for(self._owner)
        return super()._run(statement, parameters)


class _Glance(PostgresTransaction):
    """A single statement, which sees one moment without a transaction around it."""

    def __init__(self, line: _Line, clock: ServerClock) -> None:
        super().__init__(line, clock)
        self._looked = False

    def _run(self, statement: sa.Executable, parameters: Any = None) -> sa.CursorResult[Any]:
        if self._looked:
            raise _OneMore
        self._looked = True
        return super()._run(statement, parameters)


class _OneMore(BaseException):  # which no service catches by mistake
    """A read has a second statement."""


class PostgresStore(Store):
    """A PostgreSQL database, shared with other processes."""

    def __init__(self, url: Secret, *, clock: ServerClock) -> None:
        """Connect, and bring the schema to this version.

        Raises:
            StoreError: it cannot be reached, or its schema is not known here.
        """
        super().__init__(clock)
        self._engine = engine(url)
        self._reading = engine(
            url, default_transaction_read_only="on", default_transaction_isolation="repeatable\\ read"
        )
        self.name: Final[str] = self._engine.url.render_as_string(hide_password=True)
        try:
            schema.ensure(self._engine.execution_options(isolation_level="AUTOCOMMIT"))
        except sa.exc.DBAPIError as error:
            raise self._translated(error) from None
        #: The reads that were found to have more than one statement.
        self._longer: set[object] = set()
        #: PostgreSQL's numbers of our connections.
        self._own: set[int] = set()
        self._closed = threading.Event()
        self._close_lock = threading.Lock()
        self._writes: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._reads: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        loops = [("writer", self._write_loop)] * WRITERS + [("reader", self._read_loop)] * READERS
        self._threads = [
            threading.Thread(target=loop, name=f"amv-store-{name}-{number}", daemon=True)
            for number, (name, loop) in enumerate(loops)
        ]
        self._listener = threading.Thread(target=self._listen, name="amv-store-listener", daemon=True)
        self._hears = threading.Event()
        for thread in (*self._threads, self._listener):
            thread.start()
        self._hears.wait(_CONNECT_SECONDS)  # from here on no commit of another process is missed

    @property
    def is_ours_alone(self) -> bool:
        """Never known: other processes may be at work."""
        return False

    def copy_to(self, path: Path) -> None:
        """Not here yet."""
        raise StoreError("snapshots are for SQLite; use `amv server backup`")

    def replace_with(self, path: Path) -> None:
        """Not here yet."""
        raise StoreError("snapshots are for SQLite; use `amv server restore`")

    def close(self) -> None:
        """Finish what was accepted, then close. Idempotent."""
        with self._close_lock:
            if self._closed.is_set():
                return
            self._closed.set()
            for _ in range(WRITERS):
                self._writes.put(None)
            for _ in range(READERS):
                self._reads.put(None)
        for thread in (*self._threads, self._listener):
            thread.join()
        self._engine.dispose()

    # -- inside -------------------------------------------------------------------------------

    def _submit_write(self, function: Callable[[Transaction], T]) -> Future[T]:
        return self._submit(self._writes, function)

    def _submit_read(self, function: Callable[[Transaction], T], kind: object) -> Future[T]:
        return self._submit(self._reads, function, kind)

    def _submit(
        self,
        works: queue.SimpleQueue[_Work | None],
        function: Callable[[Transaction], T],
        kind: object = None,
    ) -> Future[T]:
        future: Future[T] = Future()
        with self._close_lock:
            if self._closed.is_set():
                raise StoreError("the store is closed")
            works.put(_Work(function, future, time.monotonic(), kind))
        return future

    def _write_loop(self) -> None:
        line = _Line(self._engine, self._own, isolation_level="SERIALIZABLE")
        self._serve(self._writes, line, self._write)

    def _read_loop(self) -> None:
        line = _Line(self._reading, self._own, isolation_level="AUTOCOMMIT")
        self._serve(self._reads, line, self._read)

    def _serve(
        self,
        works: queue.SimpleQueue[_Work | None],
        line: _Line,
        run: Callable[[_Line, _Work], Any],
    ) -> None:
        while (work := works.get()) is not None:
            if not work.future.set_running_or_notify_cancel():
                continue
            try:
                if time.monotonic() - work.since > WAIT_SECONDS:
                    raise StoreBusy(f"no connection to {self.name} became free in time; try again")
                result = run(line, work)
            except Exception as error:
                work.future.set_exception(error)
            else:
                work.future.set_result(result)
            del work  # its result is not to live until the next one
        line.drop()

    def _write(self, line: _Line, work: _Work) -> Any:
        for attempt in range(1, TRIES + 1):
            committing = False
            try:
                with line.open().begin():
                    transaction = PostgresTransaction(line, self.clock)
                    result = work.function(transaction)
                    if transaction.topics:
                        transaction.execute(_NOTIFY, {"channel": _CHANNEL, "topics": [*transaction.topics]})
                    committing = True
            except sa.exc.DBAPIError as error:
                lost = self._lose(line, error)
                # A commit that was not answered may have happened: only its caller can know what to do.
                again = _state(error) in _CONFLICTS | _STALE_PLAN or (lost and not committing)
                if not again or attempt == TRIES:
                    raise self._translated(error) from error
                time.sleep(random.uniform(0, 0.002 * 2 ** min(attempt, 6)))  # noqa: S311
            except BaseException:
                line.owner = None  # what was set in a transaction went back with it
                raise
            else:
                self.signals.wake(transaction.topics)
                return result
        raise AssertionError("unreachable")

    def _read(self, line: _Line, work: _Work) -> Any:
        for attempt in (1, 2):
            try:
                if work.kind not in self._longer:
                    try:
                        return work.function(_Glance(line, self.clock))
                    except _OneMore:
                        self._longer.add(work.kind)
                return self._read_longer(line, work)
            except sa.exc.DBAPIError as error:
                again = self._lose(line, error) or _state(error) in _STALE_PLAN
                if not again or attempt == 2:
                    raise self._translated(error) from error
        raise AssertionError("unreachable")

    def _read_longer(self, line: _Line, work: _Work) -> Any:
        """Several statements, on one consistent view."""
        connection = line.open()
        connection.exec_driver_sql("BEGIN")
        try:
            result = work.function(PostgresTransaction(line, self.clock))
        except BaseException:
            line.owner = None  # what was set in a transaction goes back with it
            if not connection.invalidated:
                connection.exec_driver_sql("ROLLBACK")
            raise
        connection.exec_driver_sql("COMMIT")
        return result

    def _lose(self, line: _Line, error: sa.exc.DBAPIError) -> bool:
        """Whether the connection went away under a transaction."""
        line.owner = None
        lost = error.connection_invalidated
        if lost or _state(error) in _STALE_PLAN:
            line.drop()
        return lost

    def _listen(self) -> None:
        """Hand on what other processes commit. After a lost connection everybody looks again."""
        pause = 0.1
        while not self._closed.is_set():
            try:
                with self._listening() as connection:
                    connection.execute(f"LISTEN {_CHANNEL}")
                    if pause > 0.1:
                        log.info("the database answers again", extra={"database": self.name})
                    pause = 0.1
                    self._hears.set()
                    self.signals.wake_all()
                    while not self._closed.is_set():
                        for notice in connection.notifies(timeout=0.5):
                            if notice.pid not in self._own:  # who commits here has woken them already
                                self.signals.wake([notice.payload])
            except psycopg.Error as error:
                if not self._closed.is_set():
                    log.warning(
                        "the database does not answer; trying again",
                        extra={"database": self.name, "error": _first_line(error)},
                    )
                    self._closed.wait(pause)
                    pause = min(pause * 2, 2)

    def _listening(self) -> psycopg.Connection:
        arguments = self._engine.dialect.create_connect_args(self._engine.url)[1]
        return psycopg.connect(**{**arguments, **_OPTIONS}, autocommit=True)

    def _translated(self, error: sa.exc.DBAPIError) -> Exception:
        state = _state(error)
        if state in _CONFLICTS - {"23505"}:
            return StoreBusy(f"{self.name} is busy with the same rows; try again")
        if any(words in str(error.orig) for words in _NO_CONNECTION):
            return StoreBusy(f"{self.name} has no connection free ({_first_line(error.orig)}); try again")
        if state in _FULL:
            return StoreFull(f"no room left for {self.name}; free some and try again")
        if state in _OTHER_SCHEMA:
            return SchemaUnknown(
                f"{self.name} no longer has the schema of this version ({_first_line(error.orig)}); "
                "restart with the version that changed it"
            )
        if error.connection_invalidated or isinstance(error.orig, psycopg.OperationalError):
            return StoreError(f"{self.name} cannot be reached: {_first_line(error.orig)}")
        return error


def engine(url: Secret, **parameters: str) -> sa.Engine:
    """An engine that opens a connection for whoever asks, and keeps none.

    Args:
        url: of the database.
        parameters: of PostgreSQL, for each of its sessions.

    Raises:
        StoreError: the URL cannot be read. It is not repeated: it may hold a password.
    """
    try:
        parsed = sa.make_url(url.get_secret_value())
    except sa.exc.ArgumentError:
        raise StoreError(
            "AMV_DATABASE_URL is not a URL like postgresql://user:password@host:5432/name"
        ) from None
    if parsed.drivername.partition("+")[0] not in ("postgresql", "postgres"):
        raise StoreError(f"AMV_DATABASE_URL must begin with postgresql://, not {parsed.drivername}://")
    return sa.create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        poolclass=NullPool,
        connect_args=_OPTIONS
        | {
            "options": " ".join(
                [_OPTIONS["options"], *(f"-c {name}={value}" for name, value in parameters.items())]
            )
        },
        json_deserializer=from_json,
    )


#: Of each connection. A peer that vanished without a word is noticed within a minute.
_OPTIONS: dict[str, Any] = {
    "connect_timeout": _CONNECT_SECONDS,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "application_name": "aimusicverse",
    "options": f"-c idle_in_transaction_session_timeout={IDLE_SECONDS * 1000}",
}
_NOTIFY = sa.text("SELECT pg_notify(:channel, topic) FROM unnest(CAST(:topics AS text[])) AS topic")
_ACT_FOR = sa.text("SELECT set_config(:name, :owner, false)")


def _state(error: sa.exc.DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


def _first_line(error: BaseException | None) -> str:
    return str(error).strip().partition("\n")[0]
