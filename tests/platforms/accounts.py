"""Accounts with stores, as connectors see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aimusicverse.platforms.base import DeliveryError
from aimusicverse.platforms.http import account_expired
from aimusicverse.secret import Secret


class FixedAccount:
    """Tokens in turn: the next one when the store has refused one. After the last: connect anew."""

    settings: Mapping[str, Any] = {}

    def __init__(self, *tokens: str) -> None:
        self.tokens = list(tokens)
        self.refreshed = 0

    def secret(self, name: str) -> Secret | None:
        return None

    def access_token(self, *, other_than: str | None = None) -> str:
        if other_than is not None and other_than == self.tokens[0]:
            if len(self.tokens) == 1:
                raise DeliveryError(account_expired("The store"))
            del self.tokens[0]
            self.refreshed += 1
        return self.tokens[0]
