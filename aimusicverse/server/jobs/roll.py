"""Who does jobs over one data folder: a file for each worker, locked while its process lives.

A lease alone says only when a worker was last heard of. The lock of its file goes with its process, so that
the next one to sign on learns at once who died, and need not wait for their leases. A process that stands
still keeps its lock, and a worker that uses another folder is not seen here: for both, leases run out.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from aimusicverse.server import file_lock


@contextmanager
def signed_on(folder: Path, bury: Callable[[Sequence[str]], None]) -> Iterator[str]:
    """A name to work under, while the block runs.

    Args:
        folder: of the workers' files; made when it is not there.
        bury: is told who died since somebody last signed on, if anybody did. A name that it could not deal
            with, because it raised an exception, is told again to the next one.
    """
    name = f"{os.getpid()}-{secrets.token_hex(8)}"
    if sys.platform == "win32":  # written, not verified
        yield name
        return
    folder.mkdir(mode=0o700, exist_ok=True)
    _bury_the_dead(folder, bury)
    file = file_lock.publish(folder / name, "")
    try:
        yield name
    finally:
        (folder / name).unlink(missing_ok=True)
        if file is not None:
            file.close()


def _bury_the_dead(folder: Path, bury: Callable[[Sequence[str]], None]) -> None:
    with ExitStack() as locks:
        dead = []
        for path in folder.iterdir():
            if path.name.startswith("."):
                continue  # about to get its name
            try:
                file = locks.enter_context(path.open("r+"))
            except FileNotFoundError:
                continue  # it has just signed off
            if file_lock.try_lock(file):
                dead.append(path)
        if dead:
            bury([path.name for path in dead])
        for path in dead:
            path.unlink(missing_ok=True)
