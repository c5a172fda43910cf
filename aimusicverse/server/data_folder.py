"""One data folder, one owner: the lock, the master key, the owner's API key, and `server.json`.

data folder/
├── lock          held while a server runs
├── server.json   0600: where the running server is, and the key to it
├── master.key    0600: for cursors, play links and kept answers (or AMV_MASTER_KEY)
├── owner.key     0600: the embedded owner's API key
├── amv.db        the database, with -wal and -shm beside it
├── blobs/        audio by its hash, unless AMV_BLOBS names another place
├── cache/        then: copies of what was used last; may be deleted at any time
└── server.log    of a server that runs behind a command; `amv serve` logs to stderr
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from aimusicverse.errors import ConfigurationError
from aimusicverse.secret import Secret
from aimusicverse.server.store.blobs import sync_folder
from aimusicverse.types.base import rfc3339


class DataFolder:
    """A data folder that this process has locked."""

    def __init__(self, path: Path) -> None:
        """Create the folder if need be, and lock it.

        Raises:
            ConfigurationError: it is a file, may not be written, or another server holds it.
        """
        self.path = path
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock: IO[str] | None = (path / "lock").open("a+")
        except OSError as error:
            raise ConfigurationError(
                f"the data folder {path} cannot be used: {error.strerror}; name another with AMV_DATA_DIR"
            ) from None
        if not _lock(self._lock):
            self._lock.close()
            raise ConfigurationError(self._held_by())
        (path / "server.json").unlink(missing_ok=True)  # left by a server that was killed

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.path / "amv.db"

    def release(self) -> None:
        """Remove `server.json` and give the lock back."""
        if self._lock is None:
            return
        (self.path / "server.json").unlink(missing_ok=True)
        self._lock.close()
        self._lock = None

    def announce(self, url: str, key: Secret, started_at: datetime) -> None:
        """Write `server.json`: how other programs of this user find the server."""
        self._write_private(
            "server.json",
            {
                "url": url,
                "pid": os.getpid(),
                "api_key": key.get_secret_value(),
                "started_at": rfc3339(started_at),
            },
        )

    def master_key(self, named: Secret | None) -> bytes:
        """32 bytes, as `named` (base64), or from `master.key`, which is made at first need.

        Raises:
            ConfigurationError: it is not base64 of 32 bytes.
        """
        file = self.path / "master.key"
        if named is None and not file.exists():
            self._write_private("master.key", base64.b64encode(secrets.token_bytes(32)).decode())
        text = file.read_text("latin-1").strip() if named is None else named.get_secret_value()
        try:
            key = base64.b64decode(text, validate=True)
        except ValueError:
            key = b""
        if len(key) != 32:
            raise ConfigurationError(
                f"{file if named is None else 'AMV_MASTER_KEY'} must be the base64 of 32 bytes"
            )
        return key

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

    def _held_by(self) -> str:
        try:
            held = json.loads((self.path / "server.json").read_text())
            who = f"the server at {held['url']} (process {held['pid']})"
        except (OSError, ValueError, KeyError, TypeError):
            who = "another process that is starting or has not said where it listens"
        return (
            f"the data folder {self.path} is held by {who}; "
            "use that server, stop it, or name another folder with AMV_DATA_DIR"
        )


def key_proof(master: bytes, key: Secret, stored_hash: bytes) -> str:
    """Proof that this key was once checked against this hash: spares a bcrypt at every start."""
    return hmac.new(master, key.get_secret_value().encode() + b"\0" + stored_hash, hashlib.sha256).hexdigest()


def _lock(file: IO[str]) -> bool:
    """Take the lock; a client that only looks whether somebody has it lets go of it within moments."""
    for _ in range(10):
        if _try_lock(file):
            return True
        time.sleep(0.02)
    return False


if sys.platform == "win32":  # written, not verified
    import msvcrt

    def _try_lock(file: IO[str]) -> bool:
        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(file: IO[str]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
