"""Edits a distribution: the release, its date, cover and stores. What is on its way goes on as it was."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from aimusicverse.server import versions
from aimusicverse.server.artwork import of_tracks as artworks
from aimusicverse.server.distributions import queries, service, starting, submitting, telling
from aimusicverse.server.distributions.release_moment import asked_for
from aimusicverse.server.distributions.shown import etag_of
from aimusicverse.server.distributions.states import ENDED, Step
from aimusicverse.server.distributions.submitting import Asked
from aimusicverse.server.problems import Refusal
from aimusicverse.server.security.principal import Owner, Principal
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.tracks import service as tracks
from aimusicverse.types import Distribution, DistributionUpdate
from aimusicverse.types.release import Release

#: What an edit of a column is called.
_NAMES: Final = {"release": "metadata", "release_at": "release_at", "artwork_id": "artwork_id"}
#: A date that is moved says when people hear these.
_ON_ITS_WAY: Final = frozenset({"queued", "validating", "uploading", "processing", "scheduled"})


def update(
    tx: Transaction,
    owner: Owner,
    principal: Principal,
    distribution_id: str,
    body: DistributionUpdate,
    expected: str | None,
) -> Distribution:
    """Change what is asked for. Nothing new is no change: the revision stays, and nobody is told.

    Raises:
        Refusal: `version_conflict`; `distribution_state`: all of it has ended; `date_with_store`;
            `live_key_needed`; `scope_missing`: something would be sent; `track_not_found`,
            `artwork_not_found`, `artwork_not_ready`, `platform_unreachable`, `invalid_request`.
    """
    row = queries.row(tx, owner, distribution_id)
    submitting.require_live(principal, row.mode)
    versions.check(expected, etag_of(row))
    rows = queries.deliveries(tx, owner, distribution_id)
    if all(one.status in ENDED for one in rows):
        raise Refusal("distribution_state", f"The distribution is {row.status}: it changes no more.")
    old_ids = queries.track_ids(tx, owner, distribution_id)
    release, release_at, track_ids = _as_asked(row, old_ids, body)
    if "artwork_id" in body.model_fields_set:
        artwork_id = body.artwork_id
        cover = release.cover.model_copy(update={"artwork_id": artwork_id})
        release = release.model_copy(update={"cover": cover})
    else:
        artwork_id = release.cover.artwork_id or row.artwork_id
    if artwork_id is not None and artwork_id != row.artwork_id:
        artworks.require_finished(tx, owner, artwork_id)
    if track_ids != old_ids:
        tracks.durations(tx, owner, track_ids)
    values = {"release": submitting.dumped(release), "release_at": release_at, "artwork_id": artwork_id}
    changes = {name: value for name, value in values.items() if getattr(row, name) != value}
    added, removed = _other_stores(row, rows, body)
    if not changes and not added and not removed:
        return queries.get(tx, owner, distribution_id)
    if "release_at" in changes:
        if any(one.status in _ON_ITS_WAY for one in rows):
            principal.require("distributions:publish")
        _move_date(tx, owner, rows)
    if changes:
        changes["revision"] = row.revision + 1
        _look_through_again(tx, rows)
    changes |= {"version": row.version + 1, "title": submitting.title_of(release)}
    queries.change(tx, owner, distribution_id, **changes)
    queries.set_tracks(tx, owner, distribution_id, track_ids)
    for one in removed:
        queries.delete_delivery(tx, one.id)
    is_draft = all(one.status == "draft" for one in rows)
    if added and not is_draft:
        principal.require("distributions:publish")  # it is sent there
    for platform in added:
        asked = Asked(release, release_at, track_ids, added, row.via, row.mode)
        status = "draft" if is_draft else "queued"
        delivery_id = submitting.insert_delivery(tx, owner, distribution_id, asked, platform, status)
        if not is_draft:
            starting.begin(tx, owner, delivery_id)
    told = [_NAMES[name] for name in values if name in changes] + ["platforms"] * bool(added or removed)
    message = f"Edited: {', '.join(told)}."
    return telling.of_all(tx, owner, distribution_id, "edited", message, details={"fields": told})


def _as_asked(
    row: Any, old_ids: list[str], body: DistributionUpdate
) -> tuple[Release, datetime | None, list[str]]:
    """The release, its moment and its tracks, after the edit."""
    before = Release.model_validate(row.release)
    release, track_ids = before, old_ids
    if body.metadata is not None:
        release = submitting.storable(body.metadata)
        own = service.track_ids_of(release, ())
        if not own and len(release.tracks) == len(old_ids):
            own = dict(enumerate(old_ids))
        release = submitting.with_tracks(release, own)
        track_ids = [own[number] for number in range(len(own))]
    if "release_at" in body.model_fields_set:
        if body.release_at is None:
            release = release.model_copy(update={"release_at": None})
        return *asked_for(release, body.release_at), track_ids
    if release.release_at is None:
        # A whole release without a date keeps the one that there is: it must not go out at once unasked.
        kept = {"release_at": before.release_at, "as_soon_as_possible": before.as_soon_as_possible}
        kept["time_zone"] = release.time_zone or before.time_zone
        return release.model_copy(update=kept), row.release_at, track_ids
    return *asked_for(release, None), track_ids


def _other_stores(row: Any, rows: Any, body: DistributionUpdate) -> tuple[list[str], list[Any]]:
    """Which stores come, and the deliveries that go."""
    if body.platforms is None:
        return [], []
    wanted = submitting.reachable(body.platforms, row.via, row.mode)
    removed = [one for one in rows if one.platform not in wanted]
    sent = [one for one in removed if one.journal or one.delivered_revision or one.status == "uploading"]
    if sent:
        names = ", ".join(one.platform for one in sent)
        detail = f"It went to {names} already: cancel it there (`POST …/cancel`), or take it down."
        raise Refusal("distribution_state", detail)
    there = {one.platform for one in rows}
    return [name for name in wanted if name not in there], removed


def _look_through_again(tx: Transaction, rows: Any) -> None:
    """What was looked through, and is not being sent yet, is looked through anew."""
    for one in rows:
        if one.status in ("queued", "validating") and one.step in (Step.ARTWORK, Step.DELIVER):
            queries.change_delivery(tx, one.id, step=Step.VALIDATE)


def _move_date(tx: Transaction, owner: Owner, rows: Any) -> None:
    """Let whoever has the old date already have the new one, where that can be.

    Raises:
        Refusal: `date_with_store`: it cannot; `distribution_state`: people hear it already.
    """
    out = [one.platform for one in rows if one.status == "live"]
    if out:
        raise Refusal("distribution_state", f"{', '.join(out)} has it out already: its date is past.")
    with_store = [one for one in rows if one.status in ("uploading", "processing", "scheduled")]
    fixed = [one.platform for one in with_store if one.connector == "package"]
    if fixed:
        detail = f"{', '.join(fixed)} has the date already, and releases by itself."
        raise Refusal("date_with_store", detail)
    for one in rows:
        if one.status == "paused" and one.paused_from == Step.WAIT:
            queries.change_delivery(tx, one.id, paused_from=Step.DELIVER)
        if one.connector == "api" and one.status in ("processing", "scheduled"):
            queries.change_delivery(tx, one.id, step=Step.DELIVER, attempts=0, next_attempt_at=None)
            starting.begin(tx, owner, one.id)
