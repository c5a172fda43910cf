"""Where a release stands with its receiver at a moment, and how often it was heard by then."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta
from typing import Any, Literal

Stands = Literal["processing", "ready", "live", "rejected", "taken_down"]


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


def live_at(record: dict[str, Any], now: datetime) -> datetime | None:
    """From when people heard it: when it began, or when it was reviewed, if that was later; `None`: never."""
    if standing_of(record, now) not in ("live", "taken_down") or record["begins"] is None:
        return None
    return max(datetime.fromisoformat(record["begins"]), datetime.fromisoformat(record["taken_at"]))


def streams_of(record: dict[str, Any], now: datetime) -> int:
    """How often it was heard: each release has its own steady public, counted by the hour."""
    since = live_at(record, now)
    if since is None:
        return 0
    until = now if record["ends"] is None else min(now, datetime.fromisoformat(record["ends"]))
    hours = max((until - since) // timedelta(hours=1), 0)
    return hours * (1 + zlib.crc32(record["release"].encode()) % 40)
