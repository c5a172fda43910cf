"""What a job does while it waits for somebody else: holds its lease, and notices that nobody wants it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from aimusicverse.server.artwork import service
from aimusicverse.server.jobs import outbox
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.errors import StoreError

log: Final = logging.getLogger("aimusicverse.server.artwork")

#: Seconds between two looks.
LOOK_SECONDS: Final = 0.25
_RENEW_SECONDS: Final = outbox.LEASE_SECONDS / 3


class Interrupted(Exception):
    """The server stops; the job is put back."""


class Vigil:
    """Over one job. `look` is called every `LOOK_SECONDS`."""

    def __init__(self, store: Store, job: outbox.Job, stopping: threading.Event) -> None:
        self._store = store
        self._job = job
        self._stopping = stopping
        self._touched = threading.Event()
        self._renewed = time.monotonic()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Hear at once when the artwork is deleted, while the block runs."""
        with self._store.signals.listen(service.topic(self._job.ref), self._touched.set):
            yield

    def look(self) -> None:
        """Go on, or not.

        Raises:
            Interrupted: the server stops.
            ClaimLost: the artwork was deleted, or somebody else has taken over.
        """
        if self._stopping.is_set():
            raise Interrupted
        now = time.monotonic()
        if self._touched.is_set() or now - self._renewed > _RENEW_SECONDS:
            self._touched.clear()
            self._renewed = now
            self.renew()

    def renew(self) -> None:
        """Hold the lease for longer. A database that is away for a moment does not end the work."""
        if self._stopping.is_set():
            raise Interrupted
        try:
            self._store.write_now(outbox.renew, self._job)
        except StoreError as error:
            log.warning("the lease is not renewed", extra={"job": self._job.id, "error": str(error)})
