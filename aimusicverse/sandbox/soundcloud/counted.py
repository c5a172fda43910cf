"""What is in the stand-in, counted: the witness of "exactly one release"."""

from __future__ import annotations

from datetime import datetime

from aimusicverse.sandbox.releases import SandboxRelease
from aimusicverse.sandbox.soundcloud.library import STORE, Record, access_of, heard_since, plays_of
from aimusicverse.sandbox.surroundings import Surroundings


def releases(surroundings: Surroundings) -> list[SandboxRelease]:
    """Playlists, and tracks that are in none, oldest first; those that were taken down too."""
    now = surroundings.now()
    tracks = surroundings.state.all(STORE, "track")
    playlists = surroundings.state.all(STORE, "playlist")
    within = {urn for one in playlists.values() for urn in one["tracks"]}
    found = [
        _counted(one, [tracks[urn] for urn in one["tracks"] if urn in tracks], now)
        for one in playlists.values()
    ]
    found += [_counted(one, [one], now) for urn, one in tracks.items() if urn not in within]
    return sorted(found, key=lambda one: one.received_at)


def _counted(record: Record, tracks: list[Record], now: datetime) -> SandboxRelease:
    # A playlist is heard when all of it can be.
    heard = [max(since, record["public_at"] or "") for since in _since(tracks, now)]
    live_at = max(heard) if heard and len(heard) == len(tracks) and record["public_at"] else None
    return SandboxRelease(
        store=STORE,
        account=record["account"],
        external_id=record["urn"],
        title=record["fields"]["title"],
        upc=record["fields"].get("ean"),
        isrcs=tuple(one["fields"]["isrc"] for one in tracks if one["fields"].get("isrc")),
        status=_status(record, tracks, live_at, now),
        received_at=datetime.fromisoformat(min(one["created_at"] for one in (record, *tracks))),
        live_at=datetime.fromisoformat(live_at) if live_at else None,
        streams=sum(plays_of(one, now) for one in tracks),
        times_received=1,
    )


def _since(tracks: list[Record], now: datetime) -> list[str]:
    return [since.isoformat() for one in tracks if (since := heard_since(one, now)) is not None]


def _status(record: Record, tracks: list[Record], live_at: str | None, now: datetime) -> str:
    if record["deleted_at"]:
        return "taken_down"
    access = [access_of(one, now) for one in tracks if not one["deleted_at"]]
    if "blocked" in access:
        return "rejected"
    if None in access:
        return "processing"
    return "live" if live_at else "ready"
