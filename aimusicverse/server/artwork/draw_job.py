"""The job `draw`: one picture, from a wish to an artwork's files, in a process of its own."""

from __future__ import annotations

import errno
import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from aimusicverse._version import __version__
from aimusicverse.server.artwork import service
from aimusicverse.server.artwork.queries import PictureFile
from aimusicverse.server.jobs import outbox
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.blobs import Blobs, BlobsUnavailable
from aimusicverse.server.store.errors import StoreError
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.types import ArtworkProvenance

log: Final = logging.getLogger("aimusicverse.server.artwork")

#: How often a picture is tried before the person gets an answer.
TRIES: Final = 3
#: A picture takes some seconds; what takes so long never ends.
LONGEST_SECONDS: Final = 120.0
#: When a picture that could not be stored is tried again. Not counted: no store is given up.
BLOBS_RETRY: Final = timedelta(seconds=30)
_LOOK_SECONDS: Final = 0.25
_RENEW_SECONDS: Final = outbox.LEASE_SECONDS / 3
_COMMAND: Final = (sys.executable, "-m", "aimusicverse.server.artwork.drawing")

Files = Sequence[tuple[Path, PictureFile]]


class DrawingFailed(Exception):
    """There is no picture. The code is a problem's, the message is for the person who wants it.

    Args:
        code: of a problem.
        message: why.
        final: trying again gives the same.
    """

    def __init__(self, code: str, message: str, *, final: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.final = final


class _Interrupted(Exception):
    """The server stops; the job is put back."""


class DrawJob:
    """Draws for a worker."""

    def __init__(self, store: Store, blobs: Blobs, command: tuple[str, ...] = _COMMAND) -> None:
        self._store = store
        self._blobs = blobs
        self._command = command

    def __call__(self, job: outbox.Job, stopping: threading.Event) -> None:
        """Draw, and store the files; that it failed is stored too, as the artwork's problem.

        Raises:
            ClaimLost: it was deleted, or taken over; nothing is kept.
            StoreError: the database does not answer: the job is put back.
        """
        try:
            self._blobs.check()  # nothing is drawn that cannot be kept
            self._run(job, stopping)
        except _Interrupted:
            self._store.write_now(outbox.put_back, job)
        except BlobsUnavailable as error:
            log.error("a picture waits for the store of files", extra={"job": job.id, "error": str(error)})
            self._store.write_now(lambda tx: outbox.put_back(tx, job, due_at=tx.now + BLOBS_RETRY))
        except (outbox.ClaimLost, StoreError):
            raise
        except DrawingFailed as error:
            log.warning("drawing failed", extra={"job": job.id, "artwork": job.ref, "error": error.message})
            if error.final or job.tries + 1 >= TRIES:
                self._store.write_now(service.failed, job, error.code, error.message)
            else:
                self._store.write_now(lambda tx: outbox.try_again(tx, job, due_at=tx.now))
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise  # the worker counts a try and puts it back
            self._store.write_now(service.failed, job, "storage_full", "There is no room left for it")
        except Exception:
            if job.tries + 1 < TRIES:
                raise  # the worker counts a try and puts it back
            log.exception("drawing given up", extra={"job": job.id, "artwork": job.ref})
            self._store.write_now(service.failed, job, "artwork_failed", "The server met a defect")

    def _run(self, job: outbox.Job, stopping: threading.Event) -> None:
        wish = self._store.write_now(service.started, job)
        with self._blobs.workspace() as folder:
            files, style = self._drawn(job, wish, folder, stopping)
            provenance = ArtworkProvenance(
                engine="artwork", engine_version=__version__, seed=wish["seed"], licence="yours", ai="none"
            )

            def meanwhile() -> None:
                if stopping.is_set():
                    raise _Interrupted
                self._store.write_now(outbox.renew, job)  # raises when it was deleted

            for path, row in files:
                self._blobs.prepare(path, row.sha256, meanwhile)

            def keep(tx: Transaction) -> None:
                """The rows, then the blobs are taken over, then the commit."""
                service.drawn(tx, job, [row for _, row in files], style, provenance)
                for path, row in files:
                    self._blobs.adopt(path, row.sha256)

            self._store.write_now(keep)

    def _drawn(
        self, job: outbox.Job, wish: dict[str, Any], folder: Path, stopping: threading.Event
    ) -> tuple[Files, str | None]:
        said, words = folder / "said", folder / "words"
        with said.open("wb") as out, words.open("wb") as err:
            child = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=err,
                start_new_session=True,
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            )
            try:
                self._tell(child, {"wish": wish, "folder": str(folder)})
                self._watch(job, child, stopping)
            finally:
                child.kill()
                child.wait()
                if child.stdin:
                    child.stdin.close()
        return _files(said.read_text("utf-8"), words.read_text("utf-8", "replace"), child.returncode, folder)

    @staticmethod
    def _tell(child: subprocess.Popen[bytes], order: dict[str, Any]) -> None:
        assert child.stdin is not None  # noqa: S101 - a pipe
        try:
            child.stdin.write(json.dumps(order).encode() + b"\n")
            child.stdin.flush()
        except BrokenPipeError:
            pass  # it died early: what it left on standard error says why

    def _watch(self, job: outbox.Job, child: subprocess.Popen[bytes], stopping: threading.Event) -> None:
        """Wait for its end, hold the lease, and notice when nobody wants it any more."""
        began = renewed = time.monotonic()
        touched = threading.Event()
        with self._store.signals.listen(service.topic(job.ref), touched.set):
            while True:
                try:
                    child.wait(_LOOK_SECONDS)
                    return
                except subprocess.TimeoutExpired:
                    now = time.monotonic()
                if stopping.is_set():
                    raise _Interrupted
                if now - began > LONGEST_SECONDS:
                    raise DrawingFailed(
                        "artwork_failed", f"It took longer than {LONGEST_SECONDS:g} s to draw"
                    )
                if touched.is_set() or now - renewed > _RENEW_SECONDS:
                    touched.clear()
                    renewed = now
                    try:
                        self._store.write_now(outbox.renew, job)
                    except StoreError as error:
                        log.warning("the lease is not renewed", extra={"job": job.id, "error": str(error)})


def _files(said: str, words: str, code: int, folder: Path) -> tuple[Files, str | None]:
    """What a child that has ended leaves behind.

    Raises:
        DrawingFailed: nothing that can be used.
    """
    if not said:
        last = words.strip().splitlines()[-1:] or [f"exit status {code}"]
        log.error("the drawing process died", extra={"error": last[0][:300]})
        raise DrawingFailed("artwork_failed", "The process that draws it died")
    answer = json.loads(said)
    if "error" in answer:
        raise _told(answer["error"], words)
    done = answer["done"]
    return [(folder / name, PictureFile(*row)) for name, *row in done["files"]], done["style"]


def _told(error: dict[str, str], words: str) -> DrawingFailed:
    if error["code"] == "lettering":
        return DrawingFailed("lettering_impossible", error["message"], final=True)
    if error["code"] == "defect":
        log.error("drawing met a defect", extra={"error": words[-2000:]})
    final = error["code"] not in ("defect", "memory")  # a design that cannot be does not become one
    return DrawingFailed("artwork_failed", error["message"], final=final)
