"""The job `deliver`: the next step of one delivery to one store. It is never done by two at once."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import Any, Final

from aimusicverse.platforms import store_problems
from aimusicverse.platforms.base import Connector, DeliveryError, Parcel, Standing
from aimusicverse.release.package_error import CannotPackage
from aimusicverse.server.distributions import known_facts, parcel, progress, store_problem, verdicts
from aimusicverse.server.distributions.doors import Doors
from aimusicverse.server.distributions.journal import Interrupted, KeptJournal, leased
from aimusicverse.server.distributions.parcel import Contents, Sounds
from aimusicverse.server.distributions.progress import Overtaken, Work
from aimusicverse.server.distributions.states import ENDED, LOOKING, Step
from aimusicverse.server.jobs import outbox
from aimusicverse.server.store.base import Store
from aimusicverse.server.store.blobs import Blobs, BlobsUnavailable
from aimusicverse.server.store.errors import StoreError
from aimusicverse.server.store.sealed import Sealer

log: Final = logging.getLogger("aimusicverse.server.distributions")

#: When a delivery whose files could not be read is tried again. Not counted.
BLOBS_RETRY: Final = timedelta(seconds=30)


class _Broken(Exception):
    """A rule keeps an edit from the store."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(problem["code"])
        self.problem = problem


class DeliverJob:
    """Delivers for a worker."""

    def __init__(self, store: Store, blobs: Blobs, sealer: Sealer, doors: Doors, sounds: Sounds) -> None:
        """Nothing is sent yet.

        Args:
            store: of the deliveries.
            blobs: where files are.
            sealer: of journals, for `JOURNAL`.
            doors: the way to stores.
            sounds: what is known of sounds.
        """
        self._store = store
        self._blobs = blobs
        self._sealer = sealer
        self._doors = doors
        self._sounds = sounds

    def __call__(self, job: outbox.Job, stopping: threading.Event) -> None:
        """Do the next step; that it went wrong is stored too, as the delivery's problem.

        Raises:
            ClaimLost: somebody else has taken it over; nothing is kept.
            StoreError: the database does not answer: the job is put back.
        """
        work = self._store.write_now(progress.started, job, self._sealer)
        if work is None:
            return
        journal = KeptJournal(self._store, self._sealer, job, work, stopping)
        try:
            with leased(self._store, job):
                self._step(job, work, journal, stopping)
        except (Interrupted, Overtaken):
            self._store.write_now(lambda tx: outbox.put_back(tx, job, due_at=tx.now))
        except BlobsUnavailable as error:
            log.error("a delivery waits for the store of files", extra={"job": job.id, "error": str(error)})
            self._store.write_now(lambda tx: outbox.put_back(tx, job, due_at=tx.now + BLOBS_RETRY))
        except (outbox.ClaimLost, StoreError):
            raise
        except DeliveryError as error:
            self._not_done(job, work, error)
        except CannotPackage as error:
            self._not_done(job, work, DeliveryError(store_problem.of_package(error)))
        except Exception:
            log.exception("a step of a delivery met a defect", extra={"job": job.id, "step": work.step})
            self._not_done(job, work, DeliveryError(_defect()))

    def _not_done(self, job: outbox.Job, work: Work, error: DeliveryError) -> None:
        extra = {
            "job": job.id,
            "distribution": work.distribution_id,
            "platform": work.platform,
            "step": work.step,
            "code": error.problem.code,
        }
        log.warning("a step of a delivery was not done", extra=extra)
        self._store.write_now(progress.not_done, job, work, error)

    def _step(self, job: outbox.Job, work: Work, journal: KeptJournal, stopping: threading.Event) -> None:
        if work.journal is None:
            message = "What was noted of this delivery cannot be read: the master key was changed."
            raise DeliveryError(store_problems.general("unknown_outcome", message))
        if work.step is Step.VALIDATE:
            broken = self._broken(work, stopping)
            self._store.write_now(progress.validated, job, work, broken)
        elif work.step is Step.ARTWORK:
            self._store.write_now(progress.cover, job, work)
        elif work.step is Step.TAKE_DOWN and work.kept_as[1] in ENDED and _is_untouched(work):
            self._store.write_now(progress.nothing_to_take_down, job, work)
        else:
            self._with_the_store(job, work, journal, stopping)

    def _with_the_store(
        self, job: outbox.Job, work: Work, journal: KeptJournal, stopping: threading.Event
    ) -> None:
        connector = self._doors.connector(work.owner.id, work.platform, work.via, work.mode)
        try:
            if work.step in LOOKING or work.step is Step.RELEASE:
                self._doors.advance(work.mode)
            if work.step is Step.WITHHOLD:
                connector.withhold(journal)
                self._store.write_now(progress.withheld, job, work)
                return
            standing = self._asked(connector, work, journal, stopping)
        except _Broken as broken:
            self._store.write_now(progress.validated, job, work, broken.problem)
            return
        finally:
            connector.close()
        self._store.write_now(progress.done, job, work, standing)

    def _asked(
        self, connector: Connector, work: Work, journal: KeptJournal, stopping: threading.Event
    ) -> Standing:
        if work.step is Step.RELEASE:
            return connector.release(journal)
        if work.step in LOOKING:
            return connector.look(journal)
        whole = work.step is Step.DELIVER
        found = self._store.read_now(parcel.contents, work.owner, work.distribution_id)
        with parcel.packed(
            found, self._blobs, self._sounds, meanwhile=lambda: _go_on(stopping), whole=whole
        ) as packed:
            # What was edited while it waited for another try was not looked through yet.
            is_new = whole and found.revision != work.judged
            if is_new and (broken := self._judged(work, found, packed)) is not None:
                raise _Broken(broken)
            return (connector.deliver if whole else connector.take_down)(packed, journal)

    def _broken(self, work: Work, stopping: threading.Event) -> dict[str, Any] | None:
        """The rule that keeps it from the store, now that the files are at hand."""
        found: Contents = self._store.read_now(parcel.contents, work.owner, work.distribution_id)
        with parcel.packed(found, self._blobs, self._sounds, meanwhile=lambda: _go_on(stopping)) as packed:
            return self._judged(work, found, packed)

    def _judged(self, work: Work, found: Contents, packed: Parcel) -> dict[str, Any] | None:
        audio = {number: sound.facts for number, sound in enumerate(packed.files.tracks)}
        image, problems = known_facts.of_cover(found.looked)
        report = verdicts.judged(
            packed.release,
            [work.platform],
            work.via,
            audio=audio,
            image=image,
            problems=problems,
            # As of when it was asked for: a date that went by since, while it waited, is no fault.
            now=work.submitted_at or self._store.clock.now(),
        )
        return store_problem.of_rules(report, work.platform, found.revision)


def _go_on(stopping: threading.Event) -> None:
    if stopping.is_set():
        raise Interrupted


def _is_untouched(work: Work) -> bool:
    return not work.journal and work.external_id is None


def _defect() -> Any:
    known = store_problems.general("defect")
    # Tried again by itself: a defect may be one of a moment.
    return type(known)(known.code, known.message, "transient", known.field, known.hint)
