"""What takes long and was stopped on the way: the error names the command that goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from aimusicverse.cli import exits
from aimusicverse.cli.errors import CommandError, Interrupted
from aimusicverse.cli.failure import failure
from aimusicverse.errors import AMVError


@contextmanager
def going_on(line: Callable[[], str], done: Callable[[], str], *, always: bool = True) -> Iterator[None]:
    """While this lasts, whatever stops it says how to go on.

    Args:
        line: the command, as of now.
        done: what was done up to now, in words.
        always: after each error; else only after those that may be gone at another try.

    Raises:
        Interrupted: by a person, or by the system.
        CommandError: in the place of an AMVError.
    """
    try:
        yield
    except KeyboardInterrupt as interrupt:
        raise Interrupted(
            f"interrupted; {done()}",
            exit_code=getattr(interrupt, "exit_code", exits.INTERRUPTED),
            hint=f"Go on: {line()}",
        ) from None
    except AMVError as error:
        told = failure(error)
        if not (always or told.retryable):
            raise
        raise CommandError(
            told.message,
            exit_code=told.exit_code,
            code=told.code,
            hint=" ".join(filter(None, (told.hint, f"Go on: {line()}"))),
            retryable=told.retryable,
        ) from error
