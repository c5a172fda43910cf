"""PostgreSQL: several processes, several writers, the same functions and statements.

Writes run SERIALIZABLE and are run again when PostgreSQL finds that they got in each other's way, so
that a service may look and then write, as it may with SQLite's one writer. Wake-ups travel by
LISTEN/NOTIFY, inside the transaction: whoever is woken sees what woke him.
"""

from __future__ import annotations

import logging
import queue
import random
import select
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

import psycopg
import sqlalchemy as sa
from pydantic_core import from_json
from sqlalchemy.pool import NullPool

from aimusicverse.clock import ServerClock
from aimusicverse.secret import Secret
from aimusicverse.server.store import rows, schema
from aimusicverse.server.store.awaited import Asked
from aimusicverse.server.store.base import Queued, Store
from aimusicverse.server.store.errors import SchemaUnknown, StoreBusy, StoreError, StoreFull
from aimusicverse.server.store.last_free import LastFree
from aimusicverse.server.store.postgres_line import CHANNEL, Glance, Line, OneMore, PostgresTransaction
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.store.turns import Turns

log: Final = logging.getLogger("aimusicverse.server.store")
T = TypeVar("T")

#: Connections of one process, besides the one that listens.
WRITERS, READERS = 3, 3
#: How often a write is run again after a conflict, before the caller is told to come back.
TRIES = 12
#: After how many of them nobody else of this process writes meanwhile.
BESIDE_OTHERS = 3
#: How long a call waits for a connection of this process to be free.
WAIT_SECONDS = 10.0
#: PostgreSQL ends a transaction that stands still for longer: a process that was frozen in the middle of
#: one would else hold everybody up.
IDLE_SECONDS = 15
_CONNECT_SECONDS = 10
# SQLSTATE, PostgreSQL's appendix A.
_CONFLICTS = frozenset({"40001", "40P01", "23505"})  # serialization, deadlock, unique violation
_STALE_PLAN = frozenset({"0A000", "26000"})  # the schema changed under a prepared statement
_FULL = frozenset({"53100", "53200"})  # disk full, out of memory
#: A connection that is refused carries no SQLSTATE, only words.
_NO_CONNECTION = ("too many connections", "too many clients", "connection slots are reserved")
_OTHER_SCHEMA = frozenset({"42P01", "42703"})  # undefined table, undefined column

#: A kind of write: a single statement, which needs no transaction around it.
_STATEMENT: Final = object()


class _Work(NamedTuple):
    """A function of a transaction, who waits for its result, and since when."""

    function: Callable[[Transaction], Any]
    asked: Asked[Any]
    since: float
    kind: object = None


