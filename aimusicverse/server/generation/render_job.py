"""The job `render`: one variant, from its plan to a track, in the engine's own process."""

from __future__ import annotations

import threading

from aimusicverse.engines.base import EngineError, Order
from aimusicverse.server.generation import service
from aimusicverse.server.jobs import outbox
from aimusicverse.server.jobs.engine_work import EngineWork
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.blobs import Blobs
from aimusicverse.server.store.transaction import Transaction


class RenderJob(EngineWork):
    """Runs renders for a worker; a failure becomes the generation's problem."""

    def __init__(self, store: Store, blobs: Blobs, engines: service.Engines) -> None:
        super().__init__(store, blobs)
        self._engines = engines

    def _run(self, job: outbox.Job, stopping: threading.Event) -> None:
        plan = self._store.write_now(service.started, job)
        engine = self._engines.get(plan.engine)
        if engine is None:
            raise EngineError("engine_unknown", f"This server no longer has the engine {plan.engine}.")
        tags = self._store.read_now(service.file_tags, job, engine.capabilities())
        with self._blobs.workspace() as workspace:
            rendering = self._made(engine.start(Order(plan, tags), workspace), job, stopping)
            about = engine.capabilities()

            def note(tx: Transaction) -> None:
                service.rendered(tx, job, rendering, about)

            self._keep(job, [(rendering.path, rendering.sha256)], note, stopping)

    def _topic(self, job: outbox.Job) -> str:
        return service.topic(job.ref)

    def _progressed(self, tx: Transaction, job: outbox.Job, stage: str, fraction: float) -> None:
        service.progressed(tx, job, stage, fraction)

    def _failed(self, tx: Transaction, job: outbox.Job, error: EngineError) -> None:
        service.render_failed(tx, job, error)
