"""Tracks and playlists as the stand-in keeps them. How far one is follows from the clock."""

from __future__ import annotations

import re
import sqlite3
import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from aimusicverse.sandbox.state import get, put
from aimusicverse.sandbox.surroundings import Surroundings

STORE: Final = "soundcloud"
Record = dict[str, Any]

#: Fields of a track that its owner writes, and whether they are true or false.
TRACK_FIELDS: Final[dict[str, type]] = {
    "title": str, "permalink": str, "sharing": str, "embeddable_by": str, "purchase_url": str,
    "description": str, "genre": str, "tag_list": str, "label_name": str, "release": str, "release_date": str,
    "streamable": bool, "downloadable": bool, "license": str, "commentable": bool, "reveal_stats": bool,
    "reveal_comments": bool, "isrc": str,
}  # fmt: skip
PLAYLIST_FIELDS: Final = frozenset(
    [
        "title",
        "description",
        "sharing",
        "ean",
        "genre",
        "label_name",
        "license",
        "permalink",
        "permalink_url",
        "purchase_title",
        "purchase_url",
        "release",
        "release_date",
        "set_type",
        "tag_list",
    ]
)
ONE_OF: Final[dict[str, frozenset[str]]] = {
    "sharing": frozenset({"public", "private"}),
    "embeddable_by": frozenset({"all", "me", "none"}),
    "license": frozenset(
        [
            "no-rights-reserved",
            "all-rights-reserved",
            "cc-by",
            "cc-by-nc",
            "cc-by-nd",
            "cc-by-sa",
            "cc-by-nc-nd",
            "cc-by-nc-sa",
        ]
    ),
    "set_type": frozenset({"album", "playlist"}),
}
_LONGEST_TEXT: Final = 64 * 1024
_FIRST_NUMBER: Final = 2_000_000_000
#: Plays in an hour, at least and at most.
_FEWEST_PLAYS, _MORE_PLAYS = 5, 40


class NotTaken(Exception):
    """422: the description of the API does not allow it, or the store does not want it."""


def checked(given: Mapping[str, Any], known: Mapping[str, type]) -> Record:
    """What may be written of a track or playlist; `<` and `>` become blanks (soundcloud/api, issue 227).

    Raises:
        NotTaken: 422.
    """
    kept: Record = {}
    for name, value in given.items():
        if name not in known or value is None:
            continue
        kept[name] = _as_boolean(name, value) if known[name] is bool else _as_text(name, value)
    if "title" in kept and not kept["title"].strip():
        raise NotTaken("title can't be blank")
    if "release_date" in kept and not re.match(r"\d{4}-\d\d-\d\d", kept["release_date"]):
        raise NotTaken("release_date is not a date")
    return kept


def new_track(
    connection: sqlite3.Connection, surroundings: Surroundings, account: str, fields: Record, asset: Record
) -> Record:
    """Keep one; how long it is looked at, and whether it is taken, is written down with it."""
    number = _number(connection)
    now = surroundings.now()
    record: Record = {
        "urn": f"soundcloud:tracks:{number}",
        "number": number,
        "account": account,
        "created_at": now.isoformat(),
        "reviewed_at": (now + surroundings.review).isoformat(),
        "rejected": None,
        "public_at": None,
        "deleted_at": None,
        "asset": asset,
        "artwork": None,
        "fields": {
            "sharing": "public", "license": "all-rights-reserved", "embeddable_by": "all", "streamable": True,
            "downloadable": True, "commentable": True, "reveal_stats": True, "reveal_comments": True,
            "tag_list": "", "genre": "",
        } | fields,
    }  # fmt: skip
    return _kept(connection, "track", record, now)


def new_playlist(
    connection: sqlite3.Connection, now: datetime, account: str, fields: Record, tracks: list[str]
) -> Record:
    """Keep one."""
    number = _number(connection)
    record: Record = {
        "urn": f"soundcloud:playlists:{number}",
        "number": number,
        "account": account,
        "created_at": now.isoformat(),
        "public_at": None,
        "deleted_at": None,
        "tracks": tracks,
        "fields": {"sharing": "public", "license": "all-rights-reserved", "tag_list": "", "genre": ""}
        | fields,
    }
    return _kept(connection, "playlist", record, now)


def changed(
    connection: sqlite3.Connection, kind: str, record: Record, fields: Record, now: datetime
) -> Record:
    """The same with other fields."""
    return _kept(connection, kind, record | {"fields": record["fields"] | fields}, now)


def deleted(connection: sqlite3.Connection, kind: str, record: Record, now: datetime) -> None:
    """Take one away; that there was one is remembered."""
    put(connection, STORE, kind, record["urn"], record | {"deleted_at": now.isoformat()})


def owned(connection: sqlite3.Connection, kind: str, urn: str, account: str) -> Record | None:
    """One of somebody's own; `None`: it is not there, or another's."""
    record = get(connection, STORE, kind, urn)
    return record if record and record["account"] == account and not record["deleted_at"] else None


def access_of(track: Record, now: datetime) -> str | None:
    """How far its owner may hear it: not yet known, `playable`, or `blocked`."""
    if track["reviewed_at"] is None or now < datetime.fromisoformat(track["reviewed_at"]):
        return None
    return "blocked" if track["rejected"] is not None else "playable"


def heard_since(track: Record, now: datetime) -> datetime | None:
    """Since when people can hear it; `None`: they cannot."""
    if access_of(track, now) != "playable" or track["public_at"] is None:
        return None
    return datetime.fromisoformat(max(track["public_at"], track["reviewed_at"]))


def plays_of(track: Record, now: datetime) -> int:
    """How often it was played: more with each hour, as many for one as never for another."""
    since = heard_since(track, now)
    if since is None:
        return 0
    an_hour = _FEWEST_PLAYS + zlib.crc32(track["urn"].encode()) % _MORE_PLAYS
    return int(an_hour * ((now - since) / timedelta(hours=1)))


def delayed(track: Record, seconds: float) -> Record:
    """The same, looked at for longer."""
    later = datetime.fromisoformat(track["reviewed_at"]) + timedelta(seconds=seconds)
    return track | {"reviewed_at": later.isoformat()}


def _kept(connection: sqlite3.Connection, kind: str, record: Record, now: datetime) -> Record:
    public = record["fields"]["sharing"] == "public"
    record = record | {"public_at": (record["public_at"] or now.isoformat()) if public else None}
    put(connection, STORE, kind, record["urn"], record)
    return record


def _number(connection: sqlite3.Connection) -> int:
    last = get(connection, STORE, "counter", "number") or {"last": _FIRST_NUMBER}
    put(connection, STORE, "counter", "number", {"last": last["last"] + 1})
    return int(last["last"]) + 1


def _as_boolean(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "1", "false", "0"):
        return value in ("true", "1")
    raise NotTaken(f"{name} is not included in the list")


def _as_text(name: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT or "\x00" in value:
        raise NotTaken(f"{name} is invalid")
    if name in ONE_OF and value not in ONE_OF[name]:
        raise NotTaken(f"{name} is not included in the list")
    return value.replace("<", " ").replace(">", " ")
