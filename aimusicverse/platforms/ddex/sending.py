"""A batch on its way: its folder, its files, and last the file by which it is whole.

The journal knows, before each step that cannot be taken back, that it is about to be taken:

    plan      the batch's name, and all that its bytes follow from
    claimed   its folder was made by us, and by nobody else
    sealing   all files are there; BatchComplete is about to be written
    complete  BatchComplete is there: from now on the batch is the receiver's

A receiver takes a batch when its BatchComplete is there, and once. So whatever happens before `sealing` is
gone on with, under the same name; afterwards, if the folder is gone, the receiver has taken it away.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from aimusicverse.platforms.base import DeliveryError, Journal
from aimusicverse.platforms.ddex.codes import FOLDER_REFUSED
from aimusicverse.platforms.ddex.parts import Parts
from aimusicverse.platforms.ddex.place import Beat, Place
from aimusicverse.platforms.ddex.plan import Plan

#: Names that others may have at the moment of ours.
_MOST_NAMES: Final = 1_000


def send(plan: Plan, build: Callable[[Plan], Parts], place: Place, journal: Journal) -> Plan:
    """Bring a batch there, or go on with it.

    Args:
        plan: as it is in the journal.
        build: makes the batch of a plan, the same each time.
        place: where it goes.
        journal: of the delivery.

    Returns:
        the plan under the name that it went by.

    Raises:
        DeliveryError: it is not there yet; the same call goes on with it.
        CannotPackage: it cannot be made.
    """
    parts = build(plan)
    beat = Beat(journal, sum(part.size for part in (*parts.files, parts.end)))
    place.watch(beat.tick)
    known = journal.known
    sealing = known.get("sealing") == plan.batch
    if sealing and _taken(plan, parts, place):
        return _finish(plan, journal)
    if known.get("claimed") != plan.batch:
        plan, parts = _claim(plan, parts, build, place, journal)
    else:
        place.make(plan.batch)
    for folder in parts.folders:
        place.make(f"{plan.batch}/{folder}")
    for part in parts.files:
        path = f"{plan.batch}/{part.path}"
        if place.whole(path, part):
            beat.add(part.size)
        else:
            place.put(path, part, beat)
    journal.write(sealing=plan.batch)
    end = f"{plan.batch}/{parts.end.path}"
    if not place.whole(end, parts.end):
        place.put(end, parts.end, beat)
    return _finish(plan, journal)


def _taken(plan: Plan, parts: Parts, place: Place) -> bool:
    """Whether BatchComplete was there when an earlier try was interrupted, as far as can be seen."""
    return not place.there(plan.batch) or place.whole(f"{plan.batch}/{parts.end.path}", parts.end)


def _finish(plan: Plan, journal: Journal) -> Plan:
    journal.write(complete=journal.now.isoformat(), waiting_since=journal.now.isoformat())
    return plan


def _claim(
    plan: Plan, parts: Parts, build: Callable[[Plan], Parts], place: Place, journal: Journal
) -> tuple[Plan, Parts]:
    """A folder that nobody had before. One that is there may be somebody else's who delivers to the same
    receiver, and is left alone; at worst it is our own, empty, of a try that ended before it was noted.
    """
    for _ in range(_MOST_NAMES):
        if place.make(plan.batch):
            journal.write(claimed=plan.batch)
            return plan, parts
        plan = plan.later()
        parts = build(plan)
        journal.write(plan=plan.noted())
    raise DeliveryError(FOLDER_REFUSED.problem(f"There is no free name for a batch near {plan.batch}."))
