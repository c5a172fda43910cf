"""A folder on this machine that takes batches: the sandbox's inbox, or one that is shared with a provider."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from aimusicverse.platforms.base import DeliveryError
from aimusicverse.platforms.ddex.codes import FOLDER_REFUSED
from aimusicverse.platforms.ddex.parts import Part
from aimusicverse.platforms.ddex.place import MOST_NAMES, Beat, pieces_of
from aimusicverse.platforms.store_problems import general

_FULL: Final = frozenset((errno.ENOSPC, errno.EDQUOT))
_NO_FOLLOWING: Final = getattr(os, "O_NOFOLLOW", 0)  # Windows has no such flag


class FolderPlace:
    """One of them. Nothing is written or read through a symbolic link: who may write into the folder must not
    lead us out of it.
    """

    def __init__(self, root: Path, below: str = "") -> None:
        """Nothing happens yet.

        Args:
            root: it is trusted, and made if it is not there.
            below: a folder in it, as `safe_folder` has judged it.
        """
        self._root = root
        self._below = below

    def make(self, folder: str) -> bool:
        """See `Place`."""
        path = self._path(folder)
        try:
            self._make_ready()
            self._look_at(path.parent)
            path.mkdir()
            _sync(path.parent)
        except FileExistsError:
            self._look_at(path)
            if not path.is_dir():
                raise _refused(f"{folder} is there, and no folder.") from None
            return False
        except OSError as problem:
            raise _failed(folder, problem) from problem
        return True

    def there(self, path: str) -> bool:
        """See `Place`."""
        return os.path.lexists(self._path(path))

    def whole(self, path: str, part: Part) -> bool:
        """See `Place`."""
        try:
            file = self._open(path)
            if file is None:
                return False
            with os.fdopen(file, "rb") as opened:
                if os.fstat(file).st_size != part.size:
                    return False
                if part.content is not None:
                    return opened.read() == part.content
                found = hashlib.file_digest(opened, "sha256").hexdigest()
        except OSError as problem:
            raise _failed(path, problem) from problem
        return part.facts is not None and found == part.facts.sha256

    def put(self, path: str, part: Part, beat: Beat) -> None:
        """See `Place`."""
        final = self._path(path)
        unfinished = final.with_name(f".{final.name}.part")
        try:
            self._look_at(final.parent)
            unfinished.unlink(missing_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOWING
            try:
                with os.fdopen(os.open(unfinished, flags, 0o644), "wb") as written:
                    for piece in pieces_of(part):
                        written.write(piece)
                        beat.add(len(piece))
                    written.flush()
                    os.fsync(written.fileno())
                unfinished.replace(final)
                _sync(final.parent)
            except BaseException:
                with suppress(OSError):
                    unfinished.unlink()
                raise
        except OSError as problem:
            raise _failed(path, problem) from problem

    def names(self, folder: str, prefix: str) -> list[str]:
        """See `Place`."""
        path = self._path(folder)
        self._look_at(path)
        found: list[str] = []
        try:
            with os.scandir(path) as entries:
                for number, entry in enumerate(entries):
                    if number >= MOST_NAMES:
                        break
                    if entry.name.startswith(prefix):
                        found.append(entry.name)
        except FileNotFoundError:
            return []
        except OSError as problem:
            raise _failed(folder, problem) from problem
        return sorted(found)

    def read(self, path: str, most: int) -> bytes | None:
        """See `Place`."""
        self._look_at(self._path(path).parent)
        try:
            file = self._open(path)
            if file is None:
                return None
            with os.fdopen(file, "rb") as opened:
                return opened.read(most + 1)
        except OSError as problem:
            raise _failed(path, problem) from problem

    def watch(self, tick: Callable[[], None]) -> None:
        """See `Place`. Nothing here is waited for, but writing, which tells of itself."""

    def close(self) -> None:
        """Nothing is open."""

    def _path(self, path: str) -> Path:
        return self._root / self._below / path

    def _open(self, path: str) -> int | None:
        """A plain file, opened; `None`: there is none by this name. A pipe there is not waited for."""
        flags = os.O_RDONLY | _NO_FOLLOWING | getattr(os, "O_NONBLOCK", 0)
        try:
            file = os.open(self._path(path), flags)
        except FileNotFoundError:
            return None
        except OSError as problem:
            if problem.errno == errno.ELOOP:
                return None
            raise
        if not stat.S_ISREG(os.fstat(file).st_mode):
            os.close(file)
            return None
        return file

    def _make_ready(self) -> None:
        self._root.mkdir(parents=True, exist_ok=True)
        ready = self._root
        for name in Path(self._below).parts:
            ready /= name
            self._look_at(ready)
            ready.mkdir(exist_ok=True)

    def _look_at(self, path: Path) -> None:
        """No step from the root to here is a link."""
        step = self._root
        for name in path.relative_to(self._root).parts:
            step /= name
            if step.is_symlink():
                raise _refused(f"{name} is a symbolic link, which may lead anywhere.")


def _failed(path: str, problem: OSError) -> DeliveryError:
    if problem.errno in _FULL:
        return DeliveryError(general("disk_full"))
    return _refused(f"{path or 'The folder'}: {problem.strerror or 'it cannot be used'}.")


def _refused(message: str) -> DeliveryError:
    return DeliveryError(FOLDER_REFUSED.problem(message))


def _sync(folder: Path) -> None:
    """Names are on the disk too. Windows has no such call for folders."""
    with suppress(PermissionError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
