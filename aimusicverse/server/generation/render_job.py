"""The job `render`: one variant, from its plan to a track, in the engine's own process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from aimusicverse.engines.base import EngineError, Kept, Order
from aimusicverse.server.generation import service
from aimusicverse.server.generation.asking import Engines
from aimusicverse.server.generation.kept_part import kept_by
from aimusicverse.server.jobs import outbox
from aimusicverse.server.jobs.engine_work import EngineWork
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.blobs import BlobLost, Blobs
from aimusicverse.server.store.transaction import Transaction


class RenderJob(EngineWork):
    """Runs renders for a worker; a failure becomes the generation's problem."""

    def __init__(self, store: Store, blobs: Blobs, engines: Engines) -> None:
        super().__init__(store, blobs)
        self._engines = engines

    def _run(self, job: outbox.Job, stopping: threading.Event) -> None:
        plan = self._store.write_now(service.started, job)
        engine = self._engines.get(plan.engine)
        if engine is None:
            raise EngineError("engine_unknown", f"This server no longer has the engine {plan.engine}.")
        about = engine.capabilities()
        tags = self._store.read_now(service.file_tags, job, about)
        with self._blobs.workspace() as workspace, self._earlier(job) as kept:
            made = self._made(engine.start(Order(plan, tags, kept), workspace), job, stopping)
            files = [(made.path, made.sha256)]
            self._keep(job, files, lambda tx: service.rendered(tx, job, made, about), stopping)

    @contextmanager
    def _earlier(self, job: outbox.Job) -> Iterator[Kept | None]:
        """What stays of an earlier recording, as a file on this machine."""
        part = kept_by(job)
        if part is None or not part.spans:
            yield None
            return
        with ExitStack() as stack:
            try:
                path = stack.enter_context(self._blobs.local(part.sha256))
            except BlobLost:
                message = "The audio of the track that is to be kept is not there any more, or damaged."
                raise EngineError("audio_lost", message) from None
            yield Kept(path, part.spans)

    def _topic(self, job: outbox.Job) -> str:
        return service.topic(job.ref)

    def _progressed(self, tx: Transaction, job: outbox.Job, stage: str, fraction: float) -> None:
        service.progressed(tx, job, stage, fraction)

    def _failed(self, tx: Transaction, job: outbox.Job, error: EngineError) -> None:
        service.render_failed(tx, job, error)
