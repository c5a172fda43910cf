"""The SQL of distributions, their deliveries and their history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from aimusicverse.server.distributions.shown import to_distribution, to_event, to_track_distribution
from aimusicverse.server.ids import new_id
from aimusicverse.server.problems import NotFound
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.prepared import Prepared
from aimusicverse.server.store.tables import (
    distribution,
    distribution_event,
    distribution_track,
    store_delivery,
)
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.types import Distribution, DistributionEvent, TrackDistribution

_MINE = distribution.c.owner_id == sa.bindparam("owner")
_ONE = Prepared(sa.select(distribution).where(distribution.c.id == sa.bindparam("id"), _MINE))
_NEWEST = sa.select(distribution).where(_MINE).order_by(distribution.c.id.desc()).limit(sa.bindparam("limit"))
_INSERT = Prepared(sa.insert(distribution))
_CHANGE = Prepared(sa.update(distribution).where(distribution.c.id == sa.bindparam("of"), _MINE))
_INSERT_DELIVERY = Prepared(sa.insert(store_delivery))
_DELIVERIES = Prepared(
    sa.select(store_delivery)
    .where(
        store_delivery.c.distribution_id == sa.bindparam("distribution"),
        store_delivery.c.owner_id == sa.bindparam("owner"),
    )
    .order_by(store_delivery.c.id)
)
_DELIVERY = Prepared(sa.select(store_delivery).where(store_delivery.c.id == sa.bindparam("id")))
_CHANGE_DELIVERY = Prepared(sa.update(store_delivery).where(store_delivery.c.id == sa.bindparam("of")))
_TRACKS = Prepared(
    sa.select(distribution_track.c.track_id)
    .where(
        distribution_track.c.distribution_id == sa.bindparam("distribution"),
        distribution_track.c.owner_id == sa.bindparam("owner"),
    )
    .order_by(distribution_track.c.number)
)
_INSERT_EVENT = Prepared(sa.insert(distribution_event))


# -- distributions ----------------------------------------------------------------------------------


def insert(tx: Transaction, owner: Owner, distribution_id: str, **values: object) -> None:
    """Store a new one, without tracks and deliveries."""
    times = {"created_at": tx.now, "updated_at": tx.now}
    given = {"id": distribution_id, "owner_id": owner.id, "version": 1, "revision": 1, **times, **values}
    tx.execute(_INSERT, given)


def set_tracks(tx: Transaction, owner: Owner, distribution_id: str, track_ids: Sequence[str]) -> None:
    """Which tracks it has from now on, in their order."""
    tx.execute(sa.delete(distribution_track).where(distribution_track.c.distribution_id == distribution_id))
    rows = [
        {"distribution_id": distribution_id, "number": number, "owner_id": owner.id, "track_id": track_id}
        for number, track_id in enumerate(track_ids)
    ]
    if rows:
        tx.execute(sa.insert(distribution_track), rows)


def row(tx: Transaction, owner: Owner, distribution_id: str) -> Any:
    """One, as the table has it.

    Raises:
        NotFound: there is none of this owner's.
    """
    found = tx.one_or_none(_ONE, {"id": distribution_id, "owner": owner.id})
    if found is None:
        raise NotFound("distribution", distribution_id)
    return found


def get(tx: Transaction, owner: Owner, distribution_id: str) -> Distribution:
    """One, with its deliveries."""
    found = row(tx, owner, distribution_id)
    return to_distribution(
        found, deliveries(tx, owner, distribution_id), track_ids(tx, owner, distribution_id)
    )


def newest(
    tx: Transaction,
    owner: Owner,
    *,
    track_id: str | None,
    status: str | None,
    platform: str | None,
    mode: str | None,
    before: str | None,
    limit: int,
) -> list[Distribution]:
    """Distributions, newest first, from before the id `before` on."""
    query, parameters = _NEWEST, dict[str, object](owner=owner.id, limit=limit)
    for column, value in ((distribution.c.status, status), (distribution.c.mode, mode)):
        if value is not None:
            query = query.where(column == sa.bindparam(column.name))
            parameters[column.name] = value
    if before is not None:
        query = query.where(distribution.c.id < sa.bindparam("before"))
        parameters["before"] = before
    for table, column, value in (
        (distribution_track, distribution_track.c.track_id, track_id),
        (store_delivery, store_delivery.c.platform, platform),
    ):
        if value is not None:
            query = query.where(
                sa.exists(
                    sa.select(table.c.distribution_id).where(
                        table.c.distribution_id == distribution.c.id, column == sa.bindparam(column.name)
                    )
                )
            )
            parameters[column.name] = value
    rows = tx.all(query, parameters)
    if not rows:
        return []
    ids = [one.id for one in rows]
    of: dict[str, list[Any]] = {one: [] for one in ids}
    for one in tx.all(
        sa.select(store_delivery)
        .where(store_delivery.c.owner_id == owner.id, store_delivery.c.distribution_id.in_(ids))
        .order_by(store_delivery.c.id)
    ):
        of[one.distribution_id].append(one)
    tracks: dict[str, list[str]] = {one: [] for one in ids}
    for one in tx.all(
        sa.select(distribution_track)
        .where(distribution_track.c.owner_id == owner.id, distribution_track.c.distribution_id.in_(ids))
        .order_by(distribution_track.c.number)
    ):
        tracks[one.distribution_id].append(one.track_id)
    return [to_distribution(one, of[one.id], tracks[one.id]) for one in rows]


def of_track(
    tx: Transaction, owner: Owner, track_id: str, *, after: str | None, limit: int
) -> list[tuple[str, TrackDistribution]]:
    """Where a track stands, store by store, the newest distribution first: each with its mark, from after the
    mark `after` on."""
    having = sa.select(distribution_track.c.distribution_id).where(
        distribution_track.c.track_id == track_id, distribution_track.c.owner_id == owner.id
    )
    one = store_delivery.c
    query = sa.select(store_delivery).where(one.owner_id == owner.id, one.distribution_id.in_(having))
    if after is not None:
        distribution_id, _, delivery_id = after.partition(" ")
        same = sa.and_(one.distribution_id == distribution_id, one.id > delivery_id)
        query = query.where(sa.or_(one.distribution_id < distribution_id, same))
    rows = tx.all(query.order_by(one.distribution_id.desc(), one.id).limit(limit))
    return [(f"{row.distribution_id} {row.id}", to_track_distribution(row)) for row in rows]


def change(tx: Transaction, owner: Owner, distribution_id: str, **values: object) -> None:
    """Set some of its columns."""
    tx.execute(_CHANGE, {"of": distribution_id, "owner": owner.id, "updated_at": tx.now, **values})


def track_ids(tx: Transaction, owner: Owner, distribution_id: str) -> list[str]:
    """Its tracks, in their order."""
    rows = tx.all(_TRACKS, {"distribution": distribution_id, "owner": owner.id})
    return [one.track_id for one in rows]


# -- deliveries -------------------------------------------------------------------------------------


def insert_delivery(tx: Transaction, owner: Owner, distribution_id: str, **values: object) -> str:
    """Store a new one; its id."""
    delivery_id = new_id("sdl")
    nothing = dict.fromkeys(
        ("external_id", "external_url", "problem", "next_attempt_at", "streams", "progress", "paused_from",
         "delivered_revision")
    )  # fmt: skip
    given = {
        "id": delivery_id,
        "distribution_id": distribution_id,
        "owner_id": owner.id,
        "journal": "",
        "attempts": 0,
        "updated_at": tx.now,
        **nothing,
        **values,
    }
    tx.execute(_INSERT_DELIVERY, given)
    return delivery_id


def delivery(tx: Transaction, delivery_id: str) -> Any | None:
    """One, whoever's it is: for its job."""
    return tx.one_or_none(_DELIVERY, {"id": delivery_id})


