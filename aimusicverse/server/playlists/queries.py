"""The SQL of playlists and their entries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from aimusicverse.server.problems import NotFound
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.settings import PREFIX
from aimusicverse.server.store.prepared import Prepared
from aimusicverse.server.store.tables import playlist
from aimusicverse.server.store.tables import playlist_entry as entry
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.versions import etag_of
from aimusicverse.types import Playlist, PlaylistCover


class Entry(NamedTuple):
    """A track in a playlist, wherever it stands there."""

    id: str
    track_id: str
    added_at: datetime
    milliseconds: int
    shown: int


class Placed(NamedTuple):
    """An entry where it stands."""

    entry: Entry
    place: int


class Cover(NamedTuple):
    """A picture as a playlist names it. The fields are the columns, less `cover_`."""

    sha256: str
    type: str
    width: int
    height: int
    size: int


class Head(NamedTuple):
    """What decisions need to know of a playlist."""

    etag: str
    respaced: int
    entry_count: int
    track_count: int


# What is run most is built once: building a statement costs more than running it.
_MINE = playlist.c.owner_id == sa.bindparam("owner")
_ONE = Prepared(sa.select(playlist).where(playlist.c.id == sa.bindparam("playlist"), _MINE))
_NEWEST = sa.select(playlist).where(_MINE).order_by(playlist.c.id.desc()).limit(sa.bindparam("limit"))
_INSERT = Prepared(sa.insert(playlist))
_THIS_ONE = (playlist.c.id == sa.bindparam("of")) & _MINE
_CHANGE = Prepared(
    sa.update(playlist)
    .where(_THIS_ONE)
    .values(
        version=playlist.c.version + 1,
        entry_count=playlist.c.entry_count + sa.bindparam("more_entries"),
        track_count=playlist.c.track_count + sa.bindparam("more_tracks"),
        milliseconds=playlist.c.milliseconds + sa.bindparam("more_milliseconds"),
    )
)
_RESPACED = sa.update(playlist).where(_THIS_ONE).values(respaced=playlist.c.respaced + 1)
_DELETE = sa.delete(playlist).where(_THIS_ONE)

_THIS = (entry.c.playlist_id == sa.bindparam("playlist")) & (entry.c.owner_id == sa.bindparam("owner"))
_SHOWN = entry.c.shown == 1
_ROWS = sa.select(
    entry.c.id, entry.c.track_id, entry.c.added_at, entry.c.milliseconds, entry.c.shown, entry.c.place
).where(_THIS)
_ALL = _ROWS.order_by(entry.c.place)
_AFTER = Prepared(
    _ROWS.where(_SHOWN, entry.c.place > sa.bindparam("after"))
    .order_by(entry.c.place)
    .limit(sa.bindparam("limit"))
)
_BELOW = Prepared(
    _ROWS.where(entry.c.place < sa.bindparam("border"))
    .order_by(entry.c.place.desc())
    .limit(sa.bindparam("limit"))
)
_FROM = Prepared(
    _ROWS.where(entry.c.place >= sa.bindparam("border")).order_by(entry.c.place).limit(sa.bindparam("limit"))
)
_BY_ID = _ROWS.where(_SHOWN, entry.c.id.in_(sa.bindparam("ids", expanding=True)))
_BY_TRACK = _ROWS.where(_SHOWN, entry.c.track_id.in_(sa.bindparam("ids", expanding=True)))
_PLACES = sa.select(entry.c.place).where(_THIS, _SHOWN).limit(1).offset(sa.bindparam("number"))
_NTH, _NTH_FROM_BEHIND = _PLACES.order_by(entry.c.place), _PLACES.order_by(entry.c.place.desc())
_PLACE_OF = sa.select(entry.c.place).where(_THIS, entry.c.id == sa.bindparam("entry"))
_INSERT_ENTRIES = sa.insert(entry)
_REMOVE = sa.delete(entry).where(_THIS, entry.c.id.in_(sa.bindparam("ids", expanding=True)))
_CLEAR = sa.delete(entry).where(_THIS)
_CLEAR_BETWEEN = _CLEAR.where(entry.c.place.between(sa.bindparam("first"), sa.bindparam("last")))
_OF_TRACK = (entry.c.track_id == sa.bindparam("of")) & (entry.c.owner_id == sa.bindparam("owner"))
_TOTALS_OF_TRACK = Prepared(
    sa.select(
        entry.c.playlist_id,
        sa.func.count().label("entries"),
        sa.func.sum(entry.c.milliseconds).label("milliseconds"),
    )
    .where(_OF_TRACK, entry.c.shown == sa.bindparam("now"))
    .group_by(entry.c.playlist_id)
    .order_by(entry.c.playlist_id)
)
_SET_SHOWN = sa.update(entry).where(_OF_TRACK)

#: Above all places: the border that stands for the end of a list.
END = 2**63 - 1
#: Below all places.
BEGINNING = -(2**63)
#: Rows that travel together.
_TOGETHER = 1_000


def insert(tx: Transaction, owner: Owner, playlist_id: str, **values: object) -> None:
    """Store a new playlist, without tracks."""
    fresh = {"version": 1, "respaced": 0, "entry_count": 0, "track_count": 0, "milliseconds": 0}
    tx.execute(
        _INSERT,
        {
            "id": playlist_id,
            "owner_id": owner.id,
            "created_at": tx.now,
            "updated_at": tx.now,
            **fresh,
            **values,
        },
    )


def get(tx: Transaction, owner: Owner, playlist_id: str) -> Playlist:
    """One playlist."""
    return _to_playlist(_row(tx, owner, playlist_id))


def head(tx: Transaction, owner: Owner, playlist_id: str) -> Head:
    """What decisions need to know of one."""
    row = _row(tx, owner, playlist_id)
    return Head(etag_of(row.version, row.updated_at), row.respaced, row.entry_count, row.track_count)


def newest(tx: Transaction, owner: Owner, *, before: str | None, limit: int) -> list[Playlist]:
    """Playlists, newest first, from before the id `before` on."""
    query, parameters = _NEWEST, dict[str, object](owner=owner.id, limit=limit)
    if before is not None:
        query = query.where(playlist.c.id < sa.bindparam("before"))
        parameters["before"] = before
    return [_to_playlist(row) for row in tx.all(query, parameters)]


def change(
    tx: Transaction,
    owner: Owner,
    playlist_id: str,
    *,
    entries: int = 0,
    tracks: int = 0,
    milliseconds: int = 0,
    **values: object,
) -> None:
    """Make a new version: so many more, or fewer, entries, tracks that are shown, milliseconds of them."""
    more = {"more_entries": entries, "more_tracks": tracks, "more_milliseconds": milliseconds}
    tx.execute(_CHANGE, {"of": playlist_id, "owner": owner.id, "updated_at": tx.now, **more, **values})


def set_cover(tx: Transaction, owner: Owner, playlist_id: str, cover: Cover | None) -> None:
    """Make a new version, with another cover or none. The blob of one before goes by the sweep."""
    fields: dict[str, Any] = dict.fromkeys(Cover._fields) if cover is None else cover._asdict()
    change(tx, owner, playlist_id, **{f"cover_{name}": value for name, value in fields.items()})


def delete(tx: Transaction, owner: Owner, playlist_id: str) -> None:
    """Remove a playlist with its entries."""
    tx.execute(_DELETE, {"of": playlist_id, "owner": owner.id})


def shown_after(tx: Transaction, owner: Owner, playlist_id: str, *, after: int, limit: int) -> list[Placed]:
    """Entries that are shown after a place, in order."""
    asked = {"playlist": playlist_id, "owner": owner.id, "after": after, "limit": limit}
    return _placed(tx.all(_AFTER, asked))


def named(
    tx: Transaction, owner: Owner, playlist_id: str, *, entries: Sequence[str], tracks: Sequence[str]
) -> list[Entry]:
    """The entries with these ids, and those of these tracks, if they are shown; each once."""
    found: dict[str, Entry] = {}
    for query, ids in ((_BY_ID, entries), (_BY_TRACK, tracks)):
        if ids:
            rows = tx.all(query, {"playlist": playlist_id, "owner": owner.id, "ids": ids})
            found |= {one.entry.id: one.entry for one in _placed(rows)}
    return list(found.values())


def place_at(tx: Transaction, owner: Owner, playlist_id: str, position: int, *, of: int) -> int:
    """The place of the shown entry at a position below `of`, which is how many there are."""
    behind = of - 1 - position
    query, number = (_NTH, position) if position <= behind else (_NTH_FROM_BEHIND, behind)
    return int(tx.scalar(query, {"playlist": playlist_id, "owner": owner.id, "number": number}))


def place_of(tx: Transaction, owner: Owner, playlist_id: str, entry_id: str) -> int | None:
    """Where an entry stands now, if it still does."""
    row = tx.one_or_none(_PLACE_OF, {"playlist": playlist_id, "owner": owner.id, "entry": entry_id})
    return None if row is None else int(row.place)


def all_entries(tx: Transaction, owner: Owner, playlist_id: str) -> list[Entry]:
    """All entries in order, with those of deleted tracks."""
    rows = tx.all(_ALL, {"playlist": playlist_id, "owner": owner.id})
    return [one.entry for one in _placed(rows)]


def around(tx: Transaction, owner: Owner, playlist_id: str, border: int, *, limit: int) -> list[Placed]:
    """Up to `limit` entries before a border and as many from it on, in order; also what is not shown."""
    asked = {"playlist": playlist_id, "owner": owner.id, "border": border, "limit": limit}
    return _placed([*reversed(tx.all(_BELOW, asked)), *tx.all(_FROM, asked)])


def insert_entries(
    tx: Transaction, owner: Owner, playlist_id: str, entries: Sequence[Entry], places: Sequence[int]
) -> None:
    """Put entries at places that are free."""
    rows = [
        {**new._asdict(), "playlist_id": playlist_id, "owner_id": owner.id, "place": place}
        for new, place in zip(entries, places, strict=True)
    ]
    for start in range(0, len(rows), _TOGETHER):
        tx.execute(_INSERT_ENTRIES, rows[start : start + _TOGETHER])


def remove(tx: Transaction, owner: Owner, playlist_id: str, entry_ids: Sequence[str]) -> None:
    """Remove entries."""
    for start in range(0, len(entry_ids), _TOGETHER):
        some = entry_ids[start : start + _TOGETHER]
        tx.execute(_REMOVE, {"playlist": playlist_id, "owner": owner.id, "ids": some})


def clear(tx: Transaction, owner: Owner, playlist_id: str) -> None:
    """Remove all entries."""
    tx.execute(_CLEAR, {"playlist": playlist_id, "owner": owner.id})


def clear_between(tx: Transaction, owner: Owner, playlist_id: str, first: int, last: int) -> None:
    """Take up the entries from one place to another, which are to be put down again elsewhere."""
    asked = {"playlist": playlist_id, "owner": owner.id, "first": first, "last": last}
    tx.execute(_CLEAR_BETWEEN, asked)
    note_respaced(tx, owner, playlist_id)


def note_respaced(tx: Transaction, owner: Owner, playlist_id: str) -> None:
    """Let those who read page by page know that entries have other places than before."""
    tx.execute(_RESPACED, {"of": playlist_id, "owner": owner.id})


def totals_of_track(
    tx: Transaction, owner: Owner, track_id: str, *, shown: bool
) -> dict[str, tuple[int, int]]:
    """In which playlists a track stands, shown or not: how often, and milliseconds of all these."""
    rows = tx.all(_TOTALS_OF_TRACK, {"of": track_id, "owner": owner.id, "now": int(shown)})
    return {row.playlist_id: (int(row.entries), int(row.milliseconds)) for row in rows}


def set_shown(tx: Transaction, owner: Owner, track_id: str, *, shown: bool) -> None:
    """Show all entries of a track, or hide them."""
    tx.execute(_SET_SHOWN, {"of": track_id, "owner": owner.id, "shown": int(shown)})


def _row(tx: Transaction, owner: Owner, playlist_id: str) -> Any:
    row = tx.one_or_none(_ONE, {"playlist": playlist_id, "owner": owner.id})
    if row is None:
        raise NotFound("playlist", playlist_id)
    return row


def _placed(rows: Iterable[sa.Row[Any]]) -> list[Placed]:
    return [
        Placed(Entry(row.id, row.track_id, row.added_at, row.milliseconds, row.shown), row.place)
        for row in rows
    ]


def _to_playlist(row: sa.Row[Any]) -> Playlist:
    return Playlist(
        id=row.id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        etag=etag_of(row.version, row.updated_at),
        title=row.title,
        description=row.description,
        visibility=row.visibility,
        cover=_to_cover(row),
        track_count=row.track_count,
        duration_seconds=row.milliseconds / 1000,
    )


def _to_cover(row: sa.Row[Any]) -> PlaylistCover | None:
    if row.cover_sha256 is None:
        return None
    return PlaylistCover(
        content_type=row.cover_type,
        width=row.cover_width,
        height=row.cover_height,
        size_bytes=row.cover_size,
        sha256=row.cover_sha256,
        url=f"{PREFIX}/playlists/{row.id}/cover",
    )


def named_blobs(tx: Transaction, hashes: list[str]) -> set[str]:
    """Which of these blobs are covers."""
    rows = tx.all(sa.select(playlist.c.cover_sha256).where(playlist.c.cover_sha256.in_(hashes)))
    return {str(row.cover_sha256) for row in rows}


def covers(tx: Transaction) -> list[tuple[str, int]]:
    """Hash and size of every cover."""
    rows = tx.all(
        sa.select(playlist.c.cover_sha256, sa.func.max(playlist.c.cover_size).label("size"))
        .where(playlist.c.cover_sha256.is_not(None))
        .group_by(playlist.c.cover_sha256)
        .order_by(playlist.c.cover_sha256)
    )
    return [(str(row.cover_sha256), int(row.size)) for row in rows]


def forget_tracks(tx: Transaction, track_ids: list[str]) -> None:
    """Remove the entries of tracks that are shown nowhere, and count them no more."""
    gone = entry.c.track_id.in_(track_ids)
    counts = tx.all(
        sa.select(entry.c.playlist_id, sa.func.count().label("entries"))
        .where(gone)
        .group_by(entry.c.playlist_id)
    )
    tx.execute(sa.delete(entry).where(gone))
    for row in counts:
        tx.execute(
            sa.update(playlist)
            .where(playlist.c.id == row.playlist_id)
            .values(entry_count=playlist.c.entry_count - row.entries)
        )
