"""The job `api_key.remind`: a key is 90 days old, and its user is told, once."""

from __future__ import annotations

import threading

from aimusicverse.server.api_keys import service
from aimusicverse.server.jobs import outbox
from aimusicverse.server.problems import NotFound
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.transaction import Transaction


class ReminderJob:
    """Tells for a worker."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __call__(self, job: outbox.Job, stopping: threading.Event) -> None:
        """Record the event, and finish the job with it.

        Raises:
            ClaimLost: another worker has it.
        """
        self._store.write_now(_remind, job)


def _remind(tx: Transaction, job: outbox.Job) -> None:
    outbox.finish(tx, job)
    try:
        service.remind(tx, Owner(job.owner_id), job.ref)
    except NotFound:
        return  # the key is gone, and so is the reason
