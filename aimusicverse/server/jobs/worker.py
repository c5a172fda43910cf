"""The worker: claims what is due and runs each job on a thread of its own, a few side by side."""

from __future__ import annotations

import logging
import os
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from aimusicverse.server.jobs import outbox
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.errors import StoreError

log: Final = logging.getLogger("aimusicverse.server.jobs")

#: Does a job's work, and ends it by `outbox.finish` in the transaction of its results. The second argument
#: is set when the worker stops: give up and put the job back.
Handler = Callable[[outbox.Job, threading.Event], None]

LONGEST_SLEEP = 30.0
HOUSEKEEPING_SECONDS = 3600.0
DONE_JOBS_KEPT = timedelta(days=7)
_RETRY_SECONDS = (1, 5, 30)
#: After the database failed a job, which is no try of its own.
_STORE_RETRY_SECONDS = 1


class Worker:
    """Runs jobs until it is stopped."""

    def __init__(
        self,
        store: Store,
        handlers: Mapping[str, Handler],
        *,
        slots: int,
        housekeeping: Callable[[], None],
        name: str | None = None,
    ) -> None:
        """Nothing begins before `start`.

        Args:
            store: where jobs are claimed.
            handlers: for each kind of job; others are left to other workers.
            slots: how many jobs run side by side.
            housekeeping: called at the start and once an hour.
            name: under which jobs are leased; no other process may have it.
        """
        self._store = store
        self._handlers = handlers
        self._kinds = frozenset(handlers)
        self._slots = slots
        self._housekeeping = housekeeping
        self._name = name or f"{os.getpid()}-{secrets.token_hex(8)}"
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._running: set[threading.Thread] = set()
        self._house: threading.Thread | None = None
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._loop, name="amv-worker", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def wake(self) -> None:
        """Look at the outbox now: something is new, or the server clock was moved."""
        self._wake.set()

    def stop(self) -> None:
        """Take no more, interrupt what runs (it will be taken up again), and wait for it."""
        self._stopping.set()
        self._wake.set()
        self._thread.join()
        with self._lock:
            running = [*self._running, *([self._house] if self._house else [])]
        for thread in running:
            thread.join()

    def _loop(self) -> None:
        next_housekeeping = time.monotonic()
        with self._store.signals.listen(outbox.TOPIC, self._wake.set):
            while not self._stopping.is_set():
                self._wake.clear()
                try:
                    if time.monotonic() >= next_housekeeping:
                        next_housekeeping = time.monotonic() + HOUSEKEEPING_SECONDS
                        self._start_housekeeping()
                    timeout = self._take_what_is_due()
                except StoreError as error:
                    log.error("the outbox cannot be read", extra={"error": str(error)})
                    timeout = 1.0
                except Exception:
                    # A defect must not end all later work in silence: say it, and go on.
                    log.exception("the worker met a defect")
                    timeout = 1.0
                self._wake.wait(timeout)

    def _take_what_is_due(self) -> float:
        """Start what is due and fits; how long there will be nothing to do."""
        with self._lock:
            free = self._slots - len(self._running)
        if free <= 0:
            return LONGEST_SLEEP  # a thread that ends wakes us
        for job in self._store.write_now(outbox.claim, who=self._name, limit=free, kinds=self._kinds):
            thread = threading.Thread(target=self._run, args=(job,), name=f"amv-{job.kind}", daemon=True)
            with self._lock:
                self._running.add(thread)
            thread.start()
            free -= 1
        if free <= 0:
            return LONGEST_SLEEP
        due = self._store.read_now(outbox.seconds_until_next, self._kinds)
        return LONGEST_SLEEP if due is None else min(due, LONGEST_SLEEP)

    def _start_housekeeping(self) -> None:
        """On a thread of its own: a store of blobs that is slow to list must not hold up the jobs."""
        if self._house is None or not self._house.is_alive():
            self._house = threading.Thread(target=self._keep_house, name="amv-housekeeping", daemon=True)
            self._house.start()

    def _keep_house(self) -> None:
        try:
            self._housekeeping()
        except StoreError as error:
            log.error("housekeeping was not possible", extra={"error": str(error)})
        except Exception:
            log.exception("housekeeping met a defect")

    def _run(self, job: outbox.Job) -> None:
        try:
            self._handlers[job.kind](job, self._stopping)
        except outbox.ClaimLost:
            log.info("job given up: it is somebody else's now", extra={"job": job.id, "kind": job.kind})
        except StoreError as error:
            extra = {"job": job.id, "kind": job.kind, "error": str(error)}
            log.warning("job interrupted: the database does not do its part", extra=extra)
            self._put_back(job, _STORE_RETRY_SECONDS, counted=False)
        except Exception:
            log.exception("job failed", extra={"job": job.id, "kind": job.kind})
            delay = _RETRY_SECONDS[min(job.tries, len(_RETRY_SECONDS) - 1)]
            self._put_back(job, delay, counted=True)
        finally:
            with self._lock:
                self._running.discard(threading.current_thread())
            self._wake.set()

    def _put_back(self, job: outbox.Job, delay: float, *, counted: bool) -> None:
        put = outbox.try_again if counted else outbox.put_back
        try:
            self._store.write_now(lambda tx: put(tx, job, due_at=tx.now + timedelta(seconds=delay)))
        except (StoreError, outbox.ClaimLost) as error:
            # The lease runs out by itself; the row is still there.
            log.error("job could not be put back", extra={"job": job.id, "error": str(error)})
