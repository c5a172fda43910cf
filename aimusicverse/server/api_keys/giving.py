"""A key cannot give what it does not have: not scopes, not live work, not a longer life than its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from aimusicverse.server.api_keys import queries
from aimusicverse.server.problems import Refusal
from aimusicverse.server.security.authenticator import scopes_of
from aimusicverse.server.security.principal import Principal
from aimusicverse.server.store.transaction import Transaction


class Giver(NamedTuple):
    """What the key that is being used has to give, as it stands in this transaction."""

    scopes: frozenset[str]
    mode: str
    expires_at: datetime | None

    def check(self, scopes: Iterable[str], mode: str, expires_at: datetime | None) -> None:
        """See that a key may be made, or widened, to have this.

        Raises:
            Refusal: `scope_missing`, which names what the giver lacks; `grant_exceeded`.
        """
        missing = sorted(set(scopes) - self.scopes)
        if missing:
            named = ", ".join(missing)
            raise Refusal("scope_missing", f"A key cannot give what it does not have; yours lacks {named}.")
        if mode == "live" and self.mode != "live":
            raise Refusal("grant_exceeded", "A test key cannot make, widen or rotate a live key.")
        if self.expires_at is not None and (expires_at is None or expires_at > self.expires_at):
            raise Refusal(
                "grant_exceeded",
                f"Your key ends at {self.expires_at:%Y-%m-%dT%H:%M:%SZ}: it cannot let another live longer.",
            )

    def capped(self, expires_at: datetime | None) -> datetime | None:
        """That time, or the giver's own end if it comes sooner."""
        if self.expires_at is None:
            return expires_at
        return self.expires_at if expires_at is None else min(expires_at, self.expires_at)


def giver(tx: Transaction, principal: Principal) -> Giver:
    """The key by which this call was made, read anew: it may just have lost something.

    Raises:
        Refusal: it was revoked meanwhile.
    """
    row = queries.find(tx, principal.key_id)
    if row is None or row.revoked_at is not None:
        raise Refusal("api_key_revoked")
    return Giver(scopes_of(row), row.mode, row.expires_at)
