"""Ctrl-C, SIGTERM, SIGHUP: one exception, so that everything open is closed and the last line is told."""

from __future__ import annotations

import signal
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aimusicverse.cli import exits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

#: A second Ctrl-C within this time is the same impatience; after it, it cuts the clearing up short.
_SAME_SECONDS = 2.0


class Terminated(KeyboardInterrupt):
    """SIGTERM. What handles Ctrl-C handles this too; only the exit code differs."""

    exit_code = exits.TERMINATED


class HungUp(Terminated):
    """SIGHUP: the terminal is gone."""

    exit_code = exits.HUNG_UP


#: What is raised for each signal. Windows has no SIGHUP.
_RAISED: dict[int, type[KeyboardInterrupt]] = {
    signal.SIGINT: KeyboardInterrupt,
    signal.SIGTERM: Terminated,
    **({signal.SIGHUP: HungUp} if hasattr(signal, "SIGHUP") else {}),
}


@contextmanager
def as_exceptions() -> Iterator[None]:
    """While this lasts, SIGINT raises `KeyboardInterrupt` in the main thread, SIGTERM `Terminated`, SIGHUP
    `HungUp`.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    received: list[float] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        if received and now - received[-1] < _SAME_SECONDS:
            return
        received.append(now)
        raise _RAISED[number]

    before = {
        number: signal.signal(number, stop)
        for number in _RAISED
        if signal.getsignal(number)
        not in (signal.SIG_IGN, None)  # in a script's background Ctrl-C is not for us, nor SIGHUP after nohup
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def ignore_from_now_on() -> None:
    """The process is on its way out: one more Ctrl-C would only add a traceback."""
    for number in _RAISED:
        signal.signal(number, signal.SIG_IGN)