class PostgresStore(Store):
    """A PostgreSQL database, shared with other processes."""

    def __init__(self, url: Secret, *, clock: ServerClock) -> None:
        """Connect, and bring the schema to this version.

        Raises:
            StoreError: it cannot be reached, or its schema is not known here.
        """
        super().__init__(clock)
        self._engine = engine(url)
        self._reading = engine(url, default_transaction_read_only="on")
        self.name: Final[str] = self._engine.url.render_as_string(hide_password=True)
        try:
            schema.ensure(self._engine.execution_options(isolation_level="AUTOCOMMIT"))
        except sa.exc.DBAPIError as error:
            raise self._translated(error) from None
        #: The reads that had more than one statement the last time.
        self._longer: set[object] = set()
        #: PostgreSQL's numbers of our connections.
        self._own: set[int] = set()
        self._turns = Turns()
        self._closed = threading.Event()
        self._close_lock = threading.Lock()
        self._writes: LastFree[_Work] = LastFree()
        self._reads: LastFree[_Work] = LastFree()
        loops = [("writer", self._write_loop)] * WRITERS + [("reader", self._read_loop)] * READERS
        self._threads = [
            threading.Thread(target=loop, name=f"amv-store-{name}-{number}", daemon=True)
            for number, (name, loop) in enumerate(loops)
        ]
        self._listener = threading.Thread(target=self._listen, name="amv-store-listener", daemon=True)
        self._hears = threading.Event()
        #: What wakes the listener at the end: a byte sent to one arrives at the other.
        self._end, self._ended = socket.socketpair()
        for thread in (*self._threads, self._listener):
            thread.start()
        self._hears.wait(_CONNECT_SECONDS)  # from here on no commit of another process is missed

    @property
    def is_ours_alone(self) -> bool:
        """Never known: other processes may be at work."""
        return False

    @property
    def queued(self) -> Queued:
        """What waits in this process."""
        return Queued(len(self._writes), len(self._reads))

    def copy_to(self, path: Path) -> None:
        """Write all rows, as one transaction sees them, to a file. Blocks."""

        def copy(tx: Transaction) -> None:
            with path.open("wb") as file:
                file.writelines(rows.dump(tx.server_connection()))

        self.read_now(copy)

    def replace_with(self, path: Path) -> None:
        """Replace all rows by those of a copy, in one step: readers see the old or the new. Blocks."""

        def replace(tx: Transaction) -> None:
            connection = tx.server_connection()
            rows.hold_off_writers(connection)
            rows.delete_all(connection)
            with path.open("rb") as file:
                rows.load(connection, file)

        self.write_now(replace)

    def close(self) -> None:
        """Finish what was accepted, then close. Idempotent."""
        with self._close_lock:
            if self._closed.is_set():
                return
            self._closed.set()
            self._end.send(b"\0")
            self._writes.end()
            self._reads.end()
        for thread in (*self._threads, self._listener):
            thread.join()
        self._end.close()
        self._ended.close()
        self._engine.dispose()

    # -- inside -------------------------------------------------------------------------------

    def _submit_write(self, function: Callable[[Transaction], T], asked: Asked[T]) -> None:
        self._submit(self._writes, _Work(function, asked, time.monotonic()))

    def _submit_statement(self, function: Callable[[Transaction], T], asked: Asked[T]) -> None:
        self._submit(self._writes, _Work(function, asked, time.monotonic(), _STATEMENT))

    def _submit_read(self, function: Callable[[Transaction], T], kind: object, asked: Asked[T]) -> None:
        self._submit(self._reads, _Work(function, asked, time.monotonic(), kind))

    def _submit(self, works: LastFree[_Work], work: _Work) -> None:
        with self._close_lock:
            if self._closed.is_set():
                raise StoreError("the store is closed")
            works.put(work)

    def _write_loop(self) -> None:
        self._serve(self._writes, Line(self._engine, self._own), self._write)

    def _read_loop(self) -> None:
        self._serve(self._reads, Line(self._reading, self._own), self._read)

    def _serve(
        self,
        works: LastFree[_Work],
        line: Line,
        run: Callable[[Line, _Work], Any],
    ) -> None:
        place: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        while (work := works.get(place)) is not None:
            if not work.asked.set_running_or_notify_cancel():
                continue
            try:
                if time.monotonic() - work.since > WAIT_SECONDS:
                    raise StoreBusy(f"no connection to {self.name} became free in time; try again")
                result = run(line, work)
            except Exception as error:
                work.asked.set_exception(error)
            else:
                work.asked.set_result(result)
            del work  # its result is not to live until the next one
        line.drop()

    def _write_statement(self, line: Line, work: _Work) -> Any:
        for attempt in (1, 2):
            try:
                return work.function(
                    Glance(line, self.clock)
                )  # READ COMMITTED: it waits for a row, then looks
            except OneMore:
                raise TypeError("a function of a single statement has a second one") from None
            except (sa.exc.DBAPIError, psycopg.Error) as error:
                again = line.is_lost or _state(error) in _CONFLICTS | _STALE_PLAN
                line.roll_back()
                if not again or attempt == 2:
                    raise self._translated(error) from error
                line.drop()
        raise AssertionError("unreachable")

    def _write(self, line: Line, work: _Work) -> Any:
        if work.kind is _STATEMENT:
            return self._write_statement(line, work)
        for attempt in range(1, TRIES + 1):
            committing = False
            try:
                with self._turns.together() if attempt <= BESIDE_OTHERS else self._turns.alone():
                    line.begin("SERIALIZABLE")
                    transaction = PostgresTransaction(line, self.clock)
                    result = work.function(transaction)
                    committing = True
                    line.commit(transaction.topics)
            except (sa.exc.DBAPIError, psycopg.Error) as error:
                lost = line.is_lost
                line.roll_back()
                # A commit that was not answered may have happened: only its caller can know what to do.
                again = _state(error) in _CONFLICTS | _STALE_PLAN or (lost and not committing)
                if not again or attempt == TRIES:
                    raise self._translated(error) from error
                if _state(error) in _STALE_PLAN:
                    line.drop()
                time.sleep(random.uniform(0, 0.002 * 2 ** min(attempt, 6)))  # noqa: S311
            except BaseException:
                line.roll_back()
                raise
            else:
                self.signals.wake(transaction.topics)
                return result
        raise AssertionError("unreachable")

    def _read(self, line: Line, work: _Work) -> Any:
        for attempt in (1, 2):
            try:
                if work.kind not in self._longer:
                    try:
                        return work.function(Glance(line, self.clock))
                    except OneMore:
                        self._longer.add(work.kind)
                line.begin("REPEATABLE READ")
                transaction = PostgresTransaction(line, self.clock)
                result = work.function(transaction)
                line.commit()
                if transaction.statements < 2:  # what it had to look up the last time it knows now
                    self._longer.discard(work.kind)
            except (sa.exc.DBAPIError, psycopg.Error) as error:
                again = line.is_lost or _state(error) in _STALE_PLAN
                line.roll_back()
                if not again or attempt == 2:
                    raise self._translated(error) from error
                line.drop()
            except BaseException:
                line.roll_back()
                raise
            else:
                return result
        raise AssertionError("unreachable")

    def _listen(self) -> None:
        """Hand on what other processes commit. After a lost connection everybody looks again."""
        pause = 0.1
        while not self._closed.is_set():
            try:
                with self._listening() as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    if pause > 0.1:
                        log.info("the database answers again", extra={"database": self.name})
                    pause = 0.1
                    self._hears.set()
                    self.signals.wake_all()
                    while not self._closed.is_set():
                        select.select([connection.fileno(), self._ended.fileno()], [], [])
                        for notice in connection.notifies(timeout=0):
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

    def _translated(self, error: sa.exc.DBAPIError | psycopg.Error) -> Exception:
        return translated(error, self.name)


def translated(error: sa.exc.DBAPIError | psycopg.Error, name: str) -> Exception:
    """PostgreSQL's words as errors that say what to do; anything else as it is."""
    cause, state = _cause(error), _state(error)
    said = _first_line(cause)
    if state in _CONFLICTS - {"23505"}:
        return StoreBusy(f"{name} is busy with the same rows; try again")
    if any(words in said for words in _NO_CONNECTION):
        return StoreBusy(f"{name} has no connection free ({said}); try again")
    if state in _FULL:
        return StoreFull(f"no room left for {name}; free some and try again")
    if state in _OTHER_SCHEMA:
        return SchemaUnknown(
            f"{name} no longer has the schema of this version ({said}); "
            "restart with the version that changed it"
        )
    if isinstance(cause, psycopg.OperationalError):
        return StoreError(f"{name} cannot be reached: {said}")
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


def _cause(error: sa.exc.DBAPIError | psycopg.Error) -> BaseException | None:
    return error.orig if isinstance(error, sa.exc.DBAPIError) else error


def _state(error: sa.exc.DBAPIError | psycopg.Error) -> str | None:
    return getattr(_cause(error), "sqlstate", None)


def _first_line(error: BaseException | None) -> str:
    return str(error).strip().partition("\n")[0]
