"""Channels: each account has one, and a playlist of all that it uploaded."""

from __future__ import annotations

import hashlib
from typing import Any


def channel_of(account: str) -> str:
    """Its id: `UC` and 22 letters."""
    return f"UC{hashlib.sha256(account.encode()).hexdigest()[:22]}"


def uploads_of(account: str) -> str:
    """The playlist of its uploads."""
    return f"UU{channel_of(account)[2:]}"


def shown(account: str, parts: list[str]) -> dict[str, Any]:
    """The resource."""
    every: dict[str, Any] = {
        "snippet": {"title": f"{account} (sandbox)", "customUrl": f"@{account}"},
        "contentDetails": {"relatedPlaylists": {"uploads": uploads_of(account)}},
        "status": {"privacyStatus": "public", "longUploadsStatus": "allowed"},
    }
    return {
        "kind": "youtube#channel",
        "id": channel_of(account),
        **{name: every[name] for name in parts if name in every},
    }
