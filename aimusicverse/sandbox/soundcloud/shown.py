"""Tracks, playlists and accounts as the API shows them; what is not set is left out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from aimusicverse.sandbox.soundcloud.library import Record, access_of, plays_of

_TRACK = [
    "title",
    "description",
    "genre",
    "tag_list",
    "label_name",
    "release",
    "license",
    "commentable",
    "streamable",
    "downloadable",
    "embeddable_by",
    "purchase_url",
    "isrc",
    "sharing",
    "reveal_stats",
    "reveal_comments",
]
_PLAYLIST = [
    "title",
    "description",
    "genre",
    "tag_list",
    "label_name",
    "release",
    "license",
    "ean",
    "permalink",
    "purchase_title",
    "purchase_url",
    "sharing",
]


def track(record: Record, base: str, now: datetime) -> dict[str, Any]:
    """A track.

    Args:
        record: as it is kept.
        base: of addresses.
        now: server time.
    """
    fields = record["fields"]
    shown: dict[str, Any] = {
        "kind": "track",
        "urn": record["urn"],
        "uri": f"{base}/tracks/{record['urn']}",
        "permalink_url": f"{base}/listen/{record['number']}",
        "created_at": _moment(record["created_at"]),
        "duration": record["asset"]["duration_ms"],
        "playback_count": plays_of(record, now),
        "comment_count": 0,
        "download_count": 0,
        "favoritings_count": 0,
        "reposts_count": 0,
        "user_favorite": False,
        "access": access_of(record, now),
        "user": user(record["account"], base),
    }
    if record["artwork"]:
        shown["artwork_url"] = f"{base}/artwork/{record['number']}"
    return shown | {name: fields[name] for name in _TRACK if name in fields} | _day(fields)


def playlist(record: Record, tracks: Iterable[Record], base: str, now: datetime) -> dict[str, Any]:
    """A playlist, with those of its tracks that are given."""
    fields = record["fields"]
    within = [track(one, base, now) for one in tracks]
    shown: dict[str, Any] = {
        "kind": "playlist",
        "urn": record["urn"],
        "uri": f"{base}/playlists/{record['urn']}",
        "permalink_url": f"{base}/listen/{record['number']}",
        "created_at": _moment(record["created_at"]),
        "playlist_type": fields.get("set_type", "playlist"),
        "track_count": len(record["tracks"]),
        "duration": sum(one["duration"] for one in within),
        "likes_count": 0,
        "tracks": within,
        "user": user(record["account"], base),
    }
    return shown | {name: fields[name] for name in _PLAYLIST if name in fields} | _day(fields)


def user(account: str, base: str) -> dict[str, Any]:
    """Whose it is."""
    return {
        "kind": "user",
        "urn": f"soundcloud:users:{account}",
        "username": account,
        "permalink": account,
        "permalink_url": f"{base}/listen/{account}",
        "uri": f"{base}/users/{account}",
    }


def me(account: str, base: str) -> dict[str, Any]:
    """The account itself."""
    return user(account, base) | {
        "full_name": f"{account} (stand-in)",
        "plan": "Pro Unlimited",
        "primary_email_confirmed": True,
        "quota": {"unlimited_upload_quota": True, "upload_seconds_used": 0, "upload_seconds_left": None},
    }


def _moment(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y/%m/%d %H:%M:%S +0000")


def _day(fields: Record) -> dict[str, int]:
    if "release_date" not in fields:
        return {}
    try:
        day = date.fromisoformat(fields["release_date"][:10])
    except ValueError:
        return {}
    return {"release_year": day.year, "release_month": day.month, "release_day": day.day}
