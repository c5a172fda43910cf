"""The SQL of tracks and encodings."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from aimusicverse.server.problems import NotFound
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.settings import PREFIX
from aimusicverse.server.store import search
from aimusicverse.server.store.prepared import Prepared
from aimusicverse.server.store.tables import encoding, track, track_text
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.store.upsert import upsert
from aimusicverse.server.tracks.known_tracks import MARK, Mark
from aimusicverse.server.tracks.listing import title_key
from aimusicverse.server.versions import etag_of
from aimusicverse.types import Provenance, Track
from aimusicverse.types.track import AUDIO_FORMATS

READY, DELETED = "ready", "deleted"
#: What an MP3 file can hold (MPEG-1, MPEG-2 and 2.5, layer III), Hz.
_MP3_RATES = frozenset((8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000))

# What is run most is built once: building a statement costs more than running it.
_ALL = sa.select(track).where(track.c.owner_id == sa.bindparam("owner"))
_MINE = _ALL.where(track.c.status == READY)
_ONE = Prepared(_MINE.where(track.c.id == sa.bindparam("id")))
_MARK = Prepared(_MINE.with_only_columns(*MARK).where(track.c.id == sa.bindparam("id")))
_ONE_IN_ANY_STATE = Prepared(_ALL.where(track.c.id == sa.bindparam("id")))
_OF_GENERATION = Prepared(
    _MINE.where(track.c.generation_id == sa.bindparam("generation")).order_by(track.c.id)
)
_OF_GENERATIONS = _MINE.where(
    track.c.generation_id.in_(sa.bindparam("generations", expanding=True))
).order_by(track.c.id)
_SOME = _ALL.where(track.c.id.in_(sa.bindparam("ids", expanding=True)))
_SOME_READY = _MINE.where(track.c.id.in_(sa.bindparam("ids", expanding=True)))
_DURATIONS = _SOME_READY.with_only_columns(track.c.id, track.c.duration_seconds)
_MARKS = _SOME_READY.with_only_columns(*MARK)
_INSERT = Prepared(sa.insert(track))
_INSERT_TEXT = Prepared(sa.insert(track_text).inline())
_CHANGE_TEXT = Prepared(sa.update(track_text).where(track_text.c.track_id == sa.bindparam("of")))
_TEXTS = ("title", "artist", "genre", "lyrics", "tags")
_CHANGE = Prepared(
    sa.update(track)
    .where(track.c.id == sa.bindparam("of"), track.c.owner_id == sa.bindparam("owner"))
    .values(version=track.c.version + 1)
)
_NOTE_ENCODING = upsert(encoding, setting=("sha256", "size", "tags"))
_PURGED = sa.select(track.c.id).where(
    track.c.status == DELETED, track.c.deleted_at <= sa.bindparam("deleted_by")
)
#: How many tracks are purged in one transaction.
_PURGED_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTrack:
    """What is known of a recording before it is a row."""

    title: str
    artist: str | None = None
    duration_seconds: float
    tempo_bpm: float | None
    key: str | None
    genre: str | None
    tags: list[str]
    lyrics: str | None
    sample_rate: int
    channels: int
    bit_depth: int
    lufs: float
    true_peak_dbtp: float
    master_sha256: str
    master_size: int
    provenance: Provenance


class Encoding(NamedTuple):
    """A blob that holds a master in another form, and the digest of the tags in it."""

    sha256: str
    tags: str


def insert(tx: Transaction, owner: Owner, track_id: str, new: NewTrack) -> None:
    """Store a new track."""
    values = {field.name: getattr(new, field.name) for field in fields(new)}
    tx.execute(
        _INSERT,
        values
        | {
            "id": track_id,
            "owner_id": owner.id,
            "generation_id": new.provenance.generation_id,
            "status": READY,
            "provenance": new.provenance.model_dump(mode="json"),
            "created_at": tx.now,
            "updated_at": tx.now,
            "title_key": title_key(new.title),
        },
    )
    tx.execute(_INSERT_TEXT, {"track_id": track_id, "words": _words(owner, new)})


def get(tx: Transaction, owner: Owner, track_id: str, *, status: str | None = READY) -> Track:
    """One track that is not deleted; with no `status`, one in any."""
    query = _ONE_IN_ANY_STATE if status is None else _ONE
    row = tx.one_or_none(query, {"id": track_id, "owner": owner.id})
    if row is None:
        raise NotFound("track", track_id)
    return to_track(row)


def mark(tx: Transaction, owner: Owner, track_id: str) -> Mark:
    """As of when a track is that is not deleted."""
    row = tx.one_or_none(_MARK, {"id": track_id, "owner": owner.id})
    if row is None:
        raise NotFound("track", track_id)
    return Mark(*row)


def of_generations(tx: Transaction, owner: Owner, generation_ids: list[str]) -> dict[str, list[Track]]:
    """The tracks of some generations, oldest first, by generation."""
    found: dict[str, list[Track]] = {}
    if not generation_ids:
        return found
    if len(generation_ids) == 1:
        rows = tx.all(_OF_GENERATION, {"owner": owner.id, "generation": generation_ids[0]})
    else:
        rows = tx.all(_OF_GENERATIONS, {"owner": owner.id, "generations": generation_ids})
    for row in rows:
        found.setdefault(row.generation_id, []).append(to_track(row))
    return found


def some(tx: Transaction, owner: Owner, track_ids: list[str]) -> list[Track]:
    """Those of the tracks that there are, in no order."""
    return [to_track(row) for row in tx.all(_SOME, {"owner": owner.id, "ids": track_ids})]


def change(tx: Transaction, owner: Owner, now: Track, changes: dict[str, Any]) -> Track:
    """Set some columns of a track as it is now, which makes it the next version; that one.

    `changes` are as the model has them: they are not read back.
    """
    values = {"of": now.id, "owner": owner.id, "updated_at": tx.now, **changes}
    if "title" in changes:
        values["title_key"] = title_key(changes["title"])
    tx.execute(_CHANGE, values)
    version = now.version + 1
    changed = now.model_copy(
        update={**changes, "version": version, "updated_at": tx.now, "etag": etag_of(version, tx.now)}
    )
    if not changes.keys().isdisjoint(_TEXTS):
        tx.execute(_CHANGE_TEXT, {"of": now.id, "words": _words(owner, changed)})
    return changed


def with_artwork(tx: Transaction, owner: Owner, artwork_id: str) -> list[Track]:
    """The tracks that have an artwork, deleted ones too."""
    query = _ALL.where(track.c.artwork_id == sa.bindparam("artwork"))
    return [to_track(row) for row in tx.all(query, {"owner": owner.id, "artwork": artwork_id})]


def purgeable(tx: Transaction, *, deleted_by: datetime) -> list[str]:
    """Some of the tracks that were deleted by then."""
    return [row.id for row in tx.all(_PURGED.limit(_PURGED_AT_ONCE), {"deleted_by": deleted_by})]


def purge(tx: Transaction, ids: list[str], others: set[str]) -> None:
    """Remove tracks, with what only they had. `others`: hashes of further files of theirs.

    The blobs go by the sweep, as no row names them any more.
    """
    of = sa.select(track.c.master_sha256).where(track.c.id.in_(ids))
    masters = {row.master_sha256 for row in tx.all(of)} | others
    tx.execute(sa.delete(track_text).where(track_text.c.track_id.in_(ids)))
    tx.execute(sa.delete(track).where(track.c.id.in_(ids)))
    still = sa.select(track.c.id).where(track.c.master_sha256 == encoding.c.master_sha256)
    tx.execute(sa.delete(encoding).where(encoding.c.master_sha256.in_(masters), ~still.exists()))


def durations(tx: Transaction, owner: Owner, track_ids: list[str]) -> dict[str, float]:
    """Those of the tracks that are not deleted: how long each is, in seconds."""
    rows = tx.all(_DURATIONS, {"owner": owner.id, "ids": track_ids})
    return {str(row.id): float(row.duration_seconds) for row in rows}


def marks(tx: Transaction, owner: Owner, track_ids: list[str]) -> list[Mark]:
    """Those of the tracks that are not deleted, in no order: which, and as of when."""
    rows = tx.all(_MARKS, {"owner": owner.id, "ids": track_ids})
    return [Mark(*row) for row in rows]


def find_encoding(
    tx: Transaction, master_sha256: str, format: str, bit_depth: int, audience: str
) -> Encoding | None:
    """The blob that holds a master in another form, if it was made before."""
    row = tx.one_or_none(
        sa.select(encoding.c.sha256, encoding.c.tags).where(
            encoding.c.master_sha256 == master_sha256,
            encoding.c.format == format,
            encoding.c.bit_depth == bit_depth,
            encoding.c.audience == audience,
        )
    )
    return None if row is None else Encoding(*row)


def insert_encoding(
    tx: Transaction,
    master_sha256: str,
    format: str,
    bit_depth: int,
    audience: str,
    *,
    sha256: str,
    size: int,
    tags: str,
) -> None:
    """Note the blob that holds a master in another form, in place of one that was lost or says otherwise."""
    form = {"master_sha256": master_sha256, "format": format, "bit_depth": bit_depth, "audience": audience}
    tx.execute(_NOTE_ENCODING, {**form, "sha256": sha256, "size": size, "tags": tags})


def named_blobs(tx: Transaction, hashes: list[str]) -> set[str]:
    """Which of these blobs some row names."""
    masters = sa.select(track.c.master_sha256).where(track.c.master_sha256.in_(hashes))
    encodings = sa.select(encoding.c.sha256).where(encoding.c.sha256.in_(hashes))
    return {str(row[0]) for row in tx.all(masters.union(encodings))}


def masters(tx: Transaction) -> list[tuple[str, int]]:
    """Hash and size of every master that a track names, deleted ones too: their audio may come back."""
    rows = tx.all(
        sa.select(track.c.master_sha256, sa.func.max(track.c.master_size).label("size"))
        .group_by(track.c.master_sha256)
        .order_by(sa.func.min(track.c.id))
    )
    return [(str(row.master_sha256), int(row.size)) for row in rows]


def to_track(row: sa.Row[Any]) -> Track:
    """A row as the contract shows it. One validation of the whole: lists are made of many of these."""
    return Track.model_validate(
        {
            "id": row.id,
            "created_at": row.created_at,
            "updated_at": row.updated_at,
            "title": row.title,
            "artist": row.artist,
            "status": row.status,
            "duration_seconds": row.duration_seconds,
            "tempo_bpm": row.tempo_bpm,
            "key": row.key,
            "genre": row.genre,
            "tags": row.tags,
            "lyrics": row.lyrics,
            "audio": {
                "formats": AUDIO_FORMATS if row.sample_rate in _MP3_RATES else ("wav", "flac"),
                "sample_rate": row.sample_rate,
                "channels": row.channels,
                "bit_depth": row.bit_depth,
                "lufs": row.lufs,
                "true_peak_dbtp": row.true_peak_dbtp,
                "sha256": row.master_sha256,
                "size_bytes": row.master_size,
                "url": audio_path(row.id),
            },
            "provenance": row.provenance,
            "artwork_id": row.artwork_id,
            "version": row.version,
            "etag": etag_of(row.version, row.updated_at),
            "deleted_at": row.deleted_at,
        }
    )


def _words(owner: Owner, of: NewTrack | Track) -> str:
    texts = [of.title, of.artist, of.genre, of.lyrics, *of.tags, of.provenance.prompt]
    return search.searchable(owner.id, texts)


def audio_path(track_id: str) -> str:
    """Where a track's audio is served."""
    return f"{PREFIX}/tracks/{track_id}/audio"
