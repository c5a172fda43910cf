"""What a service function receives: one transaction, one moment, and a way to wake whoever waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa


class Transaction:
    """A running transaction. `now` is server time and stands still within it."""

    def __init__(self, connection: sa.Connection, now: datetime) -> None:
        self._connection = connection
        self.now = now
        self.topics: set[str] = set()

    def execute(self, statement: sa.Executable, parameters: Any = None) -> sa.CursorResult[Any]:
        """Run a statement."""
        return self._run(statement, parameters)

    def one_or_none(self, statement: sa.Executable, parameters: Any = None) -> sa.Row[Any] | None:
        """The only row, or `None`."""
        return self._run(statement, parameters).one_or_none()

    def scalar(self, statement: sa.Executable) -> Any:
        """The first column of the first row, or `None`."""
        return self._run(statement).scalar()

    def all(self, statement: sa.Executable, parameters: Any = None) -> Sequence[sa.Row[Any]]:
        """All rows."""
        return self._run(statement, parameters).all()

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

    def _run(self, statement: sa.Executable, parameters: Any = None) -> sa.CursorResult[Any]:
        return self._connection.execute(statement, parameters)
