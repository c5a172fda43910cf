"""Rows of distributions, as answers show them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any, Final

from aimusicverse.server.settings import PREFIX
from aimusicverse.types import (
    Distribution,
    DistributionEvent,
    Quote,
    StoreDelivery,
    StoreDeliveryProblem,
    TrackDistribution,
)

#: What of a problem is kept for ourselves.
_OWN: Final = ("kind", "revision", "step", "failures", "since")


def to_distribution(row: Any, deliveries: Sequence[Any], track_ids: list[str]) -> Distribution:
    """A distribution with its deliveries."""
    return Distribution(
        id=row.id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        etag=etag_of(row),
        mode=row.mode,
        status=row.status,
        title=row.title,
        metadata=row.release,
        platforms=[one.platform for one in deliveries],
        via=row.via,
        track_ids=track_ids,
        artwork_id=row.artwork_id,
        release_at=row.release_at,
        revision=row.revision,
        deliveries=[to_delivery(one) for one in deliveries],
        quote=None if row.quote is None else Quote.model_validate(row.quote),
        submitted_at=row.submitted_at,
    )


def etag_of(row: Any) -> str:
    """The tag of what a person edits. How its deliveries get on changes it not: nobody's edit is stale by
    that. With a digest: after a restore from a backup numbers are given again.
    """
    edited = json.dumps([row.release, str(row.release_at)], sort_keys=True)
    return f"{row.version}-{hashlib.sha256(edited.encode()).hexdigest()[:12]}"


def to_delivery(row: Any) -> StoreDelivery:
    """How far it is in one store."""
    problem = row.problem
    return StoreDelivery(
        platform=row.platform,
        connector=row.connector,
        mode=row.mode,
        status=row.status,
        external_id=row.external_id,
        external_url=row.external_url,
        problem=None if problem is None else to_problem(problem),
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        package_url=_package_url(row),
        streams=row.streams,
        progress=row.progress,
        updated_at=row.updated_at,
    )


def to_problem(kept: dict[str, Any]) -> StoreDeliveryProblem:
    """Why, without what is kept beside it."""
    return StoreDeliveryProblem(**{name: value for name, value in kept.items() if name not in _OWN})


def to_event(row: Any) -> DistributionEvent:
    """A line of history."""
    return DistributionEvent(
        id=row.id,
        at=row.at,
        platform=row.platform,
        type=row.type,
        status=row.status,
        message=row.message,
        details=row.details,
    )


def to_track_distribution(row: Any) -> TrackDistribution:
    """Where a track stands in one store."""
    return TrackDistribution(
        distribution_id=row.distribution_id,
        platform=row.platform,
        mode=row.mode,
        status=row.status,
        external_url=row.external_url,
        updated_at=row.updated_at,
    )


def _package_url(row: Any) -> str | None:
    """Where a person gets what he can hand over himself: always of kits and packages; of an API store once
    it was tried in vain."""
    if row.status == "draft":
        return None
    in_vain = row.status == "failed" and row.problem is not None and row.problem["retryable"]
    if row.connector not in ("kit", "package") and not in_vain:
        return None
    return f"{PREFIX}/distributions/{row.distribution_id}/packages/{row.platform}"
