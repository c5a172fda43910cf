"""The job `stems`: the parts of a track, from its plan, in the engine's own process."""

from __future__ import annotations

import threading

from aimusicverse.engines.base import EngineError
from aimusicverse.server.generation.asking import Engines
from aimusicverse.server.jobs import outbox
from aimusicverse.server.jobs.engine_work import EngineWork
from aimusicverse.server.stems import service
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.blobs import Blobs
from aimusicverse.server.store.transaction import Transaction


class StemsJob(EngineWork):
    """Makes stems for a worker; a failure becomes their problem."""

    def __init__(self, store: Store, blobs: Blobs, engines: Engines) -> None:
        super().__init__(store, blobs)
        self._engines = engines

    def _run(self, job: outbox.Job, stopping: threading.Event) -> None:
        order = self._store.write_now(service.started, job)
        engine = self._engines.get(order.plan.engine)
        if engine is None:
            raise EngineError("stems_unavailable", f"This server no longer has {order.plan.engine}.")
        with self._blobs.workspace() as workspace:
            made = self._made(engine.start_stems(order, workspace), job, stopping)
            files = [(stem.path, stem.sha256) for stem in made.stems]
            self._keep(job, files, lambda tx: service.made(tx, job, made), stopping)

    def _topic(self, job: outbox.Job) -> str:
        return service.topic(job.ref)

    def _progressed(self, tx: Transaction, job: outbox.Job, stage: str, fraction: float) -> None:
        service.progressed(tx, job, stage, fraction)

    def _failed(self, tx: Transaction, job: outbox.Job, error: EngineError) -> None:
        service.failed(tx, job, error)
