"""Files that are whole at any time: written beside, synced, and put in the place of the old one."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from aimusicverse.cli.errors import OutputProblem, UsageProblem


def replace(path: Path, content: bytes) -> None:
    """Put a file in the place of an older one, which keeps its permissions; a link goes on pointing there.

    Raises:
        OutputProblem: it cannot be written; the older one is as it was.
    """
    target = Path(os.path.realpath(path))
    try:
        if target.exists() and not target.is_file():  # a device or a pipe takes what it is given
            target.write_bytes(content)
            return
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
        draft = _draft(target, content)
        try:
            if mode is not None:
                draft.chmod(mode)
            draft.replace(target)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OutputProblem(f"{path} could not be written: {error.strerror}") from None


def create(path: Path, content: bytes) -> None:
    """Make a file, whole at once. One that is there stays, whoever made it, and be it a moment ago.

    Raises:
        UsageProblem: there is one.
        OutputProblem: it cannot be written.
    """
    try:
        draft = _draft(path, content)
        try:
            try:
                os.link(draft, path)
            except FileExistsError:
                raise
            except OSError:  # a file system without links
                with path.open("xb") as file:
                    file.write(content)
        finally:
            with suppress(OSError):
                draft.unlink()
    except FileExistsError:
        raise UsageProblem(
            f"{path} is there already, and is not overwritten", hint="Choose another name with -o."
        ) from None
    except OSError as error:
        raise OutputProblem(f"{path} could not be written: {error.strerror}") from None


def _draft(path: Path, content: bytes) -> Path:
    draft = path.with_name(f".{path.name[:100]}-{os.urandom(6).hex()}")
    try:
        # As open() would make it: 0666 without what the user's umask takes away.
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return draft
