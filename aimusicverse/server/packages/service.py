"""Decides which package is meant."""

from __future__ import annotations

from aimusicverse.server.distributions import parcel, queries
from aimusicverse.server.packages.packing import Wanted
from aimusicverse.server.problems import Refusal, shortened
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.transaction import Transaction


def wanted(tx: Transaction, owner: Owner, distribution_id: str, platform: str) -> Wanted:
    """What a distribution brings to a store.

    Raises:
        Refusal: `distribution_not_found`, `package_not_found`: it does not go to that store.
    """
    contents = parcel.contents(tx, owner, distribution_id)
    going = [row.platform for row in queries.deliveries(tx, owner, distribution_id)]
    if platform not in going:
        raise Refusal(
            "package_not_found",
            f"This distribution does not go to {shortened(platform)}, but to {', '.join(going)}.",
        )
    return Wanted(contents, platform)
