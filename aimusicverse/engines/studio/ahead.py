"""Two halves of one chain of work at the same time, on two cores.

numpy lets go of the interpreter while it works on arrays, so a second thread may make the next blocks while
this one is still at the last. Each half does its blocks in their order and shares nothing with the other
but what it hands over: the result is the same to the bit as with one thread.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from queue import Empty, Queue
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")

#: Items that may wait; more would cost memory and gain nothing.
WAITING = 2


class _End:
    """The last thing handed over: there is no more, or why there is none."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def ahead(items: Iterator[T], threads: int) -> Iterator[T]:
    """The same items in the same order, made by a thread of their own if `threads` are two or more.

    What goes wrong there is raised here. Closing this ends the thread after the item it is at.
    """
    if threads < 2:
        yield from items
        return
    ready: Queue[T | _End] = Queue(WAITING)
    enough = Event()

    def work() -> None:
        try:
            for item in items:
                ready.put(item)
                if enough.is_set():
                    return
            ready.put(_End())
        except BaseException as error:  # raised again where the items are wanted
            ready.put(_End(error))

    maker = Thread(target=work, name="ahead", daemon=True)
    maker.start()
    try:
        while True:
            item = ready.get()
            if isinstance(item, _End):
                if item.error is not None:
                    raise item.error
                return
            yield item
    finally:
        enough.set()
        while maker.is_alive():
            try:
                ready.get(timeout=0.01)
            except Empty:
                maker.join(0.01)
