"""A thread's own connection to PostgreSQL, and the transactions on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import psycopg
import sqlalchemy as sa
from psycopg.pq import ExecStatus, TransactionStatus

from aimusicverse.clock import ServerClock
from aimusicverse.server.store.prepared import Compiled, Parameters, Prepared
from aimusicverse.server.store.row_security import SETTING
from aimusicverse.server.store.transaction import DrivenTransaction

#: Under which every process hears what the others have committed.
CHANNEL: Final = "amv"
_ACT_FOR = sa.text("SELECT set_config(:name, :owner, false)")
_DONE = frozenset({ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK})


class Line:
    """A connection in AUTOCOMMIT; opened anew after it was lost.

    BEGIN and COMMIT are given to libpq directly: through two libraries each would cost what a statement does.
    """

    def __init__(self, engine: sa.Engine, own: set[int]) -> None:
        """Nothing is opened yet.

        Args:
            engine: what opens it.
            own: where PostgreSQL's number of the connection is kept while it is open.
        """
        self._engine = engine
        self._own = own
        self._connection: sa.Connection | None = None
        self._raw: psycopg.Connection | None = None
        self._cursor: psycopg.Cursor[Any] | None = None
        self._pid = 0
        #: For whom the connection acts; `None` when that is not known.
        self._owner: str | None = ""

    def open(self) -> sa.Connection:
        """The connection."""
        if self._connection is None:
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            raw = connection.connection.driver_connection
            assert isinstance(raw, psycopg.Connection)  # noqa: S101 - the engine's driver
            self._connection, self._raw, self._owner = connection, raw, ""
            self._cursor = raw.cursor()
            self._pid = raw.info.backend_pid
            self._own.add(self._pid)
        return self._connection

    def drop(self) -> None:
        """Close it; the next call opens another."""
        if self._connection is not None:
            connection, self._connection, self._raw, self._cursor = self._connection, None, None, None
            self._own.discard(self._pid)  # another process may get the number next
            connection.invalidate()
            connection.close()

    @property
    def is_lost(self) -> bool:
        """Whether it was open, and the other side is gone."""
        return self._raw is not None and self._raw.closed

    def begin(self, isolation: str) -> None:
        """Begin a transaction."""
        self.open()
        self._command(f"BEGIN ISOLATION LEVEL {isolation}")

    def commit(self, topics: Iterable[str] = ()) -> None:
        """End it, and tell all processes of its topics."""
        raw = self._raw
        told = "".join(
            f"SELECT pg_notify('{CHANNEL}', {psycopg.sql.Literal(topic).as_string(raw)});" for topic in topics
        )
        self._command(told + "COMMIT")

    def roll_back(self) -> None:
        """End whatever was begun as if it had not been; a connection that cannot is dropped."""
        self._owner = None  # what was set in a transaction goes back with it
        if self._raw is None:
            return
        if not self._raw.closed and self._raw.info.transaction_status != TransactionStatus.IDLE:
            try:
                self._command("ROLLBACK")
            except psycopg.Error:
                self.drop()
        if self.is_lost:
            self.drop()

    def act_for(self, owner_id: str) -> None:
        """Let row-level security know for whom the running transaction acts; empty: for the server itself.

        Said only when it changes, because it costs as much as reading a row.
        """
        if self._owner != owner_id:
            self._owner = None
            self.open().execute(_ACT_FOR, {"name": SETTING, "owner": owner_id})
            self._owner = owner_id

    def driven(self, sql: str, values: Parameters) -> psycopg.Cursor[Any]:
        """Run a statement by the driver; its rows are there until the next one."""
        self.open()
        assert self._cursor is not None  # noqa: S101 - the line is open
        return self._cursor.execute(sql, values, prepare=True)

    def _command(self, statements: str) -> None:
        assert self._raw is not None  # noqa: S101 - whoever commands has opened
        result = self._raw.pgconn.exec_(statements.encode())
        if self._raw.closed:
            raise psycopg.OperationalError(self._raw.pgconn.get_error_message())
        if result.status not in _DONE:
            raise psycopg.errors.error_from_result(result)


class PostgresTransaction(DrivenTransaction):
    """A transaction beside others."""

    def __init__(self, line: Line, clock: ServerClock) -> None:
        super().__init__(line.open(), clock.now())
        self._line = line
        self._owner = ""
        #: How many were run.
        self.statements: int = 0

    def act_for(self, owner_id: str) -> None:
        """Only rows of this owner."""
        self._owner = owner_id

    def server_connection(self) -> sa.Connection:
        """Sees the rows of all owners."""
        self._owner = ""
        self._line.act_for("")
        self.statements += 2  # or more: whoever asks for it has many
        return super().server_connection()

    def _run(self, statement: sa.Executable | Prepared, parameters: Any = None) -> sa.CursorResult[Any]:
        self._next()
        return super()._run(statement, parameters)

    def _driven(self, compiled: Compiled, parameters: Parameters) -> psycopg.Cursor[Any]:
        self._next()
        return self._line.driven(compiled.sql, compiled.bound(parameters))

    def _next(self) -> None:
        self._line.act_for(self._owner)
        self.statements += 1


class Glance(PostgresTransaction):
    """A single statement, which sees one moment without a transaction around it."""

    def server_connection(self) -> sa.Connection:
        """Whoever asks for it has many statements."""
        raise OneMore

    def _next(self) -> None:
        if self.statements:
            raise OneMore
        super()._next()


class OneMore(BaseException):  # which no service catches by mistake
    """A read has a second statement."""
