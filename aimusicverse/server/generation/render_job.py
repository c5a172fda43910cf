"""The job `render`: one variant, from its plan to a track, in the engine's own process."""

from __future__ import annotations

import errno
import logging
import threading
import time
from datetime import timedelta
from typing import Final

from aimusicverse.engines.base import Engine, EngineError, Order, Progress, Rendering
from aimusicverse.engines.base import Job as EngineJob
from aimusicverse.server.generation import service
from aimusicverse.server.jobs import outbox
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.blobs import Blobs, BlobsUnavailable
from aimusicverse.server.store.errors import StoreError, StoreFull
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.types import Engine as EngineCapabilities

log: Final = logging.getLogger("aimusicverse.server.generation")

REPORT_SECONDS = 1.0
#: How long a finished recording waits for a database that does not answer.
KEEP_SECONDS = 60.0
_KEEP_PAUSE_SECONDS = 0.5
_LOOK_SECONDS = 0.25
#: An engine process that died (killed by the system, say) gets one more try.
CRASH_TRIES = 2
#: When a recording that could not be stored is tried again. Not counted: no store is given up.
BLOBS_RETRY = timedelta(seconds=30)
#: How often a defect of ours is tried before the person gets an answer.
DEFECT_TRIES = 3


class _Interrupted(Exception):
    """The server stops; the job is put back."""


class RenderJob:
    """Runs renders for a worker."""

    def __init__(self, store: Store, blobs: Blobs, engines: service.Engines) -> None:
        self._store = store
        self._blobs = blobs
        self._engines = engines

    def __call__(self, job: outbox.Job, stopping: threading.Event) -> None:
        """Render, and store the track; a failure is stored too, as the generation's problem.

        Raises:
            ClaimLost: it was cancelled, or taken over; nothing is kept.
            StoreError: the database does not answer, and did not for a while: the job is put back.
        """
        try:
            self._blobs.check()  # nothing is rendered that cannot be kept
            self._run(job, stopping)
        except _Interrupted:
            self._store.write_now(outbox.put_back, job)
        except BlobsUnavailable as error:
            log.error(
                "the recording waits for the audio store",
                extra={"job": job.id, "generation": job.ref, "error": str(error)},
            )
            self._store.write_now(lambda tx: outbox.put_back(tx, job, due_at=tx.now + BLOBS_RETRY))
        except (outbox.ClaimLost, StoreError):
            raise
        except EngineError as error:
            log.warning("render failed", extra={"job": job.id, "generation": job.ref, "problem": error.code})
            if error.code == "engine_crashed" and job.tries + 1 < CRASH_TRIES:
                self._store.write_now(lambda tx: outbox.try_again(tx, job, due_at=tx.now))
            else:
                self._store.write_now(service.render_failed, job, error)
        except Exception as error:
            full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
            if not full and job.tries + 1 < DEFECT_TRIES:
                raise  # the worker counts a try and puts it back
            log.exception("render given up", extra={"job": job.id, "generation": job.ref})
            failure = (
                EngineError("storage_full", "There is no room left for the audio.")
                if full
                else EngineError("internal_error", "The server met a defect.")
            )
            self._store.write_now(service.render_failed, job, failure)

    def _run(self, job: outbox.Job, stopping: threading.Event) -> None:
        plan = self._store.write_now(service.started, job)
        engine = self._engines.get(plan.engine)
        if engine is None:
            raise EngineError("engine_unknown", f"This server no longer has the engine {plan.engine}.")
        tags = self._store.read_now(service.file_tags, job, engine.capabilities())
        with self._blobs.workspace() as workspace:
            rendering = self._render(engine.start(Order(plan, tags), workspace), job, stopping)
            self._keep(job, engine, rendering, stopping)

    def _render(self, running: EngineJob, job: outbox.Job, stopping: threading.Event) -> Rendering:
        touched = threading.Event()
        reported = time.monotonic()
        try:
            with self._store.signals.listen(service.topic(job.ref), touched.set):
                while (progress := running.progress(_LOOK_SECONDS)) is not None:
                    if stopping.is_set():
                        raise _Interrupted
                    now = time.monotonic()
                    if now - reported >= REPORT_SECONDS:
                        self._report(job, progress)
                        reported = time.monotonic()
                    elif touched.is_set():
                        touched.clear()
                        self._check(job)
            return running.collect()
        finally:
            running.cancel()

    def _report(self, job: outbox.Job, progress: Progress) -> None:
        """Write down how far it is. Music is worth more than news of it: the render goes on without them."""
        try:
            self._store.write_now(service.progressed, job, progress.stage, progress.fraction)
        except StoreError as error:
            log.warning("progress is not written down", extra={"job": job.id, "error": str(error)})

    def _check(self, job: outbox.Job) -> None:
        """Raises `ClaimLost` when it was cancelled, or taken over."""
        try:
            self._store.read_now(outbox.check, job)
        except StoreError as error:
            log.warning("the claim cannot be looked at", extra={"job": job.id, "error": str(error)})

    def _keep(self, job: outbox.Job, engine: Engine, rendering: Rendering, stopping: threading.Event) -> None:
        """Store what was rendered; a database that is away for a moment is waited for."""

        def meanwhile() -> None:
            if stopping.is_set():
                raise _Interrupted
            try:
                self._store.write_now(outbox.renew, job)  # raises when it was cancelled
            except StoreError as error:
                log.warning("the lease is not renewed", extra={"job": job.id, "error": str(error)})

        # Before the transaction, which others wait for.
        self._blobs.prepare(rendering.path, rendering.sha256, meanwhile)
        deadline = time.monotonic() + KEEP_SECONDS
        while True:
            try:
                return self._store.write_now(self._kept, job, rendering, engine.capabilities())
            except (BlobsUnavailable, StoreFull):
                raise
            except StoreError as error:
                # If it was committed after all, or the lease ran out meanwhile, the claim is found lost.
                if time.monotonic() > deadline:
                    raise
                log.warning("a recording waits for the database", extra={"job": job.id, "error": str(error)})
            if stopping.wait(_KEEP_PAUSE_SECONDS):
                raise _Interrupted

    def _kept(
        self, tx: Transaction, job: outbox.Job, rendering: Rendering, engine: EngineCapabilities
    ) -> None:
        """The row, then the blob is taken over, then the commit: a job that was cancelled leaves no blob."""
        service.rendered(tx, job, rendering, engine)
        self._blobs.adopt(rendering.path, rendering.sha256)
