"""What a key may do."""

from __future__ import annotations

SCOPES = (
    "generate:write",
    "generate:read",
    "tracks:read",
    "tracks:write",
    "playlists:read",
    "playlists:write",
    "webhooks:read",
)
