"""The releases that the receivers have: what counts in the end, and for whom tests count."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from aimusicverse.sandbox.surroundings import Surroundings

Stands = Literal["processing", "ready", "live", "rejected", "taken_down"]
_STORE: Final = "ddex"


def standing_of(record: dict[str, Any], now: datetime) -> Stands:
    """Where a release stands at a moment."""
    if record["refused"]:
        return "rejected"
    if now < datetime.fromisoformat(record["taken_at"]):
        return "processing"
    if record["ends"] is not None and datetime.fromisoformat(record["ends"]) <= now:
        return "taken_down"
    if record["begins"] is None or now < datetime.fromisoformat(record["begins"]):
        return "ready"
    return "live"


def streams_of(record: dict[str, Any], now: datetime) -> int:
    """How often it was heard: each release has its own steady public, counted by the hour."""
    if record["refused"] or record["begins"] is None:
        return 0
    since = live_at(record)
    until = now if record["ends"] is None else min(now, datetime.fromisoformat(record["ends"]))
    hours = max((until - since) // timedelta(hours=1), 0)
    return hours * (1 + zlib.crc32(record["release"].encode()) % 40)


def live_at(record: dict[str, Any]) -> datetime:
    """From when people hear it: when it begins, or when it was reviewed, if that was later."""
    return max(datetime.fromisoformat(record["begins"]), datetime.fromisoformat(record["taken_at"]))


def releases(surroundings: Surroundings) -> list[dict[str, Any]]:
    """All of all receivers: `store`, `account`, `external_id`, `title`, `upc`, `isrcs`, `status`,
    `received_at` and `live_at` (ISO 8601 or `None`), `streams`, `times_received` (accepted batches).
    """
    now = surroundings.now()
    found = []
    for record in surroundings.state.all(_STORE, "release").values():
        stands = standing_of(record, now)
        was_out = stands in ("live", "taken_down") and record["begins"] is not None
        found.append({
            "store": record["store"], "account": record["account"], "external_id": record["release"],
            "title": record["title"], "upc": record["release"], "isrcs": record["isrcs"], "status": stands,
            "received_at": record["received_at"],
            "live_at": live_at(record).isoformat() if was_out else None,
            "streams": streams_of(record, now) if was_out else 0,
            "times_received": record["times_received"],
        })  # fmt: skip
    return found
