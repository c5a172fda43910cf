"""The job `draw`: one picture, from a wish to an artwork's files."""

from __future__ import annotations

import errno
import logging
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from aimusicverse.egress import Rules
from aimusicverse.server.artwork import making, service
from aimusicverse.server.artwork.generators.known import Generators
from aimusicverse.server.artwork.making import Made, NoPicture
from aimusicverse.server.artwork.vigil import Interrupted, Vigil
from aimusicverse.server.jobs import outbox
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.blobs import Blobs, BlobsUnavailable
from aimusicverse.server.store.errors import StoreError
from aimusicverse.server.store.transaction import Transaction

log: Final = logging.getLogger("aimusicverse.server.artwork")

#: How often a picture is tried before the person gets an answer, and how many seconds lie between.
TRIES: Final = 3
RETRY_SECONDS: Final = (1, 5)
#: When a picture that could not be stored is tried again. Not counted: no store is given up.
BLOBS_RETRY: Final = timedelta(seconds=30)


class DrawJob:
    """Draws for a worker."""

    def __init__(
        self,
        store: Store,
        blobs: Blobs,
        generators: Generators,
        rules: Rules,
    ) -> None:
        """Nothing is drawn yet.

        Args:
            store: of the artworks.
            blobs: where pictures are kept.
            generators: those that this server has.
            rules: where these, and what they name, may be.
        """
        self._store = store
        self._blobs = blobs
        self._generators = generators
        self._rules = rules

    def __call__(self, job: outbox.Job, stopping: threading.Event) -> None:
        """Draw, and store the files; that it failed is stored too, as the artwork's problem.

        Raises:
            ClaimLost: it was deleted, or taken over; nothing is kept.
            StoreError: the database does not answer: the job is put back.
        """
        try:
            self._blobs.check()  # nothing is drawn that cannot be kept
            self._run(job, stopping)
        except Interrupted:
            self._store.write_now(outbox.put_back, job)
        except BlobsUnavailable as error:
            log.error("a picture waits for the store of files", extra={"job": job.id, "error": str(error)})
            self._store.write_now(lambda tx: outbox.put_back(tx, job, due_at=tx.now + BLOBS_RETRY))
        except (outbox.ClaimLost, StoreError):
            raise
        except NoPicture as error:
            self._failed(job, error)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise  # the worker counts a try and puts it back
            self._failed(job, NoPicture("storage_full", "There is no room left for it", final=True))
        except Exception:
            if job.tries + 1 < TRIES:
                raise  # the worker counts a try and puts it back
            log.exception("drawing given up", extra={"job": job.id, "artwork": job.ref})
            self._failed(job, NoPicture("artwork_failed", "The server met a defect"))

    def _failed(self, job: outbox.Job, error: NoPicture) -> None:
        extra = {"job": job.id, "artwork": job.ref, "try": job.tries + 1, "error": error.message}
        log.warning("there is no picture", extra=extra)
        if error.final or job.tries + 1 >= TRIES:
            self._store.write_now(service.failed, job, error.code, error.message)
        else:
            pause = timedelta(seconds=RETRY_SECONDS[job.tries])
            self._store.write_now(lambda tx: outbox.try_again(tx, job, due_at=tx.now + pause))

    def _run(self, job: outbox.Job, stopping: threading.Event) -> None:
        wish = self._store.write_now(service.started, job)
        vigil = Vigil(self._store, job, stopping)
        with self._blobs.workspace() as folder, vigil.listening():
            made = self._made(wish, folder, vigil)
            for path, row in made.files:
                self._blobs.prepare(path, row.sha256, vigil.renew)

            def keep(tx: Transaction) -> None:
                """The rows, then the blobs are taken over, then the commit."""
                rows = [row for _, row in made.files]
                service.drawn(tx, job, rows, made.facts, made.style, made.provenance)
                for path, row in made.files:
                    self._blobs.adopt(path, row.sha256)

            self._store.write_now(keep)

    def _made(self, wish: dict[str, Any], folder: Path, vigil: Vigil) -> Made:
        name = wish.get("generator")
        if name is None:
            return making.draw(wish, folder, vigil)
        generator = self._generators.get(name)
        if generator is None:
            message = f"This server has no account with {name} any more"
            raise NoPicture("generator_failed", message, final=True)
        return making.generate(generator, self._rules, wish, folder, vigil)
