"""Files that are copied into packages: whole, on the disk, and still those that were looked into."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from aimusicverse.release.facts import AudioFacts, ImageFacts
from aimusicverse.release.package_error import refuse

_CHUNK: Final = 1 << 20
#: How a folder begins its name that is not whole yet. No store or program of ours looks into one.
UNFINISHED: Final = ".unfinished-"


def copy_checked(source: Path, target: Path, facts: AudioFacts | ImageFacts) -> None:
    """A copy whose SHA-256 is what was found when the file was looked into.

    Raises:
        CannotPackage: it is another file now, or cannot be read or written.
    """
    hashed = hashlib.sha256()
    try:
        with target.open("xb") as written:
            for chunk in _chunks(source, facts.size_bytes):
                hashed.update(chunk)
                written.write(chunk)
            written.flush()
            os.fsync(written.fileno())
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise refuse(
            str(source), f"it could not be copied: {reason}.", "Look whether it is there."
        ) from problem
    if hashed.hexdigest() != facts.sha256:
        raise _changed(source)


def read_pieces(source: Path, size: int) -> Iterator[bytes]:
    """What a file holds, piece by piece, and one byte more than `size` at most.

    Raises:
        CannotPackage: it cannot be read.
    """
    try:
        yield from _chunks(source, size)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise refuse(
            str(source), f"it could not be read: {reason}.", "Look whether it is there."
        ) from problem


def read_checked(source: Path, facts: AudioFacts | ImageFacts) -> bytes:
    """The content of a file whose SHA-256 is what was found when it was looked into.

    Raises:
        CannotPackage: it is another file now, or cannot be read.
    """
    content = b"".join(read_pieces(source, facts.size_bytes))
    if hashlib.sha256(content).hexdigest() != facts.sha256:
        raise _changed(source)
    return content


def _chunks(source: Path, size: int) -> Iterator[bytes]:
    """What a file holds, and one byte more than it should at most: by now a device may stand there, which
    never ends, or a pipe, for whose writer nobody waits.
    """
    left = size + 1
    with open(source, "rb", opener=_without_waiting) as file:
        while left and (chunk := file.read(min(left, _CHUNK))):
            left -= len(chunk)
            yield chunk


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # Windows has no such pipes


def _changed(source: Path) -> Exception:
    return refuse(
        str(source),
        "it has changed since it was looked into.",
        "Look into it again, then make the package.",
    )


def write_whole(target: Path, content: bytes) -> None:
    """A new file, on the disk when this returns.

    Raises:
        CannotPackage: it cannot be written.
    """
    try:
        with target.open("xb") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise refuse(str(target), f"it could not be written: {reason}.", "Look at the disk.") from problem


@contextmanager
def appearing(final: Path) -> Iterator[Path]:
    """A folder that is there with all its files, or not at all.

    What is written goes into one beside it, which gets its name at the end; if anything goes wrong, that one
    is removed. A process that is killed leaves it, under a name that begins with `.unfinished-`.

    Args:
        final: the folder's path; its parent is made if it is not there.

    Raises:
        CannotPackage: there is something by that name already, which stays as it is; or it cannot be written.
    """
    if os.path.lexists(final):
        raise _taken(final)
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=final.parent))
        unfinished.chmod(0o755)
    except OSError as problem:
        raise refuse(
            str(final.parent), f"{problem.strerror}.", "Choose a folder that you may write to."
        ) from problem
    try:
        yield unfinished
        for folder, _, _ in os.walk(unfinished):
            _sync(Path(folder))
        if os.path.lexists(final):
            raise _taken(final)
        # Renaming onto a folder that came in between fails, unless that is empty: nothing is ever lost.
        unfinished.rename(final)
        _sync(final.parent)
    except BaseException as problem:
        shutil.rmtree(unfinished, ignore_errors=True)
        if isinstance(problem, OSError):
            raise refuse(str(final), f"{problem.strerror}.", "Look at the disk.") from problem
        raise


def _taken(final: Path) -> Exception:
    return refuse(
        str(final), "it is there already.", "Choose another name, or move it away; nothing was changed."
    )


def _sync(folder: Path) -> None:
    """Names are on the disk too. Windows has no such call for folders."""
    with contextlib.suppress(PermissionError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
