"""Jobs that an engine does: started, watched, cancelled; what came of it is kept, or why there is nothing."""

from __future__ import annotations

import errno
import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final, TypeVar

from aimusicverse.engines.base import EngineError, Progress
from aimusicverse.engines.base import Job as EngineJob
from aimusicverse.server.jobs import outbox
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.blobs import Blobs, BlobsUnavailable
from aimusicverse.server.store.errors import StoreError, StoreFull
from aimusicverse.server.store.transaction import Transaction

log: Final = logging.getLogger("aimusicverse.server.jobs")

Made = TypeVar("Made")

REPORT_SECONDS = 1.0
#: How long finished work waits for a database that does not answer.
KEEP_SECONDS = 60.0
_KEEP_PAUSE_SECONDS = 0.5
_LOOK_SECONDS = 0.25
#: An engine process that died (killed by the system, say) gets one more try.
CRASH_TRIES = 2
#: When work that could not be stored is tried again. Not counted: no store is given up.
BLOBS_RETRY = timedelta(seconds=30)
#: How often a defect of ours is tried before the person gets an answer.
DEFECT_TRIES = 3


class _Interrupted(Exception):
    """The server stops; the job is put back."""


class EngineWork(ABC):
    """Does one kind of such jobs for a worker. Whoever derives from it says what is done and noted."""

    def __init__(self, store: Store, blobs: Blobs) -> None:
        self._store = store
        self._blobs = blobs

    def __call__(self, job: outbox.Job, stopping: threading.Event) -> None:
        """Do the work, and store what came of it; a failure is stored too.

        Raises:
            ClaimLost: it was cancelled, or taken over; nothing is kept.
            StoreError: the database does not answer, and did not for a while: the job is put back.
        """
        extra = {"job": job.id, "kind": job.kind, "of": job.ref}
        try:
            self._blobs.check()  # nothing is made that cannot be kept
            self._run(job, stopping)
        except _Interrupted:
            self._store.write_now(outbox.put_back, job)
        except BlobsUnavailable as error:
            log.error("finished work waits for the audio store", extra={**extra, "error": str(error)})
            self._store.write_now(lambda tx: outbox.put_back(tx, job, due_at=tx.now + BLOBS_RETRY))
        except (outbox.ClaimLost, StoreError):
            raise
        except EngineError as error:
            log.warning("the engine failed", extra={**extra, "problem": error.code})
            if error.code == "engine_crashed" and job.tries + 1 < CRASH_TRIES:
                self._store.write_now(lambda tx: outbox.try_again(tx, job, due_at=tx.now))
            else:
                self._store.write_now(self._failed, job, error)
        except Exception as error:
            full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
            if not full and job.tries + 1 < DEFECT_TRIES:
                raise  # the worker counts a try and puts it back
            log.exception("work of an engine given up", extra=extra)
            failure = (
                EngineError("storage_full", "There is no room left for the audio.")
                if full
                else EngineError("internal_error", "The server met a defect.")
            )
            self._store.write_now(self._failed, job, failure)

    @abstractmethod
    def _run(self, job: outbox.Job, stopping: threading.Event) -> None:
        """The work itself: start an engine, wait with `_made`, store with `_keep`."""

    @abstractmethod
    def _topic(self, job: outbox.Job) -> str:
        """What wakes when somebody does something to what the job is for."""

    @abstractmethod
    def _progressed(self, tx: Transaction, job: outbox.Job, stage: str, fraction: float) -> None:
        """Note how far it is; hold the lease."""

    @abstractmethod
    def _failed(self, tx: Transaction, job: outbox.Job, error: EngineError) -> None:
        """Note that nothing came of it; end the job."""

    def _made(self, running: EngineJob[Made], job: outbox.Job, stopping: threading.Event) -> Made:
        """What the engine makes. It is killed when the server stops, or when nobody wants it any more."""
        touched = threading.Event()
        reported = time.monotonic()
        try:
            with self._store.signals.listen(self._topic(job), touched.set):
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

    def _keep(
        self,
        job: outbox.Job,
        files: Sequence[tuple[Path, str]],
        note: Callable[[Transaction], None],
        stopping: threading.Event,
    ) -> None:
        """Store what was made; a database that is away for a moment is waited for.

        Args:
            job: it was done for; `note` ends it.
            files: each with its hash.
            note: writes the rows that name them.
            stopping: set when the server stops.
        """

        def meanwhile() -> None:
            if stopping.is_set():
                raise _Interrupted
            try:
                self._store.write_now(outbox.renew, job)  # raises when it was cancelled
            except StoreError as error:
                log.warning("the lease is not renewed", extra={"job": job.id, "error": str(error)})

        # Before the transaction, which others wait for.
        for path, sha256 in files:
            self._blobs.prepare(path, sha256, meanwhile)
        deadline = time.monotonic() + KEEP_SECONDS
        while True:
            try:
                return self._store.write_now(self._kept, files, note)
            except (BlobsUnavailable, StoreFull):
                raise
            except StoreError as error:
                # If it was committed after all, or the lease ran out meanwhile, the claim is found lost.
                if time.monotonic() > deadline:
                    raise
                extra = {"job": job.id, "error": str(error)}
                log.warning("finished work waits for the database", extra=extra)
            if stopping.wait(_KEEP_PAUSE_SECONDS):
                raise _Interrupted

    def _kept(
        self, tx: Transaction, files: Sequence[tuple[Path, str]], note: Callable[[Transaction], None]
    ) -> None:
        """The rows, then the blobs are taken over, then the commit: a job that was cancelled leaves none."""
        note(tx)
        for path, sha256 in files:
            self._blobs.adopt(path, sha256)

    def _report(self, job: outbox.Job, progress: Progress) -> None:
        """Write down how far it is. Work is worth more than news of it: it goes on without them."""
        try:
            self._store.write_now(self._progressed, job, progress.stage, progress.fraction)
        except StoreError as error:
            log.warning("progress is not written down", extra={"job": job.id, "error": str(error)})

    def _check(self, job: outbox.Job) -> None:
        """Raises `ClaimLost` when it was cancelled, or taken over."""
        try:
            self._store.read_now(outbox.check, job)
        except StoreError as error:
            log.warning("the claim cannot be looked at", extra={"job": job.id, "error": str(error)})
