"""Reads distributions."""

from __future__ import annotations

from typing import NamedTuple

from aimusicverse.server.distributions import queries
from aimusicverse.server.distributions.states import FINAL, Action
from aimusicverse.server.distributions.submitting import Asked, not_possible
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.types import Distribution, DistributionEvent
from aimusicverse.types.release import Release


class Draft(NamedTuple):
    """What is to be sent of a draft, and as of which edit."""

    asked: Asked
    revision: int


def get(tx: Transaction, owner: Owner, distribution_id: str) -> Distribution:
    """One, with its deliveries."""
    return queries.get(tx, owner, distribution_id)


def page(
    tx: Transaction,
    owner: Owner,
    track_id: str | None,
    status: str | None,
    platform: str | None,
    mode: str | None,
    before: str | None,
    limit: int,
) -> list[Distribution]:
    """One more than `limit`, if there are so many, newest first."""
    return queries.newest(
        tx, owner, track_id=track_id, status=status, platform=platform, mode=mode, before=before,
        limit=limit + 1,
    )  # fmt: skip


def history(
    tx: Transaction, owner: Owner, distribution_id: str, after: str | None, limit: int
) -> list[DistributionEvent]:
    """One more than `limit` lines, if there are so many, oldest first."""
    queries.row(tx, owner, distribution_id)
    return queries.history(tx, owner, distribution_id, after=after, limit=limit + 1)


def draft(tx: Transaction, owner: Owner, distribution_id: str, platforms: list[str]) -> Draft:
    """What is to be sent of a draft: to these stores, or to all that are drafts.

    Raises:
        NotFound: there is none.
        Refusal: `distribution_state`: there is nothing to send.
    """
    row = queries.row(tx, owner, distribution_id)
    rows = queries.deliveries(tx, owner, distribution_id)
    asked = [one for one in rows if not platforms or one.platform in platforms]
    drafts = [one.platform for one in asked if one.status == "draft"]
    if not drafts or (platforms and len(drafts) < len(set(platforms))):
        raise not_possible(Action.SUBMIT, [one for one in asked if one.status != "draft"])
    release = Release.model_validate(row.release)
    track_ids = queries.track_ids(tx, owner, distribution_id)
    return Draft(Asked(release, row.release_at, track_ids, drafts, row.via, row.mode), row.revision)


def is_settled(found: Distribution, *, until_live: bool) -> bool:
    """Whether nothing happens any more by itself, but for a date. What is paused settles nothing alone."""
    ends = FINAL - {"scheduled"} if until_live else FINAL
    statuses = [one.status for one in found.deliveries]
    return all(one in ends or one == "paused" for one in statuses) and any(one in ends for one in statuses)
