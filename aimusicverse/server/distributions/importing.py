"""Keeps distributions out of a file: all of them or none.

Nothing is sent. What was on its way is paused, and waits until its owner resumes it. What is here already,
by its id, stays as it is: so the same file can be imported again and again.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any, Final

from aimusicverse.platforms import store_problems
from aimusicverse.server.distributions import export_queries, store_problem, submitting
from aimusicverse.server.distributions.import_reading import Read
from aimusicverse.server.distributions.states import Step, together
from aimusicverse.server.ids import ALPHABET, base62, new_id
from aimusicverse.server.security.principal import Owner, Principal
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.types import DistributionImport
from aimusicverse.types.distribution_export import ExportedDelivery

#: A delivery in one of these was on its way.
ON_ITS_WAY: Final = frozenset({"queued", "validating", "uploading", "processing", "scheduled"})
#: A store may have what is, or was, in one of these.
_MAY_BE_THERE: Final = frozenset({"uploading", "processing", "scheduled", "live"})
#: What no server can open: whoever goes on with it is told that nobody knows what the store has.
_UNREADABLE: Final = base64.b64encode(bytes(40)).decode()
_HELD: Final = "It was on its way when it was exported. Nothing is sent until it is resumed."

_TO_BE_TAKEN_AWAY: Final = "It was to be taken away when it was exported, and may still be there."


def keep(tx: Transaction, owner: Owner, principal: Principal, found: list[Read]) -> DistributionImport:
    """Keep those that are not here yet.

    Raises:
        Refusal: `live_key_needed`: one is live, and the key is a test key.
    """
    for mode in {one.said.mode for one in found}:
        submitting.require_live(principal, mode)
    other = {one.said.id: _renamed(owner, one.said.id) for one in found}
    here = export_queries.own(tx, owner, [*other, *other.values()])
    new = [one for one in found if one.said.id not in here and other[one.said.id] not in here]
    tracks: list[dict[str, Any]] = []
    deliveries: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    renamed: dict[str, str] = {}
    paused = 0
    for one in new:
        said, distribution_id = one.said, one.said.id
        held = [_held(delivery) for delivery in said.deliveries]
        row = _row(owner, one, together(str(values["status"]) for values in held))
        if not export_queries.insert_distribution(tx, row):
            distribution_id = renamed[said.id] = other[said.id]
            if not export_queries.insert_distribution(tx, row | {"id": distribution_id}):
                raise RuntimeError(f"no id is free for {said.id}")
        of_it = {"distribution_id": distribution_id, "owner_id": owner.id}
        tracks += [
            {**of_it, "number": number, "track_id": track_id}
            for number, track_id in enumerate(said.track_ids)
        ]
        for delivery, values in zip(said.deliveries, held, strict=True):
            if distribution_id != said.id or _is_forgotten(delivery):
                values |= {"journal": _UNREADABLE if _may_be_there(delivery) else ""}
            deliveries.append({**of_it, "id": new_id("sdl"), "mode": said.mode, **values})
        events += [{**line.model_dump(), **of_it, "details": line.details} for line in said.events]
        for delivery in said.deliveries:
            if delivery.status in ON_ITS_WAY:
                paused += 1
                events.append(_line(tx, of_it, delivery))
    export_queries.insert_parts(tx, tracks, deliveries)
    for line in events:
        _keep_line(tx, owner, line)
    return DistributionImport(
        imported=len(new), unchanged=len(found) - len(new), paused=paused, renamed=renamed
    )


# -- rows -------------------------------------------------------------------------------------------


def _row(owner: Owner, one: Read, status: str) -> dict[str, Any]:
    said = one.said
    return {
        "id": said.id,
        "owner_id": owner.id,
        "mode": said.mode,
        "status": status,
        "title": said.title,
        "release": one.release,
        "via": said.via,
        "artwork_id": said.artwork_id,
        "release_at": said.release_at,
        "quote": said.quote,
        "revision": said.revision,
        "submitted_at": said.submitted_at,
        "completed_at": said.completed_at,
        "created_at": said.created_at,
        "updated_at": said.updated_at,
        "version": said.version,
    }


def _held(one: ExportedDelivery) -> dict[str, Any]:
    """A delivery's columns: what has ended stays as it was, what was on its way is paused where it was."""
    values: dict[str, Any] = {
        name: getattr(one, name) for name in type(one).model_fields if name != "problem"
    }
    values["problem"] = None if one.problem is None else one.problem.kept()
    if one.status in ON_ITS_WAY:
        waits = one.status == "scheduled" or one.step in (Step.WAIT, Step.RELEASE)
        step = Step.WAIT if waits else one.step
        values |= {"status": "paused", "step": step, "paused_from": step}
        values |= {"next_attempt_at": None, "progress": None}
    elif one.status == "paused" and one.step == Step.WITHHOLD:
        values["step"] = one.paused_from or Step.WAIT
    elif one.step in (Step.TAKE_DOWN, Step.LOOK_DOWN) and one.status != "action_required":
        # Nothing is sent by an import: whoever wanted it away has to say so again.
        said = store_problems.general(
            "person_needed", _TO_BE_TAKEN_AWAY, hint="Retry: then it is taken away."
        )
        kept = store_problem.kept(
            said, revision=one.delivered_revision or 1, step=Step.TAKE_DOWN, retryable=True
        )
        values |= {"status": "action_required", "step": Step.TAKE_DOWN, "problem": kept}
        values |= {"next_attempt_at": None, "progress": None}
    return values


def _may_be_there(one: ExportedDelivery) -> bool:
    """Whether a store may have something of it."""
    sent = one.journal or one.external_id or one.delivered_revision is not None
    return one.connector != "kit" and bool(sent or one.status in _MAY_BE_THERE)


def _is_forgotten(one: ExportedDelivery) -> bool:
    """Whether a store may have it, and the file does not say what its connector knew."""
    return not one.journal and _may_be_there(one)


def _line(tx: Transaction, of_it: dict[str, Any], one: ExportedDelivery) -> dict[str, Any]:
    return {
        **of_it,
        "id": new_id("dse"),
        "at": tx.now,
        "platform": one.platform,
        "type": "imported",
        "status": "paused",
        "message": _HELD,
        "details": {"status": one.status},
    }


def _keep_line(tx: Transaction, owner: Owner, line: dict[str, Any]) -> None:
    if export_queries.insert_event(tx, line):
        return
    if not export_queries.insert_event(tx, line | {"id": _renamed(owner, line["id"])}):
        export_queries.insert_event(tx, line | {"id": new_id("dse")})


def _renamed(owner: Owner, name: str) -> str:
    """Another id, for an owner where somebody else has this one: the same each time, and as old."""
    prefix, _, digits = name.partition("_")
    noise = int.from_bytes(hashlib.sha256(f"{owner.id}\n{name}".encode()).digest()[:8])
    number = 0
    for digit in digits:
        number = number * 62 + ALPHABET.index(digit)
    # The time stands above the last 64 bits (`ids.py`).
    return f"{prefix}_{base62((number >> 64 << 64 | noise) % 2**128, 22)}"
