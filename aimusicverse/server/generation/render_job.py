"""The job `render`: one variant, from its plan to a track, in the engine's own process."""

from __future__ import annotations

import logging
import threading
import time

from aimusicverse.engines.base import Engine, EngineError, Rendering
from aimusicverse.engines.base import Job as EngineJob
from aimusicverse.server.generation import service
from aimusicverse.server.jobs import outbox
from aimusicverse.server.store.blobs import Blobs
from aimusicverse.server.store.errors import StoreError
from aimusicverse.server.store.sqlite import Store
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.types import Engine as EngineCapabilities

log = logging.getLogger("aimusicverse.server.generation")

REPORT_SECONDS = 1.0
_LOOK_SECONDS = 0.25
#: An engine process that died (killed by the system, say) gets one more try.
CRASH_TRIES = 2
#: How often a defect of ours is tried before the person gets an answer.
DEFECT_TRIES = 3


class RenderJob:
    """Runs renders for a worker."""

    def __init__(self, store: Store, blobs: Blobs, engines: service.Engines) -> None:
        self._store = store
        self._blobs = blobs
        self._engines = engines

    def __call__(self, job: outbox.Job, stopping: threading.Event) -> None:
        """Render, and store the track.

        Raises:
            ClaimLost: it was cancelled, or taken over; nothing is kept.
        """
        plan = self._store.write_now(service.started, job)
        engine = self._engines[plan.engine]
        with self._blobs.workspace() as workspace:
            try:
                rendering = self._render(engine, engine.start(plan, workspace), job, stopping)
                if rendering is None:
                    self._store.write_now(outbox.put_back, job)
                    return
                self._keep(job, engine, rendering)
            except EngineError as error:
                log.warning(
                    "render failed", extra={"job": job.id, "generation": job.ref, "problem": error.code}
                )
                if error.code == "engine_crashed" and job.tries + 1 < CRASH_TRIES:
                    self._store.write_now(lambda tx: outbox.try_again(tx, job, due_at=tx.now))
                else:
                    self._store.write_now(service.render_failed, job, error)
            except (outbox.ClaimLost, StoreError):
                raise
            except OSError as error:
                # The disk, most likely full: the person waits for an answer, not for a retry.
                log.exception("render could not be stored", extra={"job": job.id, "generation": job.ref})
                self._store.write_now(
                    service.render_failed, job, EngineError("storage_full", f"The audio: {error.strerror}.")
                )
            except Exception:
                if job.tries + 1 < DEFECT_TRIES:
                    raise  # the worker counts a try and puts it back
                log.exception("render given up", extra={"job": job.id, "generation": job.ref})
                self._store.write_now(
                    service.render_failed, job, EngineError("internal_error", "The server met a defect.")
                )

    def _render(
        self, engine: Engine, running: EngineJob, job: outbox.Job, stopping: threading.Event
    ) -> Rendering | None:
        """The recording; `None` when the server stops first."""
        touched = threading.Event()
        reported = time.monotonic()
        try:
            with self._store.signals.listen(service.topic(job.ref), touched.set):
                while (progress := running.progress(_LOOK_SECONDS)) is not None:
                    if stopping.is_set():
                        return None
                    now = time.monotonic()
                    if now - reported >= REPORT_SECONDS:
                        reported = now
                        self._store.write_now(service.progressed, job, progress.stage, progress.fraction)
                    elif touched.is_set():
                        touched.clear()
                        self._store.read_now(outbox.check, job)  # raises when it was cancelled
            return running.collect()
        finally:
            running.cancel()

    def _keep(self, job: outbox.Job, engine: Engine, rendering: Rendering) -> None:
        self._blobs.sync(rendering.path)  # before the transaction, which others wait for
        self._store.write_now(self._kept, job, rendering, engine.capabilities())

    def _kept(
        self, tx: Transaction, job: outbox.Job, rendering: Rendering, engine: EngineCapabilities
    ) -> None:
        """The row, then the blob's rename, then the commit: a job that was cancelled leaves no blob."""
        service.rendered(tx, job, rendering, engine)
        self._blobs.adopt(rendering.path, rendering.sha256)
