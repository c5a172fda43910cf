"""What came before a batch, as the journal tells it, and what follows from that for the next one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from aimusicverse.platforms.base import Parcel
from aimusicverse.platforms.ddex.answers import Outcome, noted_answer
from aimusicverse.platforms.ddex.plan import Plan, PlanKind, noted_plan
from aimusicverse.types.release import Release


def perhaps_there(known: Mapping[str, Any]) -> bool:
    """Whether the receiver has the release, or may have it."""
    plan, answer = noted_plan(known), noted_answer(known)
    if known.get("taken"):
        return True
    if plan is None:
        return False
    if answer is not None and answer.outcome == "accepted" and plan.kind == "takedown":
        return False
    if plan.update:
        return True
    if answer is not None and answer.outcome == "refused":
        return False
    return bool(known.get("sealing"))


def begins_of(parcel: Parcel, known: Mapping[str, Any], at: datetime) -> datetime:
    """From when people may hear it. What is out already does not begin anew with each change."""
    taken: Mapping[str, Any] | None = known.get("taken")
    if parcel.release_at is not None:
        return parcel.release_at
    return datetime.fromisoformat(taken["begins"]) if taken else at


def next_plan(
    kind: PlanKind,
    parcel: Parcel,
    release: Release,
    known: Mapping[str, Any],
    *,
    at: datetime,
    begins: datetime,
    folder: str,
    mark: str,
) -> Plan:
    """The plan of the next batch. Files come along, unless the receiver has said that it has them."""
    before, taken = noted_plan(known), known.get("taken")
    number = (before.number if before else 0) + 1
    files = [sound.facts.sha256 for sound in parcel.files.tracks]
    if parcel.files.cover is not None:
        files.append(parcel.files.cover.facts.sha256)
    return Plan(
        kind=kind,
        revision=parcel.revision,
        number=number,
        at=at.isoformat(),
        folder=folder,
        message_id=f"{mark}_{parcel.revision}_{number}",
        thread_id=mark,
        update=perhaps_there(known) or parcel.release.delivered is not None,
        brings_files=kind == "release" and not (taken and files == taken["sums"]),
        begins=begins.isoformat(),
        isrcs=tuple(track.isrc or "" for track in release.tracks),
        seconds=_seconds(parcel, before),
        sums=tuple(files),
        live_message=release.live_message,
        mode=parcel.mode,
    )


def _seconds(parcel: Parcel, before: Plan | None) -> tuple[float | None, ...]:
    """How long each recording is: by its file, by what is told of it, or by what was told before."""
    found: list[float | None] = []
    for number, track in enumerate(parcel.release.tracks):
        told = track.duration_seconds
        if number < len(parcel.files.tracks):
            told = parcel.files.tracks[number].facts.duration_seconds
        elif told is None and before is not None and number < len(before.seconds):
            told = before.seconds[number]
        found.append(told)
    return tuple(found)


def kept(plan: Plan, outcome: Outcome) -> dict[str, Any]:
    """What the journal keeps of an answer: what the receiver has from now on."""
    if outcome == "refused":
        return {}
    if plan.kind == "takedown":
        return {"taken": None}
    if plan.mode == "live" and not plan.live_message:
        return {}  # a test brings nothing into a store
    return {
        "taken": {
            "folder": plan.folder,
            "isrcs": list(plan.isrcs),
            "sums": list(plan.sums),
            "begins": plan.begins,
        }
    }
