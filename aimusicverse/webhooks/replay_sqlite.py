"""Messages remembered in a file: for several processes of one machine, and over restarts."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path

from aimusicverse.errors import ConfigurationError
from aimusicverse.webhooks.replay import KEEP, LEASE, ReplayStore

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aimusicverse.webhooks.replay import State

_BUSY_SECONDS = 10
_SWEEP_SECONDS = 60
_TABLE = """CREATE TABLE IF NOT EXISTS webhook_message (
    namespace TEXT NOT NULL, id TEXT NOT NULL, holder TEXT, until REAL NOT NULL,
    PRIMARY KEY (namespace, id)) WITHOUT ROWID"""
_INDEX = "CREATE INDEX IF NOT EXISTS webhook_message_until ON webhook_message (until)"
#: One statement, so nobody comes between; it changes a row only when that row's time is over.
_TAKE = """INSERT INTO webhook_message (namespace, id, holder, until) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET holder = excluded.holder, until = excluded.until WHERE until < ?"""
_STATE = "SELECT holder FROM webhook_message WHERE namespace = ? AND id = ?"
_FINISH = "UPDATE webhook_message SET holder = NULL, until = ? WHERE namespace = ? AND id = ? AND holder = ?"
_DROP = "DELETE FROM webhook_message WHERE namespace = ? AND id = ? AND holder = ?"
_SWEEP = "DELETE FROM webhook_message WHERE until < ?"


class SQLiteReplayStore(ReplayStore):
    """Its table lies in a file of its own, or in one that you have."""

    def __init__(
        self, file: str | Path, *, namespace: str = "", keep: float = KEEP, lease: float = LEASE
    ) -> None:
        """Open the file; it is made if it is not there.

        Args:
            file: where; its folder must be there.
            namespace: of the sender or endpoint, where several share the file: ids are unique for each.
            keep: as for `ReplayStore`.
            lease: as for `ReplayStore`.

        Raises:
            ConfigurationError: it cannot be opened, or is no database.
        """
        super().__init__(keep=keep, lease=lease)
        self._namespace = namespace
        self._lock = threading.Lock()
        try:
            self._connection = sqlite3.connect(
                file, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute(_TABLE)
            self._connection.execute(_INDEX)
        except sqlite3.Error as error:
            raise ConfigurationError(f"{file} cannot keep webhook messages: {error}.") from error
        self._swept = 0.0

    def close(self) -> None:
        """Close the file. Idempotent."""
        with self._lock:
            self._connection.close()

    def _now(self) -> float:
        return time.time()  # of all processes, and over restarts

    def _take(self, message_id: str, token: str) -> State:
        now = self._now()
        with self._lock:
            if now - self._swept >= _SWEEP_SECONDS:
                self._swept = now
                self._connection.execute(_SWEEP, (now,))
            taken = self._connection.execute(
                _TAKE, (self._namespace, message_id, token, now + self.lease, now)
            )
            if taken.rowcount == 1:
                return "new"
            row = self._connection.execute(_STATE, (self._namespace, message_id)).fetchone()
        # Without a row it was released this very moment: its next delivery gets it.
        return "done" if row is not None and row[0] is None else "busy"

    def _finish(self, message_id: str, token: str) -> None:
        until = self._now() + self.keep
        with self._lock:
            self._connection.execute(_FINISH, (until, self._namespace, message_id, token))

    def _drop(self, message_id: str, token: str) -> None:
        with self._lock:
            self._connection.execute(_DROP, (self._namespace, message_id, token))
