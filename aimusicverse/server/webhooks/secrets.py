"""Secrets of endpoints: minted, sealed at rest, one taking the place of another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, TypedDict

from aimusicverse.secret import Secret
from aimusicverse.server.store.sealed import Sealer
from aimusicverse.server.store.tables import microseconds
from aimusicverse.webhooks.keys import new_secret

#: What they are sealed for (`store/sealed.py`).
WEBHOOK_SECRETS: Final = "webhook"
#: Who rotates more often within one overlap signs with the newest of them.
MOST_AT_ONCE: Final = 5


class Kept(TypedDict):
    """A secret as it stands in the database."""

    sealed: str
    until: int | None  # microseconds since 1970, server time; None: no end


class Minted(NamedTuple):
    """A new secret, and what is stored of it."""

    secret: Secret
    sealed: str


def mint(sealer: Sealer) -> Minted:
    """A new one, and sealed."""
    secret = new_secret()
    return Minted(secret, sealer.seal(secret.get_secret_value()))


def rotated(kept: Sequence[Kept], sealed: str, *, now: datetime, overlap: timedelta) -> list[Kept]:
    """With a new secret in front. The one before it ends after `overlap`; older ones, when they would."""
    end = microseconds(now + overlap)
    before: list[Kept] = [
        {"sealed": one["sealed"], "until": end if one["until"] is None else min(one["until"], end)}
        for one in valid(kept, now)
    ]
    new: Kept = {"sealed": sealed, "until": None}
    return [new, *(valid(before, now) if overlap else [])][:MOST_AT_ONCE]


def valid(kept: Sequence[Any], now: datetime) -> list[Kept]:
    """Those with which messages are signed at `now`, the newest first."""
    moment = microseconds(now)
    return [one for one in kept if one["until"] is None or one["until"] > moment]