def deliveries(tx: Transaction, owner: Owner, distribution_id: str) -> Sequence[Any]:
    """Those of a distribution, in the order in which they were asked for."""
    return tx.all(_DELIVERIES, {"distribution": distribution_id, "owner": owner.id})


def change_delivery(tx: Transaction, delivery_id: str, **values: object) -> None:
    """Set some of its columns, and note when."""
    tx.execute(_CHANGE_DELIVERY, {"of": delivery_id, "updated_at": tx.now, **values})


def note(tx: Transaction, delivery_id: str, **values: object) -> None:
    """Set columns that are no news: its journal, how far an upload is."""
    tx.execute(_CHANGE_DELIVERY, {"of": delivery_id, **values})


def delete_delivery(tx: Transaction, delivery_id: str) -> None:
    """Remove one of which nothing was sent."""
    tx.execute(sa.delete(store_delivery).where(store_delivery.c.id == delivery_id))


def waiting_for_an_account(tx: Transaction, owner: Owner, platform: str, mode: str) -> list[Any]:
    """Deliveries that went no further because of the account."""
    query = sa.select(store_delivery).where(
        store_delivery.c.owner_id == owner.id,
        store_delivery.c.status == "action_required",
        store_delivery.c.platform == platform,
        store_delivery.c.mode == mode,
    )
    return [one for one in tx.all(query) if (one.problem or {}).get("kind") == "auth"]


def by_external_id(tx: Transaction, owner: Owner, platform: str, mode: str, external_id: str) -> list[Any]:
    """Deliveries that a store knows by this id."""
    query = sa.select(store_delivery).where(
        store_delivery.c.platform == platform,
        store_delivery.c.external_id == external_id,
        store_delivery.c.owner_id == owner.id,
        store_delivery.c.mode == mode,
    )
    return list(tx.all(query))


# -- history ----------------------------------------------------------------------------------------


def insert_event(
    tx: Transaction,
    owner: Owner,
    distribution_id: str,
    *,
    platform: str | None,
    type: str,
    status: str | None,
    message: str,
    details: dict[str, Any],
) -> None:
    """Add a line to its history."""
    tx.execute(
        _INSERT_EVENT,
        {
            "id": new_id("dse"),
            "distribution_id": distribution_id,
            "owner_id": owner.id,
            "platform": platform,
            "type": type,
            "status": status,
            "message": message[:1000],
            "details": details,
            "at": tx.now,
        },
    )


def history(
    tx: Transaction, owner: Owner, distribution_id: str, *, after: str | None, limit: int
) -> list[DistributionEvent]:
    """Lines of its history, the oldest first, from after the id `after` on."""
    query = sa.select(distribution_event).where(
        distribution_event.c.distribution_id == distribution_id, distribution_event.c.owner_id == owner.id
    )
    if after is not None:
        query = query.where(distribution_event.c.id > after)
    rows = tx.all(query.order_by(distribution_event.c.id).limit(limit))
    return [to_event(one) for one in rows]
