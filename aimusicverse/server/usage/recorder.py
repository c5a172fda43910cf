"""Takes a record of each request, and writes what they come to about once a second.

On a request's way is one call that appends a tuple to a list. The rest is done by a thread: it adds the
records up (`tally.py`) and writes the sums in one transaction. Each such part has a number, which the same
transaction writes down. A part that was not answered is written again, unchanged and under its number, until
it is: so it counts once, whether or not the first commit happened.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from starlette.types import Scope

from aimusicverse.server.ids import new_id
from aimusicverse.server.scope_keys import AGENT, HELD, LIMITED, PRINCIPAL
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.errors import StoreError
from aimusicverse.server.usage import service
from aimusicverse.server.usage.tally import Record, Taken, Tally
from aimusicverse.server.usage.totals import Totals

log: Final = logging.getLogger("aimusicverse.server.usage")

FLUSH_SECONDS: Final = 1.0
#: How many records wait for the thread at most: what a busy process answers in a minute.
MOST_WAITING: Final = 100_000
_SAY_SECONDS: Final = 60.0
_DAY: Final = 86_400


class Recorder:
    """The records of one process."""

    def __init__(self, store: Store, *, on: bool = True, ahead: Callable[[], float] | None = None) -> None:
        """Nothing is written before `start`.

        Args:
            store: where sums are kept.
            on: else nothing is recorded at all.
            ahead: how far server time (unix seconds) is ahead of the clock that says when requests came,
                which is `time.perf_counter`.
        """
        self._ahead_now = ahead or (lambda: store.clock.unix() - time.perf_counter())
        self._ahead = self._ahead_now()
        store.clock.when_moved(self._add_up)  # what came before keeps its time
        self.on: Final[bool] = on
        #: Since this process began: for `/metrics`.
        self.totals: Final[Totals] = Totals()
        self._store = store
        self._writer = new_id("wrt")
        self._waiting: list[Record] = []
        self._refused = 0
        self._tally = Tally()
        #: Still to be written.
        self._next = Taken()
        self._lost = 0
        #: Written, but not answered; and the number of that part.
        self._unanswered: Taken | None = None
        self._number = 0
        self._day = -1
        self._said = float("-inf")
        #: Held by whoever writes, until it is answered; and by whoever adds up, which is never for long: the
        #: clock is moved on the thread that all writes need.
        self._writing = threading.Lock()
        self._adding = threading.Lock()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="amv-usage", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        if self.on:
            self._thread.start()

    def take(self, scope: Scope, came: float, status: int, seconds: float, sent: int) -> None:
        """Remember a request that has ended. From the event loop, so it does as little as it can.

        What is read here was in use just now. What is made here, and kept, is cold by the time that it is
        added up: so as little as possible is made.

        Args:
            scope: of the request.
            came: when it came, by `time.perf_counter`.
            status: of its answer; 0 for none.
            seconds: since it came.
            sent: bytes of the answer's body.
        """
        if len(self._waiting) < MOST_WAITING:
            get = scope.get
            self._waiting.append((
                came, get(PRINCIPAL), get("route"), scope["method"], status, seconds, sent,
                get(LIMITED), get(HELD), get(AGENT, b""),
            ))  # fmt: skip
        else:
            self._refused += 1

    @property
    def waiting(self) -> int:
        """Records that nobody has looked at yet."""
        return len(self._waiting)

    @property
    def dropped(self) -> int:
        """Records that were never counted, because there was no room for more."""
        return self._refused + self._tally.dropped + self._lost

    def flush(self) -> None:
        """Write all that has ended so far. Blocks.

        Raises:
            StoreError: the database does not do its part; nothing is lost, the next flush tries again.
        """
        with self._writing:
            self._add_up()
            if self._unanswered is not None:
                self._write(self._unanswered, again=True)
            with self._adding:
                part, self._next = self._next, Taken()
            if part:
                self._number += 1
                self._unanswered = part
                self._write(part)

    def flush_if_possible(self) -> None:
        """The same, for whoever is as well off without: a failure is logged, not too often."""
        try:
            self.flush()
        except StoreError as error:
            if time.monotonic() - self._said >= _SAY_SECONDS:
                self._said = time.monotonic()
                extra = {"waiting": self.waiting, "dropped": self.dropped, "error": str(error)}
                log.warning("usage is not written down; it is kept and tried again", extra=extra)

    def close(self) -> None:
        """Write the rest, and stop. Idempotent."""
        if self._thread.is_alive():
            self._closing.set()
            self._thread.join()
            self.flush_if_possible()
            try:
                self._store.write_now(service.forget_writer, self._writer)
            except StoreError as error:
                log.info("the usage of this process is not signed off", extra={"error": str(error)})

    def _loop(self) -> None:
        while not self._closing.wait(FLUSH_SECONDS):
            try:
                self.flush_if_possible()
            except Exception:
                log.exception("recording met a defect")  # it goes on: one bad second is not the next one's

    def _add_up(self) -> None:
        with self._adding:
            # Each of the two is one step as the event loop sees it, which goes on appending behind them.
            records = self._waiting[:]
            del self._waiting[: len(records)]
            self._tally.add(records, self._ahead)
            self._ahead = self._ahead_now()
            fresh = self._tally.taken()
            self.totals.add(fresh)
            self._lost += self._next.merge(fresh)

    def _write(self, part: Taken, *, again: bool = False) -> None:
        day = max(minute for minute, _, _ in part) // _DAY
        self._store.write_now(
            service.add, self._writer, self._number, part, begins_a_day=day != self._day, again=again
        )
        self._unanswered, self._day = None, day
