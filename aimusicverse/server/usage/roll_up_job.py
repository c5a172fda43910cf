"""The job `usage_roll_up`: hours of long ago become days, days of very long ago are forgotten."""

from __future__ import annotations

import threading

from aimusicverse.server.alerts import service as alerts
from aimusicverse.server.jobs import outbox
from aimusicverse.server.store.base import Store
from aimusicverse.server.usage import service


class RollUpJob:
    """Rolls up for a worker: a few users' days at a time, so that other writes go on between them."""

    def __init__(self, store: Store, keeping: service.Keeping) -> None:
        self._store = store
        self._keeping = keeping

    def __call__(self, job: outbox.Job, stopping: threading.Event) -> None:
        """Do it, or put it back when the worker stops.

        Raises:
            ClaimLost: somebody else does it.
            StoreError: the database does not do its part.
        """
        while self._store.write_now(service.roll_up, job, self._keeping):
            if stopping.is_set():
                self._store.write_now(outbox.put_back, job)
                return
        self._store.write_now(alerts.forget_old)
        self._store.write_now(service.rolled_up, job, self._keeping)
