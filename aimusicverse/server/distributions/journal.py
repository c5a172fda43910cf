"""A connector's journal, kept sealed in the row of its delivery and fenced by the claim of its job; and the
lease of that job, held while a step lasts."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from aimusicverse.server.distributions import progress
from aimusicverse.server.distributions.progress import Overtaken, Work
from aimusicverse.server.jobs import outbox
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.errors import StoreError
from aimusicverse.server.store.sealed import Sealer

log: Final = logging.getLogger("aimusicverse.server.distributions")

#: What journals are sealed for (`store/sealed.py`).
JOURNAL: Final = "journal"
#: How often an upload's progress is written down, seconds.
_REPORT_SECONDS: Final = 1.0


class Interrupted(Exception):
    """The server stops; the job is put back."""


class KeptJournal:
    """Of one step of one delivery."""

    def __init__(
        self, store: Store, sealer: Sealer, job: outbox.Job, work: Work, stopping: threading.Event
    ) -> None:
        """Nothing is written yet.

        Args:
            store: of the deliveries.
            sealer: for `JOURNAL`.
            job: whose claim it is fenced by.
            work: the step, with what was noted before.
            stopping: set when the server stops.
        """
        self._store = store
        self._sealer = sealer
        self._job = job
        self._work = work
        self._stopping = stopping
        self._known: dict[str, Any] = dict(work.journal or {})
        self._reported = 0.0

    @property
    def known(self) -> Mapping[str, Any]:
        """What was written, by this try and earlier ones."""
        return MappingProxyType(self._known)

    @property
    def now(self) -> datetime:
        """Server time, UTC."""
        return self._store.clock.now()

    def write(self, **notes: Any) -> None:
        """Keep these; they are durable when this returns.

        Raises:
            ClaimLost: somebody else has taken the delivery over: they are not kept.
            Overtaken: a person asked for something else: they are kept.
            StoreError: the database does not answer.
        """
        known = {name: note for name, note in {**self._known, **notes}.items() if note is not None}
        sealed = self._sealer.seal(json.dumps(known))
        goes_on = self._store.write_now(progress.keep_journal, self._job, self._work, sealed)
        self._known = known
        if not goes_on:
            raise Overtaken

    def progress(self, part: float) -> None:
        """It goes on.

        Raises:
            Interrupted: the server stops.
            ClaimLost, Overtaken: as `write`.
        """
        if self._stopping.is_set():
            raise Interrupted
        if time.monotonic() - self._reported < _REPORT_SECONDS:
            return
        self._reported = time.monotonic()
        part = min(max(part, 0.0), 1.0)
        try:
            goes_on = self._store.write_now(progress.keep_progress, self._job, self._work, part)
        except StoreError as error:
            # The upload is worth more than news of it.
            log.warning("progress is not written down", extra={"job": self._job.id, "error": str(error)})
            return
        if not goes_on:
            raise Overtaken


@contextmanager
def leased(store: Store, job: outbox.Job) -> Iterator[None]:
    """Hold the lease while the block runs: a store may take longer to answer than a lease lasts. A process
    that stands still holds nothing."""
    ended = threading.Event()

    def renew() -> None:
        while not ended.wait(outbox.LEASE_SECONDS / 3):
            try:
                store.write_now(outbox.renew, job)
            except outbox.ClaimLost:
                return  # whoever writes next finds it out
            except StoreError as error:
                log.warning("the lease is not renewed", extra={"job": job.id, "error": str(error)})

    thread = threading.Thread(target=renew, name="amv-lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
