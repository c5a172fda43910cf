"""What a service function receives: one transaction, one moment, and a way to wake whoever waits."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from aimusicverse.server.store.prepared import Compiled, Parameters, Prepared, Written


class Transaction:
    """A running transaction. `now` is server time and stands still within it.

    A statement is built for the occasion, or `Prepared`: what is run at every call should be.
    """

    def __init__(self, connection: sa.Connection, now: datetime) -> None:
        self._connection = connection
        self.now = now
        self.topics: set[str] = set()

    def execute(self, statement: sa.Executable | Prepared, parameters: Any = None) -> Written:
        """Run a statement; how many rows it concerned."""
        return Written(self._run(statement, parameters).rowcount)

    def all(self, statement: sa.Executable | Prepared, parameters: Any = None) -> Sequence[Any]:
        """All rows."""
        return self._run(statement, parameters).all()

    def one_or_none(self, statement: sa.Executable | Prepared, parameters: Any = None) -> Any | None:
        """The only row, or `None`."""
        rows = self.all(statement, parameters)
        if len(rows) > 1:
            raise sa.exc.MultipleResultsFound(f"{len(rows)} rows where at most one may be")
        return rows[0] if rows else None

    def scalar(self, statement: sa.Executable, parameters: Any = None) -> Any:
        """The first column of the first row, or `None`."""
        return self._run(statement, parameters).scalar()

    def wake(self, topic: str) -> None:
        """Tell those who wait for `topic`, once this transaction is committed and not before."""
        self.topics.add(topic)

    def act_for(self, owner_id: str) -> None:
        """From here on only rows of this owner, where the database can see to it.

        A second fence: the first is the filter in each statement.
        """

    def server_connection(self) -> sa.Connection:
        """The connection, to act on all rows for the server itself. For the store's own rooms."""
        return self._connection

    def _run(self, statement: sa.Executable | Prepared, parameters: Any = None) -> sa.CursorResult[Any]:
        if isinstance(statement, Prepared):
            statement = statement.statement
        return self._connection.execute(statement, parameters)


class DrivenTransaction(Transaction, ABC):
    """A transaction that gives prepared statements to the driver itself."""

    def execute(self, statement: sa.Executable | Prepared, parameters: Any = None) -> Written:
        """Run a statement; how many rows it concerned. For several rows, `parameters` may be a list."""
        if isinstance(statement, Prepared) and not isinstance(parameters, list):
            return Written(self._driven(self._compiled(statement, parameters), parameters or {}).rowcount)
        return super().execute(statement, parameters)

    def all(self, statement: sa.Executable | Prepared, parameters: Any = None) -> Sequence[Any]:
        """All rows."""
        if isinstance(statement, Prepared):
            compiled = self._compiled(statement, parameters)
            return compiled.rows(self._driven(compiled, parameters or {}))
        return super().all(statement, parameters)

    def _compiled(self, statement: Prepared, parameters: Parameters | None) -> Compiled:
        return statement.on(self._connection.dialect, parameters or {})

    @abstractmethod
    def _driven(self, compiled: Compiled, parameters: Parameters) -> Any:
        """Run a compiled statement by the driver; its cursor (PEP 249)."""
