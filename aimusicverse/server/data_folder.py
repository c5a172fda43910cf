"""One data folder: its lock, the master key, the owner's API key, and `server.json`.

data folder/
├── lock          held while a process works on it: by one alone, or on PostgreSQL by several together
├── starting      held during the first steps of a process that shares the folder
├── server.json   0600: where the running server is, and the key to it; locked while that server lives
├── master.key    0600: for cursors, play links and kept answers (or AMV_MASTER_KEY)
├── owner.key     0600: the embedded owner's API key
├── listen.secret 0600: by which `amv webhooks listen` signs; no server reads it
├── amv.db        the database, with -wal and -shm beside it
├── blobs/        audio by its hash, unless AMV_BLOBS names another place
├── cache/        then: copies of what was used last; may be deleted at any time
├── sandbox/      what stand-in stores know and were given
├── workers/      a file for each process that does jobs; locked while it lives
└── server.log    of a server that runs behind a command; `amv serve` logs to stderr
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from aimusicverse.errors import ConfigurationError
from aimusicverse.secret import Secret
from aimusicverse.server import file_lock
from aimusicverse.server.store.blobs import sync_folder
from aimusicverse.types.base import rfc3339

#: How long a process waits for another one's first steps.
START_SECONDS = 60.0


class DataFolder:
    """A data folder that this process has locked."""

    def __init__(self, path: Path, *, shared: bool = False) -> None:
        """Create the folder if need be, and lock it.

        Args:
            path: the folder.
            shared: with others who share it, because the database lies elsewhere. Until `started` is
                called the others wait, so that only one makes what is missing.

        Raises:
            ConfigurationError: it is a file, may not be written, or another process holds it.
        """
        self.path = path
        self._shared = shared
        self._announced: IO[str] | None = None
        #: Which file is the `server.json` of this process.
        self._announcement: tuple[int, int] | None = None
        self._starting: IO[str] | None = None
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock: IO[str] | None = (path / "lock").open("a+")
        except OSError as error:
            raise ConfigurationError(
                f"the data folder {path} cannot be used: {error.strerror}; name another with AMV_DATA_DIR"
            ) from None
        try:
            self.was_free: bool = self._take(self._lock)
        except BaseException:
            self._lock.close()
            if self._starting is not None:
                self._starting.close()
            raise
        if self.was_free:
            (path / "server.json").unlink(missing_ok=True)  # left by a server that was killed

    def _take(self, lock: IO[str]) -> bool:
        """Lock; whether nobody else was here."""
        if not self._shared:
            if not file_lock.lock(lock):
                raise ConfigurationError(self._held_by(lock))
            return True
        self._starting = (self.path / "starting").open("a+")
        if not file_lock.lock(self._starting, patience=START_SECONDS):
            raise ConfigurationError(
                f"another process has been starting on {self.path} for {START_SECONDS:.0f} seconds; "
                "see what it waits for, or name another folder with AMV_DATA_DIR"
            )
        # Whoever shares the folder comes through here one at a time, so it stays free until `started`.
        was_free = file_lock.try_lock(lock)
        if not file_lock.lock(lock, shared=True):
            raise ConfigurationError(self._held_by(lock))
        return was_free

    def started(self) -> None:
        """What was missing is made: let others begin."""
        if self._starting is not None:
            self._starting.close()
            self._starting = None

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.path / "amv.db"

    @property
    def workers(self) -> Path:
        """The folder of those who do jobs."""
        return self.path / "workers"

    def release(self) -> None:
        """Remove `server.json`, if it is still that of this process, and give the lock back. Idempotent."""
        if self._lock is None:
            return
        if self._announcement is not None:
            with suppress(OSError), self._others_wait():
                if self._announcement == _identity(self.path / "server.json"):
                    (self.path / "server.json").unlink()
        for file in (self._announced, self._starting, self._lock):
            if file is not None:
                file.close()
        self._announced = self._starting = self._lock = None

    def announce(self, url: str, key: Secret, started_at: datetime) -> None:
        """Write `server.json`: how other programs of this user find the server. The last one counts."""
        content = {
            "url": url,
            "pid": os.getpid(),
            "api_key": key.get_secret_value(),
            "started_at": rfc3339(started_at),
        }
        with self._others_wait():
            self._announced = file_lock.publish(self.path / "server.json", json.dumps(content))
            self._announcement = _identity(self.path / "server.json")

    def master_key(self, named: Secret | None) -> bytes:
        """32 bytes, as `named` (base64), or from `master.key`, which is made at first need.

        Raises:
            ConfigurationError: it is not base64 of 32 bytes.
        """
        file = self.path / "master.key"
        if named is None and not file.exists():
            self._write_private("master.key", base64.b64encode(secrets.token_bytes(32)).decode())
        text = file.read_text("latin-1").strip() if named is None else named.get_secret_value()
        return decoded_master_key(text, str(file) if named is None else "AMV_MASTER_KEY")

    def keep_master_key(self, text: str) -> None:
        """Make `text` the content of `master.key`."""
        self._write_private("master.key", text)

    def save_owner_key(self, key: Secret, proof: str) -> None:
        """Keep the embedded owner's key for the next start."""
        self._write_private("owner.key", {"api_key": key.get_secret_value(), "proof": proof})

    def owner_key(self) -> tuple[Secret, str] | None:
        """The embedded owner's key and its proof; `None` when the file is missing or unreadable."""
        try:
            content = json.loads((self.path / "owner.key").read_text())
            return Secret(content["api_key"]), str(content["proof"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _write_private(self, name: str, content: Any) -> None:
        """A file that only this user may read, whole or not at all."""
        text = content if isinstance(content, str) else json.dumps(content)
        temporary = self.path / f".{name}.{secrets.token_hex(4)}"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(text + "\n")
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self.path / name)
            sync_folder(self.path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise

    @contextmanager
    def _others_wait(self) -> Iterator[None]:
        """Nobody else who shares the folder starts, announces himself or leaves meanwhile."""
        if not self._shared or self._starting is not None:
            yield
            return
        with (self.path / "starting").open("a+") as turn:
            file_lock.lock(turn, patience=5)  # whoever stands still there must not hold up an end
            yield

    def _held_by(self, lock: IO[str]) -> str:
        try:
            held = json.loads((self.path / "server.json").read_text())
            who = f"the server at {held['url']} (process {held['pid']})"
        except (OSError, ValueError, KeyError, TypeError):
            who = "another process that is starting or has not said where it listens"
        if not self._shared and file_lock.try_lock(lock, shared=True):
            return (
                f"the data folder {self.path} is held by {who}, which works on PostgreSQL; "
                "set AMV_DATABASE_URL to share it, or name another folder with AMV_DATA_DIR"
            )
        return (
            f"the data folder {self.path} is held by {who}; "
            "use that server, stop it, or name another folder with AMV_DATA_DIR "
            "(on SQLite one process has it alone; several need PostgreSQL, AMV_DATABASE_URL)"
        )


def decoded_master_key(text: str, where: str) -> bytes:
    """The 32 bytes.

    Raises:
        ConfigurationError: it is not base64 of 32 bytes; `where` says which text is meant.
    """
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise ConfigurationError(f"{where} must be the base64 of 32 bytes")
    return key


def key_proof(master: bytes, key: Secret, stored_hash: bytes) -> str:
    """Proof that this key was once checked against this hash: spares a bcrypt at every start."""
    return hmac.new(master, key.get_secret_value().encode() + b"\0" + stored_hash, hashlib.sha256).hexdigest()


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
