"""A store whose refresh tokens are good once, shared by processes: a file, and a lock around each use."""

from __future__ import annotations

import secrets
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from aimusicverse.platforms.base import DeliveryError
from aimusicverse.platforms.oauth import Tokens, account_expired
from aimusicverse.secret import Secret


class SingleUseStore:
    """Counts how often it was asked, and by whom in vain."""

    def __init__(self, file: Path, *, takes_seconds: float = 0.0, lives_seconds: int = 3600) -> None:
        self._file = file
        self._takes = takes_seconds
        self._lives = lives_seconds
        with self._open() as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS token (refresh TEXT PRIMARY KEY, used INTEGER)")
            connection.execute("CREATE TABLE IF NOT EXISTS refused (refresh TEXT)")

    def begin(self) -> Tokens:
        """The first tokens."""
        with self._open() as connection:
            return self._new(connection)

    def renew(self, platform: str, mode: str, refresh_token: Secret, redirect_uri: str) -> Tokens:
        """New ones, once for each."""
        with self._open() as connection:
            used = connection.execute(
                "UPDATE token SET used = 1 WHERE refresh = ? AND used = 0",
                (refresh_token.get_secret_value(),),
            ).rowcount
            if not used:
                connection.execute("INSERT INTO refused VALUES (?)", (refresh_token.get_secret_value(),))
                raise DeliveryError(account_expired("The store"))
            tokens = self._new(connection)
        time.sleep(self._takes)
        return tokens

    @property
    def used(self) -> int:
        """How often tokens were renewed."""
        with self._open() as connection:
            return int(connection.execute("SELECT count(*) FROM token WHERE used = 1").fetchone()[0])

    @property
    def refused(self) -> int:
        """How often somebody came with a token that was used."""
        with self._open() as connection:
            return int(connection.execute("SELECT count(*) FROM refused").fetchone()[0])

    def _new(self, connection: sqlite3.Connection) -> Tokens:
        refresh, access = secrets.token_hex(8), secrets.token_hex(8)
        connection.execute("INSERT INTO token VALUES (?, 0)", (refresh,))
        return Tokens(Secret(f"at-{access}"), Secret(refresh), self._lives)

    def _open(self) -> _Closing:
        return _Closing(sqlite3.connect(self._file, timeout=30))


class _Closing:
    """Commits, then closes."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> sqlite3.Connection:
        self._connection.execute("BEGIN IMMEDIATE")
        return self._connection

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        with closing(self._connection):
            self._connection.commit()
