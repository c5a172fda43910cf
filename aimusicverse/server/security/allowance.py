"""How many calls a user may make, all his keys together: the figures of the tiers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aimusicverse.types import Quota, Quotas


@dataclass(frozen=True, slots=True)
class Allowance:
    """Calls in an hour and in a day; `None` is as many as one likes."""

    tier: str
    hour: int | None
    day: int | None


#: The tiers that have figures of their own. `local` is the embedded owner's.
TIERS: Final[dict[str, Allowance]] = {
    tier: Allowance(tier, hour, day)
    for tier, hour, day in (
        ("free", 10, 100),
        ("pro", 100, 5_000),
        ("enterprise", 1_000, 50_000),
        ("local", None, None),
    )
}
#: The tier whose figures are each user's own.
CUSTOM: Final = "custom"


def allowance_of(tier: str, hourly_limit: int | None, daily_limit: int | None) -> Allowance:
    """What a user of a tier may do; the limits count for `custom` alone. An unknown tier is the smallest."""
    if tier == CUSTOM:
        return Allowance(CUSTOM, hourly_limit, daily_limit)
    return TIERS.get(tier, TIERS["free"])


def all_of(allowance: Allowance) -> Quotas:
    """What is left of an allowance where nobody counts."""
    return Quotas(
        hour=Quota(limit=allowance.hour, remaining=allowance.hour),
        day=Quota(limit=allowance.day, remaining=allowance.day),
    )
