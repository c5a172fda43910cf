"""What a key may do: the words of the contract, and the one that stands apart."""

from __future__ import annotations

from typing import Final, get_args

from aimusicverse.types.api_key import Scope

#: All of them.
SCOPES: Final[tuple[str, ...]] = get_args(Scope)
#: Sees to the whole server: users, their tiers, its state. Only a user who is an admin can have it.
ADMIN: Final = "admin"
