"""The process of a render child: started for a job, or ahead of it.

A process needs a moment to load the studio. Whoever is about to load something else, and then to have
something rendered, starts it before:

    with started_ahead():
        ...  # the first job in here takes that process
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

HOST = (sys.executable, "-m", "aimusicverse.engines.host")

_lock = threading.Lock()
_waiting: list[subprocess.Popen[str]] = []


def started(command: Sequence[str] = HOST) -> subprocess.Popen[str]:
    """A process with pipes to it: one that waits, or a new one.

    Raises:
        OSError: none can be started.
    """
    if command == HOST:
        with _lock:
            while _waiting:
                process = _waiting.pop()
                if process.poll() is None:
                    return process
                _let_go(process)
    return _start(command)


@contextmanager
def started_ahead() -> Iterator[None]:
    """Have a process loaded for the first job meanwhile; one that nobody took is ended.

    Where none can be started there is none: the job will say why.
    """
    try:
        process = _start((*HOST, "--ahead"))
    except OSError:
        yield
        return
    with _lock:
        _waiting.append(process)
    try:
        yield
    finally:
        with _lock:
            left = process in _waiting
            if left:
                _waiting.remove(process)
        if left:
            _let_go(process)


def _start(command: Sequence[str]) -> subprocess.Popen[str]:
    """In a session of its own, so that Ctrl-C in the terminal reaches only the parent."""
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
        # Two renders side by side must not fight over cores, and one thread gives one order of sums.
        env={
            **os.environ,
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "MKL_NUM_THREADS": "1",
        },
    )


def _let_go(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()
