"""How a delivery gets on, as its job tells: each step ends in one transaction, with its row, a line of its
history, an event, and the job put back until the next step, or finished.

    validate -> artwork -> deliver -> look … -> wait -> release -> look … -> live: streams
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import ValidationError

from aimusicverse.platforms import store_problems
from aimusicverse.platforms.base import DeliveryError, Standing, StoreProblem
from aimusicverse.server.artwork import service as artworks
from aimusicverse.server.distributions import pace, queries, store_problem, telling
from aimusicverse.server.distributions.states import ENDED, LOOKING, WHILE, Step
from aimusicverse.server.jobs import outbox
from aimusicverse.server.problems import NotFound
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.sealed import Sealer
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.tracks import service as tracks
from aimusicverse.types import ArtworkCreate
from aimusicverse.types.release import Release


class Overtaken(Exception):
    """A person asked for something else meanwhile: what was being done is dropped, and put back."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a job is to do now.

    Args:
        step: which step.
        delivery_id, distribution_id, owner: whose.
        platform, via, mode: where to, by whom, and whether for real.
        kind: of its connector.
        kept_as: step and status of its row while this is done: with others, it was overtaken.
        journal: what its connector noted; `None`: it cannot be read any more.
        release_at: of the distribution.
        revision: of the release.
        submitted_at: by which dates are judged.
        external_id: what the store calls it.
        judged: the revision that the rules let pass.
    """

    step: Step
    delivery_id: str
    distribution_id: str
    owner: Owner
    platform: str
    via: str | None
    mode: str
    kind: str
    kept_as: tuple[str, str]
    journal: Mapping[str, Any] | None
    release_at: datetime | None
    revision: int
    submitted_at: datetime | None
    external_id: str | None
    judged: int | None


def started(tx: Transaction, job: outbox.Job, sealer: Sealer) -> Work | None:
    """The next step begins, or begins again after a crash; `None`: there is nothing to do."""
    outbox.renew(tx, job)
    row = queries.delivery(tx, job.ref)
    if row is None or row.step == Step.NOTHING or _stands_still(row):
        outbox.finish(tx, job)
        return None
    owner = Owner(row.owner_id)
    whole = queries.row(tx, owner, row.distribution_id)
    step = Step(row.step)
    status = WHILE.get(step, row.status)
    if status != row.status:
        queries.change_delivery(tx, row.id, status=status, next_attempt_at=None)
        telling.of_one(tx, owner, row, status, _BEGUN[status], status=status)
    if step is Step.WAIT:
        step = Step.RELEASE if _has_come(whole.release_at, tx.now) else Step.LOOK
    return Work(
        step=step,
        delivery_id=row.id,
        distribution_id=row.distribution_id,
        owner=owner,
        platform=row.platform,
        via=whole.via,
        mode=row.mode,
        kind=row.connector,
        kept_as=(row.step, status),
        journal=opened(sealer, row.journal),
        release_at=whole.release_at,
        revision=whole.revision,
        submitted_at=whole.submitted_at,
        external_id=row.external_id,
        judged=job.payload.get("judged"),
    )


_BEGUN: Final = {"validating": "It is looked through.", "uploading": "It is being sent."}


def _stands_still(row: Any) -> bool:
    if row.status in ("draft", "taken_down"):
        return True
    if row.status == "paused":
        return bool(row.step != Step.WITHHOLD)
    return row.status == "cancelled" and row.step not in (Step.TAKE_DOWN, Step.LOOK_DOWN)


def opened(sealer: Sealer, journal: str) -> dict[str, Any] | None:
    """What a connector noted; `None`: the master key was changed since."""
    if not journal:
        return {}
    text = sealer.open(journal)
    return None if text is None else dict(json.loads(text))


# -- while it lasts ---------------------------------------------------------------------------------


def keep_journal(tx: Transaction, job: outbox.Job, work: Work, sealed: str) -> bool:
    """Keep what a connector noted; whether it may go on. What it did is kept even if it was overtaken."""
    outbox.check(tx, job)
    row = queries.delivery(tx, work.delivery_id)
    if row is None:
        return False
    queries.note(tx, row.id, journal=sealed)
    return (row.step, row.status) == work.kept_as


def keep_progress(tx: Transaction, job: outbox.Job, work: Work, part: float) -> bool:
    """Keep how far an upload is; whether it may go on."""
    outbox.check(tx, job)
    row = queries.delivery(tx, work.delivery_id)
    if row is None or (row.step, row.status) != work.kept_as:
        return False
    queries.note(tx, row.id, progress=part)
    tx.wake(telling.topic(work.distribution_id))
    return True


# -- ends of steps ----------------------------------------------------------------------------------


def validated(tx: Transaction, job: outbox.Job, work: Work, broken: dict[str, Any] | None) -> None:
    """The rules were asked: on to the cover, or not at all."""
    row = _held(tx, job, work)
    if row is None:
        return
    if broken is None:
        queries.change_delivery(tx, row.id, step=Step.ARTWORK, problem=None)
        outbox.put_back(tx, job, due_at=tx.now, tries=0, payload={"judged": work.revision})
    else:
        _ends(tx, job, work, row, "failed", broken)


def cover(tx: Transaction, job: outbox.Job, work: Work) -> None:
    """See that there is a cover: one is drawn if there is none, for all stores of the distribution."""
    row = _held(tx, job, work)
    if row is None:
        return
    whole = queries.row(tx, work.owner, work.distribution_id)
    found = None
    if whole.artwork_id is not None:
        try:
            found = artworks.get(tx, work.owner, whole.artwork_id)
        except NotFound:
            found = None  # it was deleted: another one is drawn
    if found is None:
        ids = queries.track_ids(tx, work.owner, work.distribution_id)
        if len(tracks.present(tx, work.owner, ids)) < len(set(ids)):
            gone = store_problems.general("track_gone")
            return _ends(tx, job, work, row, "failed", _kept(work, gone, retryable=True))
        wish = _wish(Release.model_validate(whole.release))
        found = artworks.create(tx, work.owner, wish, (), 0)
        queries.change(tx, work.owner, work.distribution_id, artwork_id=found.id)
        telling.of_one(
            tx, work.owner, row, "artwork", "There is no cover: one is drawn.", status=row.status,
            details={"artwork_id": found.id}, is_news=False,
        )  # fmt: skip
    if found.status == "failed":
        why = found.problem.detail if found.problem and found.problem.detail else None
        said = store_problems.general("cover_failed", why, field="cover.artwork_id")
        _ends(tx, job, work, row, "failed", _kept(work, said))
    elif found.status == "completed":
        queries.change_delivery(tx, row.id, step=Step.DELIVER)
        outbox.put_back(tx, job, due_at=tx.now, tries=0)
    else:
        outbox.put_back(tx, job, due_at=tx.now + pace.ARTWORK)


def done(tx: Transaction, job: outbox.Job, work: Work, standing: Standing) -> None:
    """A store answered."""
    row = _held(tx, job, work, standing)
    if row is None:
        return
    values: dict[str, Any] = {
        "external_id": standing.external_id or row.external_id,
        "external_url": standing.external_url or row.external_url,
        "streams": row.streams if standing.streams is None else standing.streams,
        "next_attempt_at": None,
        "progress": None,
        # The store has it, and something is left to do: a cover that it did not take.
        "problem": _kept(work, standing.problem) if standing.problem is not None else None,
    }
    if work.step is Step.STREAMS and standing.stands in _CANNOT_TELL:
        # People hear it, as the store or a person said: that nobody here can see it does not take it away.
        queries.note(tx, row.id, streams=values["streams"])
        return outbox.put_back(tx, job, due_at=tx.now + (standing.look_again or pace.SELDOM), tries=0)
    if work.step is Step.DELIVER:
        values["attempts"] = row.attempts + 1
        if standing.stands not in ("rejected", "failed"):
            values["delivered_revision"] = work.revision
    _AFTER[standing.stands](tx, job, work, row, standing, values)


def withheld(tx: Transaction, job: outbox.Job, work: Work) -> None:
    """The store keeps it back: nothing more happens until it is resumed."""
    row = _held(tx, job, work)
    if row is not None:
        queries.change_delivery(tx, row.id, step=Step.WAIT, problem=None)
        outbox.finish(tx, job)


def nothing_to_take_down(tx: Transaction, job: outbox.Job, work: Work) -> None:
    """Nothing had been sent."""
    row = _held(tx, job, work)
    if row is not None:
        queries.change_delivery(tx, row.id, step=Step.NOTHING)
        outbox.finish(tx, job)


def not_done(tx: Transaction, job: outbox.Job, work: Work, error: DeliveryError) -> None:
    """A step went wrong: what is done about it follows from the kind of problem."""
    row = _held(tx, job, work)
    if row is None:
        return
    kind = error.problem.kind
    if kind == "transient":
        _once_more(tx, job, work, row, error)
    elif kind == "quota":
        due = pace.no_sooner(tx.now, tx.now, error.retry_after, error.retry_at)
        due = due if due > tx.now else tx.now + pace.QUOTA
        _waits(tx, job, work, row, _kept(work, error.problem), due, "quota", failures=0)
    elif work.step is Step.STREAMS:
        # People hear it: that it cannot be counted just now is no trouble of the release.
        queries.note(tx, row.id, problem=_kept(work, error.problem) if kind == "auth" else None)
        outbox.put_back(tx, job, due_at=tx.now + pace.SELDOM)
    elif work.step is Step.WITHHOLD:
        _goes_on(tx, job, work, row, error.problem)
    elif work.step in (Step.TAKE_DOWN, Step.LOOK_DOWN):
        _stays_up(tx, job, work, row, error.problem)
    elif kind == "policy":
        _ends(tx, job, work, row, "rejected", _kept(work, error.problem))
    elif kind == "metadata":
        retryable = True if error.problem.code == "track_gone" else None
        _ends(tx, job, work, row, "failed", _kept(work, error.problem, retryable=retryable))
    else:
        _ends(tx, job, work, row, "action_required", _kept(work, error.problem))


def _held(tx: Transaction, job: outbox.Job, work: Work, standing: Standing | None = None) -> Any | None:
    """The row, if nobody asked for something else meanwhile; else the job is put back, to do that.

    Raises:
        ClaimLost: somebody else has taken the job over.
    """
    outbox.renew(tx, job)
    row = queries.delivery(tx, work.delivery_id)
    if row is None:
        outbox.finish(tx, job)
        return None
    if (row.step, row.status) == work.kept_as:
        return row
    if standing is not None and standing.external_id is not None:
        queries.note(tx, row.id, external_id=standing.external_id)
    if work.step is Step.DELIVER and standing is not None and standing.stands not in ("rejected", "failed"):
        queries.note(tx, row.id, delivered_revision=work.revision)
    outbox.put_back(tx, job, due_at=tx.now, tries=0)
    return None


# -- after an answer, by how it stands there ----------------------------------------------------------


def _processing(
    tx: Transaction, job: outbox.Job, work: Work, row: Any, standing: Standing, values: dict[str, Any]
) -> None:
    if work.step is Step.DELIVER and _date_was_changed(tx, work, row):
        return _deliver_again(tx, job, work, row, values)
    down = work.step in (Step.TAKE_DOWN, Step.LOOK_DOWN)
    status = row.status if down else "processing"
    step = Step.LOOK_DOWN if down else Step.LOOK
    _turn(tx, work, row, values | {"status": status, "step": step}, "The store works on it.")
    _look_later(tx, job, work, standing)


def _ready(
    tx: Transaction, job: outbox.Job, work: Work, row: Any, standing: Standing, values: dict[str, Any]
) -> None:
    if work.step in (Step.TAKE_DOWN, Step.LOOK_DOWN):
        return _processing(tx, job, work, row, standing, values)
    if _date_was_changed(tx, work, row):
        return _deliver_again(tx, job, work, row, values)
    whole = queries.row(tx, work.owner, work.distribution_id)
    if not _has_come(whole.release_at, tx.now):
        said = f"The store has it, and holds it back until {whole.release_at.isoformat()}."
        _turn(tx, work, row, values | {"status": "scheduled", "step": Step.WAIT}, said)
        due = min(whole.release_at, tx.now + (standing.look_again or pace.SELDOM))
        return outbox.put_back(tx, job, due_at=due, tries=0)
    queries.change_delivery(tx, row.id, **values, step=Step.RELEASE)  # told together with what comes of it
    if work.step is Step.RELEASE:
        return _look_later(tx, job, work, standing)
    return outbox.put_back(tx, job, due_at=tx.now, tries=0)


def _date_was_changed(tx: Transaction, work: Work, row: Any) -> bool:
    """Whether the store has to hear of another date: it came while this step was done."""
    whole = queries.row(tx, work.owner, work.distribution_id)
    return bool(row.connector == "api" and whole.release_at != work.release_at)


def _deliver_again(tx: Transaction, job: outbox.Job, work: Work, row: Any, values: dict[str, Any]) -> None:
    _turn(tx, work, row, values | {"status": "uploading", "step": Step.DELIVER}, "The date was changed.")
    outbox.put_back(tx, job, due_at=tx.now, tries=0)


def _live(
    tx: Transaction, job: outbox.Job, work: Work, row: Any, standing: Standing, values: dict[str, Any]
) -> None:
    if work.step in (Step.TAKE_DOWN, Step.LOOK_DOWN):
        return _processing(tx, job, work, row, standing, values)
    _turn(tx, work, row, values | {"status": "live", "step": Step.STREAMS}, "People can hear it.")
    outbox.put_back(tx, job, due_at=tx.now + (standing.look_again or pace.SELDOM), tries=0)


def _refused(
    tx: Transaction, job: outbox.Job, work: Work, row: Any, standing: Standing, values: dict[str, Any]
) -> None:
    said = standing.problem or store_problems.general(
        "store_rejected" if standing.stands == "rejected" else "store_failed"
    )
    if work.step in (Step.TAKE_DOWN, Step.LOOK_DOWN) and row.status in ENDED:
        # What the store does not want, nobody hears: it is away.
        queries.change_delivery(tx, row.id, step=Step.NOTHING)
        return outbox.finish(tx, job)
    values |= {"status": standing.stands, "step": Step.LOOK, "problem": _kept(work, said)}
    _turn(tx, work, row, values, said.message)
    return outbox.finish(tx, job)


def _needs_a_person(
    tx: Transaction, job: outbox.Job, work: Work, row: Any, standing: Standing, values: dict[str, Any]
) -> None:
    said = standing.problem or store_problems.general("person_needed")
    down = work.step in (Step.TAKE_DOWN, Step.LOOK_DOWN)
    step = Step.LOOK_DOWN if down else Step.LOOK
    _turn(
        tx, work, row, values | {"status": "action_required", "step": step, "problem": _kept(work, said)},
        said.message,
    )  # fmt: skip
    if standing.look_again is None:
        outbox.finish(tx, job)
    else:
        outbox.put_back(tx, job, due_at=tx.now + standing.look_again)


def _gone(
    tx: Transaction, job: outbox.Job, work: Work, row: Any, standing: Standing, values: dict[str, Any]
) -> None:
    status = "cancelled" if row.status == "cancelled" else "taken_down"
    _turn(tx, work, row, values | {"status": status, "step": Step.NOTHING}, "Nobody hears it there any more.",
          type="taken_down")  # fmt: skip
    outbox.finish(tx, job)


#: Of what was live once.
_CANNOT_TELL: Final = frozenset({"processing", "ready", "action_required"})
_AFTER: Final = {
    "processing": _processing,
    "ready": _ready,
    "live": _live,
    "rejected": _refused,
    "failed": _refused,
    "action_required": _needs_a_person,
    "taken_down": _gone,
}


def _turn(
    tx: Transaction, work: Work, row: Any, values: dict[str, Any], message: str, *, type: str | None = None
) -> None:
    """Change the row, and tell it if that is news."""
    status = values["status"]
    shown = ("external_id", "external_url", "problem")
    is_news = status != row.status or any(_told(values[name]) != _told(getattr(row, name)) for name in shown)
    counts = values["streams"] != row.streams
    if not is_news and not counts:
        queries.note(tx, row.id, **values)
        return
    queries.change_delivery(tx, row.id, **values)
    if is_news or type:
        details = {"external_id": values["external_id"]} if values["external_id"] else {}
        telling.of_one(tx, work.owner, row, type or status, message, status=status, details=details)
    else:
        tx.wake(telling.topic(work.distribution_id))


def _told(value: Any) -> Any:
    """Of a problem what people see."""
    return (value["code"], value["message"]) if isinstance(value, dict) else value


def _look_later(tx: Transaction, job: outbox.Job, work: Work, standing: Standing) -> None:
    looks = job.tries if work.step in LOOKING else 0
    pause = standing.look_again or pace.look(work.mode, looks)
    outbox.put_back(tx, job, due_at=tx.now + pause, tries=looks + 1)


# -- after an error -----------------------------------------------------------------------------------


def _once_more(tx: Transaction, job: outbox.Job, work: Work, row: Any, error: DeliveryError) -> None:
    """Try again by itself, later and later, and in the end not any more."""
    if work.step is Step.STREAMS:
        return outbox.put_back(tx, job, due_at=tx.now + pace.SELDOM)
    before = row.problem if row.problem and row.problem.get("step") == work.step else {}
    failures = int(before.get("failures") or 0) + 1
    since = datetime.fromisoformat(before["since"]) if before.get("since") else tx.now
    kept = _kept(work, error.problem, failures=failures, since=since)
    given_up = failures > len(pace.RETRIES)
    if work.step in LOOKING:
        given_up = given_up and tx.now - since > pace.SILENCE
    if not given_up:
        due = pace.no_sooner(tx.now + pace.after_failure(failures), tx.now, error.retry_after, error.retry_at)
        return _waits(tx, job, work, row, kept, due, "retry_scheduled", failures=failures)
    if work.step is Step.WITHHOLD:
        return _goes_on(tx, job, work, row, error.problem)
    if work.step in (Step.TAKE_DOWN, Step.LOOK_DOWN):
        return _stays_up(tx, job, work, row, error.problem)
    kept["retryable"] = True
    if error.problem.code != "defect":
        kept["hint"] = "Retry when the store works again, or take the package there yourself."
    queries.change_delivery(tx, row.id, attempts=row.attempts + 1)
    return _ends(tx, job, work, row, "failed", kept)


def _waits(
    tx: Transaction,
    job: outbox.Job,
    work: Work,
    row: Any,
    problem: dict[str, Any],
    due: datetime,
    type: str,
    *,
    failures: int,
) -> None:
    attempts = row.attempts + (1 if failures and work.step not in LOOKING else 0)
    queries.change_delivery(
        tx, row.id, problem=problem, next_attempt_at=due, attempts=attempts, progress=None
    )
    seconds = max(1, round((due - tx.now) / timedelta(seconds=1)))
    message = f"{problem['message']} It goes on in {seconds:,} s."
    details = {"code": problem["code"], "next_attempt_at": due.isoformat()}
    telling.of_one(tx, work.owner, row, type, message, status=row.status, details=details, is_news=False)
    outbox.put_back(tx, job, due_at=due)


def _ends(
    tx: Transaction, job: outbox.Job, work: Work, row: Any, status: str, problem: dict[str, Any]
) -> None:
    """It goes no further by itself."""
    queries.change_delivery(tx, row.id, status=status, problem=problem, next_attempt_at=None, progress=None)
    telling.of_one(
        tx, work.owner, row, status, problem["message"], status=status, details={"code": problem["code"]}
    )
    outbox.finish(tx, job)


def _goes_on(tx: Transaction, job: outbox.Job, work: Work, row: Any, problem: StoreProblem) -> None:
    """The store cannot keep it back: it is not paused."""
    values = {"status": "scheduled", "step": Step.WAIT, "paused_from": None, "problem": _kept(work, problem)}
    queries.change_delivery(tx, row.id, **values)
    message = f"It could not be paused: {problem.message}"
    telling.of_one(tx, work.owner, row, "not_paused", message, status="scheduled")
    due = tx.now if work.release_at is None else min(work.release_at, tx.now + pace.SELDOM)
    outbox.put_back(tx, job, due_at=due, tries=0)


def _stays_up(tx: Transaction, job: outbox.Job, work: Work, row: Any, problem: StoreProblem) -> None:
    """The store did not take it away: a person has to know."""
    status = "live" if row.status == "live" else "action_required"
    step = Step.STREAMS if row.status == "live" else Step.TAKE_DOWN
    kept = _kept(work, problem)
    queries.change_delivery(tx, row.id, status=status, step=step, problem=kept, next_attempt_at=None)
    message = f"The store still has it: {problem.message}"
    telling.of_one(tx, work.owner, row, "not_taken_down", message, status=status)
    if row.status == "live":
        return outbox.put_back(tx, job, due_at=tx.now + pace.SELDOM, tries=0)
    return outbox.finish(tx, job)


def _kept(work: Work, problem: StoreProblem, **more: Any) -> dict[str, Any]:
    return store_problem.kept(problem, revision=work.revision, step=work.step, **more)


def _has_come(release_at: datetime | None, now: datetime) -> bool:
    return release_at is None or release_at <= now


def _wish(release: Release) -> ArtworkCreate:
    """A cover for a release that has none."""
    track_id = release.tracks[0].track_id
    artist = release.artists[0].name if release.artists else None
    try:
        return ArtworkCreate(title=release.title, artist=artist, track_id=track_id)
    except ValidationError:  # a name that rules of stores let pass, and pictures do not: the track's own then
        return ArtworkCreate(track_id=track_id)
