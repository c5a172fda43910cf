"""The stand-in stores of this server: made when first needed, emptied, kept and put back with its state."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aimusicverse.server.stores.surroundings import StoreSurroundings

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimusicverse.sandbox.sandbox import Sandbox

#: Its memory; what lies beside it are inboxes and files.
_MEMORY: Final = "sandbox.db"


class StandIns:
    """Of one process. They share their memory with those of all processes over this folder."""

    def __init__(
        self, surroundings: StoreSurroundings, now: Callable[[], datetime], review_seconds: float
    ) -> None:
        """Nothing is opened yet.

        Args:
            surroundings: where they are.
            now: server time.
            review_seconds: how long they look at a release.
        """
        self._surroundings = surroundings
        self._now = now
        self._review = timedelta(seconds=review_seconds)
        self._lock = threading.Lock()
        self._sandbox: Sandbox | None = None

    def opened(self) -> Sandbox:
        """All of them. Blocks the first time: it is for threads."""
        with self._lock:
            if self._sandbox is None:
                from aimusicverse.sandbox.sandbox import Sandbox

                self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._sandbox = Sandbox(
                    self._folder, self._now, self._review, self._surroundings.sandbox_url() or ""
                )
            return self._sandbox

    def advance(self) -> None:
        """Let them do what they would have done by now: before a look at a release."""
        self.opened().advance()

    def clear(self) -> None:
        """Forget all that was delivered and connected there."""
        if not self._folder.exists():
            return
        for path in self._beside():
            _remove(path)
        if (self._folder / _MEMORY).exists():
            with closing(sqlite3.connect(self._folder / _MEMORY, timeout=10)) as memory, memory:
                for (table,) in memory.execute(_TABLES).fetchall():
                    memory.execute(f'DELETE FROM "{table}"')  # noqa: S608 - names of our own

    def keep(self, into: Path) -> None:
        """Copy what they know and have into the folder `into`, which is made."""
        into.mkdir(parents=True, mode=0o700)
        if not self._folder.exists():
            return
        for path in self._beside():
            if path.is_dir():
                shutil.copytree(path, into / path.name, symlinks=True)
            else:
                shutil.copy2(path, into / path.name)
        if (self._folder / _MEMORY).exists():
            _copy(self._folder / _MEMORY, into / _MEMORY)

    def restore(self, kept: Path) -> None:
        """Have again what `keep` copied."""
        self.clear()
        for path in kept.iterdir():
            target = self._folder / path.name
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if path.name == _MEMORY:
                _copy(path, target)
            elif path.is_dir():
                shutil.copytree(path, target, symlinks=True)
            else:
                shutil.copy2(path, target)

    @property
    def _folder(self) -> Path:
        return self._surroundings.sandbox_folder

    def _beside(self) -> list[Path]:
        return [path for path in self._folder.iterdir() if not path.name.startswith(_MEMORY)]


_TABLES: Final = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


def _copy(source: Path, target: Path) -> None:
    """While others read and write."""
    with (
        closing(sqlite3.connect(source, timeout=10)) as reading,
        closing(sqlite3.connect(target, timeout=10)) as writing,
    ):
        reading.backup(writing)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
