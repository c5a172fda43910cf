"""Tracks ask whether there is the artwork that they are to have. Apart from the service, which asks for
tracks."""

from __future__ import annotations

from aimusicverse.server.artwork import queries
from aimusicverse.server.problems import Refusal
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.transaction import Transaction


def require_finished(tx: Transaction, owner: Owner, artwork_id: str) -> None:
    """See that an artwork is this owner's, and has a picture.

    Raises:
        Refusal: `artwork_not_found`, `artwork_not_ready`.
    """
    found = queries.get(tx, owner, artwork_id)
    if found.status != "completed":
        raise not_ready(found.id, found.status)


def not_ready(artwork_id: str, status: str) -> Refusal:
    """There is no picture yet, or never will be."""
    detail = f"The artwork {artwork_id} is {status}: it has no picture" + (
        ", and gets none." if status == "failed" else " yet."
    )
    return Refusal("artwork_not_ready", detail)
