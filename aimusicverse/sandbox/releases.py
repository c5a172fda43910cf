"""What a stand-in store has, in the words of all of them: by it one counts whether a release came once."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class SandboxRelease:
    """One release, track or video in a stand-in store.

    Args:
        store: `soundcloud`, `youtube_music`, `spotify`, `ddex`, `ddex_43`, `apple_music`.
        account: whose it is there.
        external_id: the store's own id.
        title: as it was delivered.
        upc: of the release, where it was told.
        isrcs: of its tracks, where they were told.
        status: `processing`, `ready`, `live`, `rejected`, `failed` or `taken_down`.
        received_at: when it came first, server time.
        live_at: since when people could hear it.
        streams: how often it was heard.
        times_received: how often it was delivered; updates count.
    """

    store: str
    account: str
    external_id: str
    title: str
    upc: str | None
    isrcs: tuple[str, ...]
    status: str
    received_at: datetime
    live_at: datetime | None
    streams: int
    times_received: int

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self) | {
            "isrcs": list(self.isrcs),
            "received_at": self.received_at.isoformat(),
            "live_at": self.live_at.isoformat() if self.live_at else None,
        }
