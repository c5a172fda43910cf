"""The three standard streams, of which a caller may have closed some (`amv … >&-`)."""

from __future__ import annotations

import os
import sys


def stand_in_for_closed() -> None:
    """Put something where a standard stream is missing.

    Nobody will ever read what is written there, so it is like a pipe whose reader has gone; there is nothing
    to read, either. And no file that is opened later gets the number of a stream that others write to.
    """
    if sys.stdin is None:
        _put(os.open(os.devnull, os.O_RDONLY), 0)
        sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    if sys.stdout is None:
        reader, writer = os.pipe()
        os.close(reader)
        _put(writer, 1)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    if sys.stderr is None:
        _put(os.open(os.devnull, os.O_WRONLY), 2)
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)


def _put(opened: int, number: int) -> None:
    if opened == number:
        os.set_inheritable(opened, True)  # as standard streams are
    else:
        os.dup2(opened, number)
        os.close(opened)
