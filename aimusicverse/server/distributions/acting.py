"""What a person asks of a distribution on its way: try again, wait, go on, give up, take away, confirm.

An action changes rows alone. Whoever is at a delivery just then notices that it was overtaken, drops what he
does, and lets the job do what is asked for now: so no two threads are ever at one delivery.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from aimusicverse.platforms.base import StoreProblem
from aimusicverse.server.distributions import queries, starting, store_problem, telling
from aimusicverse.server.distributions.states import ALLOWED, Action, Step
from aimusicverse.server.distributions.submitting import not_possible, require_live
from aimusicverse.server.problems import Refusal, shortened
from aimusicverse.server.security.principal import Owner, Principal
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.types import Distribution, DistributionAct, DistributionConfirm, FieldError

#: What may be done again though the release is the same, whatever kind of problem it is.
_MENDED_ELSEWHERE: Final = frozenset({"release_gone", "track_gone"})
#: A line of the history for each action.
_SAID: Final = {
    Action.RETRY: "It is tried again.",
    Action.PAUSE: "It waits until it is resumed.",
    Action.RESUME: "It goes on.",
    Action.CANCEL: "It was cancelled.",
    Action.TAKEDOWN: "It is to be taken away.",
}
_TYPES: Final = {
    Action.RETRY: "retry",
    Action.PAUSE: "paused",
    Action.RESUME: "resumed",
    Action.CANCEL: "cancelled",
    Action.TAKEDOWN: "takedown",
}


def act(
    tx: Transaction,
    owner: Owner,
    principal: Principal,
    action: Action,
    distribution_id: str,
    body: DistributionAct,
) -> Distribution:
    """Do it at the stores that are meant, or at all for which it makes sense.

    Raises:
        Refusal: `distribution_state`: nowhere it does; `nothing_changed`: the same would go wrong again;
            `live_key_needed`; `invalid_request`: a store that the distribution does not go to.
    """
    row = queries.row(tx, owner, distribution_id)
    require_live(principal, row.mode)
    for one in _meant(tx, owner, action, row, body.platforms):
        values = _CHANGES[action](one)
        queries.change_delivery(tx, one.id, **values)
        status = str(values.get("status", one.status))
        telling.of_one(tx, owner, one, _TYPES[action], _SAID[action], status=status)
        if values["step"] == Step.WITHHOLD or (values["step"] != Step.NOTHING and status != "paused"):
            starting.begin(tx, owner, one.id)
    return queries.get(tx, owner, distribution_id)


def confirm(
    tx: Transaction, owner: Owner, principal: Principal, distribution_id: str, body: DistributionConfirm
) -> Distribution:
    """A person did what he had to, in the store or with the distributor.

    Raises:
        Refusal: as `act`.
    """
    row = queries.row(tx, owner, distribution_id)
    require_live(principal, row.mode)
    for one in _meant(tx, owner, Action.CONFIRM, row, body.platforms):
        problem = None
        if body.outcome == "rejected":
            why = body.reason or "The store does not want it."
            said = StoreProblem("store_rejected", why, "policy", hint="Change the release, then retry.")
            problem = store_problem.kept(said, revision=row.revision, step=Step.LOOK)
        by_person = one.connector == "kit"
        steps = {"live": Step.STREAMS, "processing": Step.LOOK}
        queries.change_delivery(
            tx,
            one.id,
            status=body.outcome,
            step=Step.NOTHING if by_person else steps.get(body.outcome, Step.NOTHING),
            problem=problem,
            next_attempt_at=None,
            external_id=body.external_id or one.external_id,
            external_url=body.external_url or one.external_url,
            delivered_revision=one.delivered_revision or row.revision,
        )
        message = f"A person says that it is {body.outcome.replace('_', ' ')}."
        telling.of_one(tx, owner, one, "confirmed", message, status=body.outcome)
        if not by_person and body.outcome in steps:
            starting.begin(tx, owner, one.id)
    return queries.get(tx, owner, distribution_id)


def _meant(tx: Transaction, owner: Owner, action: Action, row: Any, platforms: Sequence[str]) -> list[Any]:
    """The deliveries at which it is to be done."""
    rows = queries.deliveries(tx, owner, row.id)
    names = [one.platform for one in rows]
    for place, name in enumerate(platforms):
        if name not in names:
            message = f"it does not go to {shortened(name)}"
            error = FieldError(
                field=f"platforms[{place}]",
                code="unknown",
                message=message,
                hint=f"one of: {', '.join(names)}",
            )
            raise Refusal("invalid_request", f"platforms[{place}]: {message}", errors=[error])
    asked = [one for one in rows if not platforms or one.platform in platforms]
    refusals = {one.id: _why_not(action, one, row.revision) for one in asked}
    able = [one for one in asked if refusals[one.id] is None]
    if able and (not platforms or len(able) == len(asked)):
        return able
    first: Refusal | None = next(
        (found for found in refusals.values() if found is not None and found.code == "nothing_changed"), None
    )
    raise first or not_possible(action, [one for one in asked if refusals[one.id] is not None])


def _why_not(action: Action, one: Any, revision: int) -> Refusal | None:
    """Why it cannot be asked for here; `None`: it can."""
    if one.status not in ALLOWED[action]:
        return not_possible(action, [one])
    if action is Action.CONFIRM and one.status != "action_required" and one.connector == "api":
        return not_possible(action, [one])
    if action is Action.RETRY:
        return _why_no_retry(one, revision)
    return None


def _why_no_retry(one: Any, revision: int) -> Refusal | None:
    if one.status in ("scheduled", "processing", "live"):
        is_edited = one.delivered_revision is not None and one.delivered_revision < revision
        return None if is_edited else not_possible(Action.RETRY, [one])
    problem = one.problem or {}
    if problem.get("revision", revision) != revision:
        return None
    if one.connector == "kit" and problem.get("code") == "person_needed":
        detail = f"{one.platform}: {problem['message']} Then say so (`POST …/confirm`)."
        return Refusal("nothing_changed", detail)
    if problem.get("retryable", True) or problem.get("code") in _MENDED_ELSEWHERE:
        return None
    where = f" ({problem['field']})" if problem.get("field") else ""
    detail = f"{one.platform}: {problem['message']}{where} {problem.get('hint') or ''}".strip()
    return Refusal("nothing_changed", detail)


# -- what each of them comes to: columns of the delivery ----------------------------------------------


def _anew(step: Step, **values: Any) -> dict[str, Any]:
    return {"step": step, "attempts": 0, "next_attempt_at": None, "problem": None, "progress": None, **values}


def _retry(one: Any) -> dict[str, Any]:
    if one.step in (Step.TAKE_DOWN, Step.LOOK_DOWN):
        return _anew(Step.TAKE_DOWN, status="cancelled")
    return _anew(Step.VALIDATE, status="queued")


def _pause(one: Any) -> dict[str, Any]:
    if one.status == "scheduled":
        return _anew(Step.WITHHOLD, status="paused", paused_from=Step.WAIT)
    return {"status": "paused", "step": one.step, "paused_from": one.step, "next_attempt_at": None}


def _resume(one: Any) -> dict[str, Any]:
    if one.paused_from == Step.WAIT:
        return _anew(Step.WAIT, status="scheduled", paused_from=None)
    step = Step(one.paused_from or Step.VALIDATE)
    if step in (Step.ARTWORK, Step.DELIVER):  # it may have been edited, or come from elsewhere, meanwhile
        step = Step.VALIDATE
    return _anew(step, status="queued", paused_from=None)


def _cancel(one: Any) -> dict[str, Any]:
    nothing_sent = not one.journal and one.delivered_revision is None and one.status != "uploading"
    with_nobody = one.connector == "kit" and one.status != "processing"
    step = Step.NOTHING if nothing_sent or with_nobody else Step.TAKE_DOWN
    return _anew(step, status="cancelled", paused_from=None)


def _take_down(one: Any) -> dict[str, Any]:
    return _anew(Step.TAKE_DOWN)


_CHANGES: Final[dict[Action, Callable[[Any], dict[str, Any]]]] = {
    Action.RETRY: _retry,
    Action.PAUSE: _pause,
    Action.RESUME: _resume,
    Action.CANCEL: _cancel,
    Action.TAKEDOWN: _take_down,
}
