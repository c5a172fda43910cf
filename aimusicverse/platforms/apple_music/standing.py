"""What a status of Apple's means for a delivery."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from aimusicverse.platforms.apple_music.codes import NOT_VALID, REVIEW_UNKNOWN
from aimusicverse.platforms.apple_music.status import AppleStatus
from aimusicverse.platforms.base import Journal, Standing, StoreProblem
from aimusicverse.platforms.store_problems import general

#: By the end of it Apple has looked at most of what comes; then a person looks.
_LONGEST_REVIEW: Final = timedelta(days=5)


def remember(status: AppleStatus, journal: Journal) -> None:
    """What later steps need: which upload was judged, and whether Apple has ever taken one."""
    known = journal.known
    notes: dict[str, Any] = {}
    if status.created and status.created != known.get("judged"):
        notes["judged"] = status.created
    if status.found == "failed" and not known.get("imported"):
        notes["refused"] = True  # Apple knows no identifiers of it: they may still be mended
    elif status.found in ("ready", "live", "rejected", "off") and not known.get("imported"):
        notes |= {"imported": True, "refused": None}
    if notes:
        journal.write(**notes)


def standing(status: AppleStatus, journal: Journal, vendor: str) -> Standing:
    """The same in the words of all stores."""
    told = " ".join(status.reasons)
    takes_down = bool(journal.known.get("takes_down"))
    if status.found == "failed":
        return Standing("failed", vendor, problem=NOT_VALID.problem(told or None))
    if takes_down:
        return Standing("taken_down", vendor) if status.found == "off" else in_review(journal, vendor)
    if status.found == "rejected":
        return Standing("rejected", vendor, problem=general("store_rejected", told or None))
    if status.found == "live":
        # Where the day began first it is to be heard already; it counts from the moment that was meant.
        out_at = journal.known.get("out_at")
        is_early = out_at is not None and journal.now < datetime.fromisoformat(out_at)
        return Standing("ready", vendor) if is_early else Standing("live", vendor, streams=status.plays)
    if status.found == "ready":
        return Standing("ready", vendor)
    if status.found == "off":
        return Standing("failed", vendor, problem=general("release_gone"))
    return in_review(journal, vendor)


def in_review(journal: Journal, vendor: str) -> Standing:
    """Nobody has said yet how it stands. After five days a person has to look."""
    sent_at = journal.known.get("sent_at")
    if sent_at and journal.now - datetime.fromisoformat(sent_at) > _LONGEST_REVIEW:
        return person(REVIEW_UNKNOWN.problem(), vendor)
    return Standing("processing", vendor)


def person(problem: StoreProblem, vendor: str) -> Standing:
    """It is a person's turn."""
    return Standing("action_required", vendor, problem=problem)
