"""The one door to a database, whichever it is."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Concatenate, Final, NamedTuple, ParamSpec, TypeVar

from aimusicverse.clock import ServerClock
from aimusicverse.server.store.awaited import Asked, Awaited
from aimusicverse.server.store.signals import Signals
from aimusicverse.server.store.transaction import Transaction

P = ParamSpec("P")
T = TypeVar("T")


class Queued(NamedTuple):
    """How many calls wait until somebody has time for them."""

    writes: int
    reads: int


class Store(ABC):
    """One database: `write` and `read` take a function of a `Transaction`, and are the only way in.

    A function that writes may be run more than once before its answer counts: what it does outside the
    database must bear being repeated.
    """

    def __init__(self, clock: ServerClock) -> None:
        self.clock: Final[ServerClock] = clock
        self.signals: Final[Signals] = Signals()

    async def write(
        self, function: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `function(transaction, …)` in a transaction; the answer comes after the commit."""
        asked: Awaited[T] = Awaited()
        self._submit_write(lambda tx: function(tx, *args, **kwargs), asked)
        return await asked.future

    async def write_statement(
        self, function: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """`write` for a function of a single statement that looks and writes in one, and wakes nobody.

        Many of them at once on one row queue for it, and each sees what the one before it left; by `write`
        PostgreSQL would have them run again and again. When a connection is lost the statement is run once
        more, without knowing whether it has had its effect: only what bears that belongs here.
        """
        asked: Awaited[T] = Awaited()
        self._submit_statement(lambda tx: function(tx, *args, **kwargs), asked)
        return await asked.future

    async def read(
        self, function: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `function(transaction, …)` on one consistent view; it cannot write."""
        asked: Awaited[T] = Awaited()
        self._submit_read(lambda tx: function(tx, *args, **kwargs), _kind(function), asked)
        return await asked.future

    def write_now(
        self, function: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """`write` for threads: blocks. Never call it from an event loop."""
        asked: Future[T] = Future()
        self._submit_write(lambda tx: function(tx, *args, **kwargs), asked)
        return asked.result()

    def read_now(
        self, function: Callable[Concatenate[Transaction, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """`read` for threads: blocks. Never call it from an event loop."""
        asked: Future[T] = Future()
        self._submit_read(lambda tx: function(tx, *args, **kwargs), _kind(function), asked)
        return asked.result()

    @property
    @abstractmethod
    def is_ours_alone(self) -> bool:
        """Whether no other process can be at work in it, so that what it left behind may be cleared."""

    @property
    @abstractmethod
    def queued(self) -> Queued:
        """What waits in this process."""

    @abstractmethod
    def copy_to(self, path: Path) -> None:
        """Write a consistent copy of all rows to a file. Blocks."""

    @abstractmethod
    def replace_with(self, path: Path) -> None:
        """Replace all rows by those of a copy, in one step: readers see the old or the new. Blocks."""

    @abstractmethod
    def close(self) -> None:
        """Finish what was accepted, then close; later calls are refused. Idempotent."""

    @abstractmethod
    def _submit_write(self, function: Callable[[Transaction], T], asked: Asked[T]) -> None:
        """Have `function` run in a transaction, and tell whoever `asked`.

        Raises:
            StoreError: the store is closed.
        """

    def _submit_statement(self, function: Callable[[Transaction], T], asked: Asked[T]) -> None:
        """Have `function`, of a single statement, run by itself. With one writer any function is."""
        self._submit_write(function, asked)

    @abstractmethod
    def _submit_read(self, function: Callable[[Transaction], T], kind: object, asked: Asked[T]) -> None:
        """Have `function` run on one consistent view. It has no effect, so it may be run again.

        Args:
            function: what to run.
            kind: the same for all calls of one function, whatever their arguments.
            asked: who waits for its result.

        Raises:
            StoreError: the store is closed.
        """


def _kind(function: Callable[..., object]) -> object:
    return inspect.unwrap(function).__code__ if inspect.isfunction(function) else type(function)
