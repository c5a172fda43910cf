"""Decides about stems: of which tracks there can be any, what follows when somebody asks for them."""

from __future__ import annotations

from collections.abc import Set
from typing import NamedTuple

from aimusicverse.engines.base import EngineError, Order, StemsRendering
from aimusicverse.server.generation.asking import Engines
from aimusicverse.server.generation.same_sounds import other_sounds
from aimusicverse.server.jobs import outbox
from aimusicverse.server.problems import Refusal, problem_of_engine, shortened
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.stems import queries
from aimusicverse.server.stems.of_tracks import topic
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.tracks import file_tags
from aimusicverse.server.tracks import service as tracks
from aimusicverse.server.tracks.uploaded import is_upload
from aimusicverse.types import Plan, Provenance, Stem, StemSet, Track

__all__ = ["STEMS", "Found", "ask", "failed", "files", "get", "made", "one", "progressed", "started", "topic"]

STEMS = "stems"


class Found(NamedTuple):
    """A stem, and what its file is."""

    stem: Stem
    bit_depth: int
    track: Track


def ask(
    tx: Transaction, owner: Owner, track_id: str, engines: Engines, lost: Set[str] = frozenset()
) -> StemSet:
    """The stems of a track as they are; if there are none, they failed, or a file of theirs is among the
    `lost` ones (by their hashes), they are made from now on.

    Raises:
        Refusal: `track_not_found`; `stems_unavailable`: they cannot be played anew.
    """
    track = tracks.get(tx, owner, track_id)
    there = queries.find(tx, owner, track_id)
    if there is not None and there.status != "failed" and lost.isdisjoint(_hashes(there)):
        return there
    plan = _played(track.provenance, engines)
    if there is None:
        queries.begin(tx, owner, track_id)
    else:
        queries.begin_anew(tx, owner, track_id)
    work = {"plan": plan.model_dump(mode="json"), "tags": file_tags.of_track(track).as_texts()}
    outbox.add(tx, owner.id, STEMS, ref=track_id, payload=work)
    tx.wake(topic(track_id))
    return _asked_for(tx, owner, track_id)


def files(tx: Transaction, owner: Owner, track_id: str) -> list[str]:
    """The hashes of the stems' files, if they are ready.

    Raises:
        Refusal: `track_not_found`.
    """
    tracks.get(tx, owner, track_id)
    found = queries.find(tx, owner, track_id)
    return [] if found is None else _hashes(found)


def get(tx: Transaction, owner: Owner, track_id: str) -> StemSet:
    """The stems of a track as they are.

    Raises:
        Refusal: `track_not_found`; `stems_not_found`: nobody has asked for them.
    """
    tracks.get(tx, owner, track_id)
    return _asked_for(tx, owner, track_id)


def one(tx: Transaction, owner: Owner, track_id: str, name: str) -> Found:
    """A stem that is ready.

    Raises:
        Refusal: `track_not_found`, `stems_not_found`, `stems_not_ready`.
    """
    track = tracks.get(tx, owner, track_id)
    found = _asked_for(tx, owner, track_id)
    if found.status != "ready" or found.bit_depth is None:
        raise Refusal("stems_not_ready", f"The stems of {track_id} are {found.status}.")
    for stem in found.stems:
        if stem.name == name:
            return Found(stem, found.bit_depth, track)
    there = ", ".join(stem.name for stem in found.stems)
    raise Refusal("stems_not_found", f"The track has no stem {shortened(name)}; there are: {there}.")


# -- what the worker reports ----------------------------------------------------------------------


def started(tx: Transaction, job: outbox.Job) -> Order:
    """The work begins, or begins again after a crash; what is to be played, and what its files say."""
    outbox.renew(tx, job)
    _note(tx, job, status="processing", stage=None, progress=0.0)
    return Order(Plan.model_validate(job.payload["plan"]), job.payload["tags"])


def progressed(tx: Transaction, job: outbox.Job, stage: str, fraction: float) -> None:
    """The work got on; holds its lease."""
    outbox.renew(tx, job)
    _note(tx, job, stage=stage, progress=fraction)


def made(tx: Transaction, job: outbox.Job, rendering: StemsRendering) -> None:
    """All stems are there."""
    outbox.finish(tx, job)
    queries.finish(tx, Owner(job.owner_id), job.ref, rendering)
    tx.wake(topic(job.ref))


def failed(tx: Transaction, job: outbox.Job, error: EngineError) -> None:
    """There are none, and why."""
    outbox.finish(tx, job)
    why = problem_of_engine(error.code, error.message).model_dump(mode="json", exclude_none=True)
    _note(tx, job, status="failed", stage=None, problem=why)


def _note(tx: Transaction, job: outbox.Job, **values: object) -> None:
    queries.change(tx, Owner(job.owner_id), job.ref, **values)
    tx.wake(topic(job.ref))


# -- details ----------------------------------------------------------------------------------------


def _asked_for(tx: Transaction, owner: Owner, track_id: str) -> StemSet:
    found = queries.find(tx, owner, track_id)
    if found is None:
        raise Refusal("stems_not_found", f"Nobody has asked for the stems of {track_id}.")
    return found


def _played(made: Provenance, engines: Engines) -> Plan:
    """The plan by which a track was made, if it can be played again to the same music."""
    if made.plan is None:
        why = "was uploaded" if is_upload(made) else "was made before plans were kept"
        raise Refusal("stems_unavailable", f"The track {why}: there is no plan from which to play its parts.")
    engine = engines.get(made.plan.engine)
    if engine is None:
        raise Refusal("stems_unavailable", f"This server no longer has the engine {made.plan.engine}.")
    now = engine.capabilities()
    if "stems" not in now.outputs:
        raise Refusal("stems_unavailable", f"The engine {now.name} makes no stems.")
    if now.version != made.engine_version:
        raise Refusal(
            "stems_unavailable",
            f"The track was made by {now.name} {made.engine_version}. This server has {now.version}, which "
            "would play other music.",
        )
    differ = other_sounds(made, now)
    if differ is not None:
        raise Refusal("stems_unavailable", differ)
    return made.plan


def _hashes(of: StemSet) -> list[str]:
    return [stem.sha256 for stem in of.stems]
