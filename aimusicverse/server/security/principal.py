"""Whom a call acts for, and what it may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aimusicverse.server.problems import Refusal
from aimusicverse.server.security.allowance import Allowance


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose rows a call may see."""

    id: str


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls: an owner, by which key, allowed what."""

    owner: Owner
    key_id: str
    key_name: str
    mode: str
    scopes: frozenset[str]
    expires_at: datetime | None
    #: The user's, whichever key he uses.
    allowance: Allowance

    def require(self, scope: str) -> None:
        """Raise `scope_missing` unless the key has `scope`."""
        if scope not in self.scopes:
            raise Refusal("scope_missing", f"This needs the scope {scope}, which the key does not have.")
