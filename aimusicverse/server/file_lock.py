"""Locks on files: they go with their process, however that ends. POSIX; on Windows written, not verified."""

from __future__ import annotations

import os
import secrets
import sys
import time
from pathlib import Path
from typing import IO

from aimusicverse.server.store.blobs import sync_folder


def lock(file: IO[str], *, shared: bool = False, patience: float = 0.2) -> bool:
    """Take the lock, or change the kind of the one held; whether that was possible within `patience` seconds.

    A client that only looks whether somebody has it lets go of it within moments: hence some patience.
    """
    deadline = time.monotonic() + patience
    while not try_lock(file, shared=shared):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def publish(path: Path, text: str) -> IO[str] | None:
    """Write a file that only this user may read, whole or not at all, and locked from its first moment.

    Its lock says whether he who wrote it is alive; the file alone does not: he may have been killed.

    Returns:
        What holds the lock until it is closed; `None` on Windows, where an open file cannot take its name.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    file = os.fdopen(descriptor, "w")
    try:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
        if sys.platform == "win32":
            file.close()
        else:
            try_lock(file)
        temporary.replace(path)
        sync_folder(path.parent)
    except BaseException:
        file.close()
        temporary.unlink(missing_ok=True)
        raise
    return None if file.closed else file


if sys.platform == "win32":
    import msvcrt

    def try_lock(file: IO[str], *, shared: bool = False) -> bool:
        """Take the lock without waiting. Windows' is never shared."""
        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def try_lock(file: IO[str], *, shared: bool = False) -> bool:
        """Take the lock without waiting."""
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
