"""Accepts distributions: what is kept, which stores are asked, which rule keeps a release from one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from aimusicverse.platforms import table
from aimusicverse.release.outlets import OUTLETS
from aimusicverse.server.distributions import queries, service, starting, store_problem, telling
from aimusicverse.server.distributions.judging import Judged
from aimusicverse.server.distributions.release_moment import asked_for
from aimusicverse.server.distributions.states import Action, Step
from aimusicverse.server.ids import new_id
from aimusicverse.server.problems import Refusal, shortened
from aimusicverse.server.security.principal import Owner, Principal
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.tracks import service as tracks
from aimusicverse.types import Distribution, DistributionCreate, FieldError, ValidationReport
from aimusicverse.types.release import Release

_LONGEST_TITLE: Final = 300


class Asked(NamedTuple):
    """A release that is asked for, as far as it can be told without the database.

    Args:
        release: with its moment, tracks and cover.
        release_at: from when people may hear it, UTC.
        track_ids: of the recordings, in their order.
        platforms: stores, each once.
        via: who brings it there.
        mode: `sandbox` or `live`.
    """

    release: Release
    release_at: datetime | None
    track_ids: list[str]
    platforms: list[str]
    via: str | None
    mode: str


def asked(body: DistributionCreate, principal: Principal) -> Asked:
    """What a request means.

    Raises:
        Refusal: `live_key_needed`; `platform_unreachable`; `invalid_request`: an unknown store or
            distributor, a file, no track for a recording, no moment.
    """
    require_live(principal, body.mode)
    platforms = reachable(body.platforms, body.via, body.mode)
    release = storable(body.metadata)
    track_ids = service.track_ids_of(release, body.track_ids)
    release, release_at = asked_for(release, body.release_at)
    release = with_artwork(release, body.artwork_id)
    release = with_tracks(release, track_ids)
    return Asked(
        release, release_at, [track_ids[n] for n in range(len(track_ids))], platforms, body.via, body.mode
    )


def create(
    tx: Transaction, owner: Owner, body: DistributionCreate, asked: Asked, judged: Judged
) -> Distribution:
    """Accept it: its rows, and a job for each store that it goes to.

    Args:
        tx: of the call.
        owner: whose it is.
        body: as it was asked for.
        asked: what that means.
        judged: what rules and prices say of it.

    Raises:
        Refusal: `track_not_found`: it was deleted just now; `release_refused`: all or nothing was asked for.
    """
    tracks.durations(tx, owner, asked.track_ids)
    if body.all_or_nothing and judged.report is not None:
        _refuse_blocked(judged.report, asked.platforms)
    distribution_id = new_id("dst")
    queries.insert(
        tx,
        owner,
        distribution_id,
        mode=asked.mode,
        status="draft" if body.draft else "queued",
        title=title_of(asked.release),
        release=dumped(asked.release),
        via=asked.via,
        artwork_id=judged.artwork_id,
        release_at=asked.release_at,
        quote=None if judged.quote is None else judged.quote.model_dump(mode="json"),
        submitted_at=None if body.draft else tx.now,
        completed_at=None,
    )
    queries.set_tracks(tx, owner, distribution_id, asked.track_ids)
    for platform in asked.platforms:
        insert_delivery(tx, owner, distribution_id, asked, platform, "draft" if body.draft else "queued")
    if body.draft:
        return telling.of_all(
            tx, owner, distribution_id, "created", f"A draft for {_names(asked.platforms)}."
        )
    return _submitted(tx, owner, distribution_id, judged, asked.platforms)


def submit(
    tx: Transaction, owner: Owner, distribution_id: str, platforms: list[str], revision: int, judged: Judged
) -> Distribution:
    """Send a draft.

    Args:
        tx: of the call.
        owner: whose it is.
        distribution_id: `dst_…`.
        platforms: which of its stores; those that are drafts.
        revision: of the release that was judged.
        judged: what rules say of it.

    Raises:
        Refusal: `distribution_state`: one of them is no draft any more; `version_conflict`: it was edited
            just now.
    """
    row = queries.row(tx, owner, distribution_id)
    if row.revision != revision:
        raise Refusal("version_conflict")
    tracks.durations(tx, owner, queries.track_ids(tx, owner, distribution_id))
    for one in queries.deliveries(tx, owner, distribution_id):
        if one.platform in platforms:
            if one.status != "draft":
                raise not_possible(Action.SUBMIT, [one])
            queries.change_delivery(tx, one.id, status="queued", step=Step.VALIDATE)
    queries.change(tx, owner, distribution_id, submitted_at=row.submitted_at or tx.now)
    return _submitted(tx, owner, distribution_id, judged, platforms)


def _submitted(
    tx: Transaction, owner: Owner, distribution_id: str, judged: Judged, platforms: Sequence[str]
) -> Distribution:
    message = f"To be delivered to {_names(platforms)}."
    now = telling.of_all(tx, owner, distribution_id, "submitted", message, event="distribution.submitted")
    for one in queries.deliveries(tx, owner, distribution_id):
        if one.platform not in platforms:
            continue
        broken = judged.report and store_problem.of_rules(judged.report, one.platform, now.revision)
        if broken:
            queries.change_delivery(tx, one.id, status="failed", step=Step.VALIDATE, problem=broken)
            telling.of_one(
                tx, owner, one, "failed", broken["message"], status="failed", details={"code": broken["code"]}
            )
        else:
            starting.first(tx, owner, one.id)
    return queries.get(tx, owner, distribution_id)


def insert_delivery(
    tx: Transaction, owner: Owner, distribution_id: str, asked: Asked, platform: str, status: str
) -> str:
    """A row for one store; its id."""
    return queries.insert_delivery(
        tx,
        owner,
        distribution_id,
        platform=platform,
        mode=asked.mode,
        connector=kind_of(platform, asked.via),
        status=status,
        step=Step.VALIDATE,
    )


# -- what a request may say -------------------------------------------------------------------------


def require_live(principal: Principal, mode: str) -> None:
    """See that a test key stays in the sandbox.

    Raises:
        Refusal: `live_key_needed`.
    """
    if mode == "live" and principal.mode != "live":
        raise Refusal("live_key_needed")


def reachable(platforms: Sequence[str], via: str | None, mode: str) -> list[str]:
    """The stores, each once, if something brings a release to all of them from here.

    Raises:
        Refusal: `invalid_request`: an unknown one; `platform_unreachable`: nothing brings it there.
    """
    stores = [one.id for one in OUTLETS.values() if one.kind == "store"]
    if via is not None and (via not in OUTLETS or OUTLETS[via].kind != "distributor"):
        there = [one.id for one in OUTLETS.values() if one.kind == "distributor"]
        raise service.unknown("via", "distributor", via, there)
    for place, name in enumerate(platforms):
        if name not in stores:
            raise service.unknown(f"platforms[{place}]", "store", name, stores)
        found = table.route(name, via)
        if found is None or (mode == "live" and found.live == "not_possible"):
            known = [one for one in stores if table.route(one, via) is not None]
            message = f"nothing brings a release to {name} from here"
            hint = f"name a distributor in via; without one: {', '.join(known)}"
            error = FieldError(field=f"platforms[{place}]", code="no_route", message=message, hint=hint)
            raise Refusal("platform_unreachable", f"platforms[{place}]: {message}", errors=[error])
    return list(dict.fromkeys(platforms))


def kind_of(platform: str, via: str | None) -> str:
    """By what kind of connector a release gets there."""
    found = table.route(platform, via)
    return "kit" if found is None else found.kind


def storable(release: Release) -> Release:
    """The same, if a database takes it and it names no files.

    Raises:
        Refusal: `invalid_request`.
    """
    service.refuse_files(release)
    for text in _texts(dumped(release)):
        if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
            message = f"a character that is none is in {shortened(text)}"
            error = FieldError(field="metadata", code="text", message=message, hint="Write it anew.")
            raise Refusal("invalid_request", f"metadata: {message}", errors=[error])
    return release


def with_artwork(release: Release, artwork_id: str | None) -> Release:
    """The release with the cover that was named beside it.

    Raises:
        Refusal: `invalid_request`: it names another one itself.
    """
    if artwork_id is None:
        return release
    if release.cover.artwork_id not in (None, artwork_id):
        message = "artwork_id says another one"
        error = FieldError(field="metadata.cover.artwork_id", code="contradiction", message=message)
        raise Refusal("invalid_request", f"metadata.cover.artwork_id: {message}", errors=[error])
    cover = release.cover.model_copy(update={"artwork_id": artwork_id})
    return release.model_copy(update={"cover": cover})


def with_tracks(release: Release, track_ids: dict[int, str]) -> Release:
    """The release with a track of this server for each of its recordings.

    Raises:
        Refusal: `invalid_request`: one has none, so there is no sound.
    """
    lacking = [number for number in range(len(release.tracks)) if number not in track_ids]
    if lacking:
        errors = [
            FieldError(
                field=f"metadata.tracks[{number}].track_id",
                code="missing",
                message="there is no sound for it",
                hint="Name a track of yours here, or all of them in track_ids.",
            )
            for number in lacking[:100]
        ]
        raise Refusal("invalid_request", f"{errors[0].field}: {errors[0].message}", errors=errors)
    recordings = [
        recording.model_copy(update={"track_id": track_ids[number]})
        for number, recording in enumerate(release.tracks)
    ]
    return release.model_copy(update={"tracks": recordings})


def dumped(release: Release) -> dict[str, Any]:
    """The release as its row keeps it: in the long form, without what is not said."""
    return release.model_dump(mode="json", exclude_none=True)


def title_of(release: Release) -> str:
    """Its title, as short as its column."""
    return release.title[:_LONGEST_TITLE]


def not_possible(action: Action, rows: Sequence[Any]) -> Refusal:
    """An action that these do not allow as they stand."""
    how = ", ".join(f"{one.platform} is {one.status}" for one in rows[:10]) or "there is no such store"
    return Refusal("distribution_state", f"There is nothing to {action}: {how}.")


def _refuse_blocked(report: ValidationReport, platforms: Sequence[str]) -> None:
    blocked = [one for one in platforms if store_problem.of_rules(report, one, 1)]
    if blocked:
        detail = f"{_names(blocked)} would not take it, so nothing was sent."
        raise Refusal("release_refused", detail, errors=store_problem.errors_of(report))


def _names(platforms: Sequence[str]) -> str:
    return ", ".join(OUTLETS[one].name if one in OUTLETS else one for one in platforms)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield str(name)
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
