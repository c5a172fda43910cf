"""Where a batch's release stands, by what its receiver said and what the time is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from aimusicverse.platforms.base import Journal, Standing
from aimusicverse.platforms.ddex.answers import Answer, Heard
from aimusicverse.platforms.ddex.codes import ANSWER_UNREADABLE, TAKEDOWN_REFUSED, TEST_MESSAGE
from aimusicverse.platforms.ddex.place import Place
from aimusicverse.platforms.ddex.plan import Plan
from aimusicverse.platforms.store_problems import general

#: After so long without a word a person has to ask. It is server time.
SILENCE: Final = timedelta(hours=48)
#: After so long with one that cannot be read, and no better one.
UNREADABLE: Final = timedelta(hours=1)
_MOST_REPORT: Final = 1_000


def stands(plan: Plan, heard: Heard, journal: Journal, reports: Place | None) -> Standing:
    """Of a batch that was sent.

    Args:
        plan: of the batch.
        heard: what its receiver said.
        journal: of the delivery; by its clock it is live.
        reports: where the sandbox tells how often it was heard; `None`: nobody tells.

    Raises:
        DeliveryError: nobody can tell now.
    """
    answer = heard.answer
    if answer is None:
        return _unanswered(plan, heard.unreadable, journal)
    if answer.outcome == "refused":
        return _refused(plan, answer)
    if plan.kind == "takedown":
        return Standing("taken_down", external_id=plan.folder)
    if plan.mode == "live" and not plan.live_message:
        return Standing("action_required", external_id=plan.folder, problem=TEST_MESSAGE.problem())
    begins = datetime.fromisoformat(plan.begins)
    if journal.now < begins:
        return Standing("ready", external_id=plan.folder, external_url=answer.url)
    streams = _streams(plan, reports) if reports is not None else None
    return Standing("live", external_id=plan.folder, external_url=answer.url, streams=streams)


def _unanswered(plan: Plan, unreadable: tuple[str, ...], journal: Journal) -> Standing:
    problem = None
    known, now = journal.known, journal.now
    patience = datetime.fromisoformat(known.get("waiting_since") or known["complete"]) + SILENCE
    if unreadable:
        told = "; ".join(unreadable[:3])
        problem = ANSWER_UNREADABLE.problem(f"What the receiver wrote cannot be read: {told}.")
        # It may be one that is being written just now.
        patience = min(patience, datetime.fromisoformat(known["unreadable_since"]) + UNREADABLE)
    if now < patience:
        return Standing("processing", external_id=plan.folder, problem=problem)
    problem = problem or general(
        "store_silent",
        f"Nothing was heard of batch {plan.batch} for {SILENCE.days * 24} hours: ask the provider.",
    )
    return Standing("action_required", external_id=plan.folder, problem=problem)


def _refused(plan: Plan, answer: Answer) -> Standing:
    problem = answer.problem
    if plan.kind == "takedown":
        message = problem.message if problem else None
        return Standing("failed", external_id=plan.folder, problem=TAKEDOWN_REFUSED.problem(message))
    by_itself = problem is not None and problem.kind == "transient"
    return Standing("failed" if by_itself else "rejected", external_id=plan.folder, problem=problem)


def _streams(plan: Plan, place: Place) -> int | None:
    """How often people of the sandbox heard it: its own small report, for stores tell it in sales reports,
    which are not read here.
    """
    content = place.read(f"reports/{plan.folder}.txt", _MOST_REPORT)
    told = (content or b"").strip()
    return int(told) if told.isdigit() and len(told) < 16 else None
