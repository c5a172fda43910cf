"""Whose turn it is to write, within one process: many at once, or one alone who was passed over too often.

PostgreSQL ends one of two serializable transactions that got in each other's way. A long one among many short
ones would be that one again and again; so after some tries it waits until the others are through, and they
wait for it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """Of the writers of one store."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._together = 0
        self._alone = False

    @contextmanager
    def together(self) -> Iterator[None]:
        """Beside others, unless somebody is alone."""
        with self._changed:
            while self._alone:
                self._changed.wait()
            self._together += 1
        try:
            yield
        finally:
            with self._changed:
                self._together -= 1
                self._changed.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Once those who are at it have ended; nobody begins meanwhile."""
        with self._changed:
            while self._alone:
                self._changed.wait()
            self._alone = True
            while self._together:
                self._changed.wait()
        try:
            yield
        finally:
            with self._changed:
                self._alone = False
                self._changed.notify_all()
