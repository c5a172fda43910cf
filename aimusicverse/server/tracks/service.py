"""Decides about tracks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from aimusicverse._version import __version__
from aimusicverse.server import versions
from aimusicverse.server.artwork import of_tracks as artworks
from aimusicverse.server.events import service as events
from aimusicverse.server.ids import new_id
from aimusicverse.server.playlists import shown_tracks
from aimusicverse.server.problems import NotFound, Refusal
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.stems import of_tracks as stems
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.tracks import listing, queries
from aimusicverse.server.tracks.known_tracks import KnownTrack, KnownTracks, Mark
from aimusicverse.server.tracks.listing import Wish
from aimusicverse.server.tracks.play_links import PlayLinks, expiry
from aimusicverse.server.tracks.uploaded import UPLOAD
from aimusicverse.types import (
    FieldError,
    PlayUrl,
    PlayUrlCreate,
    Provenance,
    Track,
    TrackUpdate,
    TrackUpload,
)

if TYPE_CHECKING:
    from aimusicverse.server.tracks.recording import Recording

#: How long a deleted track can be restored.
KEPT_FOR = timedelta(days=30)

#: How many ids are looked up by one statement.
_TOGETHER = 500


def get(tx: Transaction, owner: Owner, track_id: str) -> Track:
    """One track."""
    return queries.get(tx, owner, track_id)


def shown(tx: Transaction, owner: Owner, track_id: str, known: KnownTracks) -> KnownTrack:
    """One track to be shown. Only for a read: it fills `known`."""
    if known.has(track_id):
        as_it_was = known.get(queries.mark(tx, owner, track_id))
        if as_it_was is not None:
            return as_it_was
    return known.keep(queries.get(tx, owner, track_id))


def page(
    tx: Transaction, owner: Owner, wish: Wish, after: str | None, limit: int, known: KnownTracks
) -> tuple[list[KnownTrack], str | None]:
    """Up to `limit` tracks from the place `after` on, and the last one's place if there are more.

    Only for a read: it fills `known`.
    """
    listed = listing.find(tx, owner, wish, after, limit + 1)
    place = listed[limit - 1].place if len(listed) > limit else None
    marks = [one.mark for one in listed[:limit]]
    found = _as_marked(tx, owner, marks, known)
    return [found[mark] for mark in marks], place


def some(tx: Transaction, owner: Owner, track_ids: Iterable[str], known: KnownTracks) -> dict[str, Track]:
    """Those of the tracks that are not deleted, by id. Only for a read: it fills `known`."""
    marks = queries.marks(tx, owner, list(dict.fromkeys(track_ids)))
    return {mark.id: found.track for mark, found in _as_marked(tx, owner, marks, known).items()}


def present(tx: Transaction, owner: Owner, track_ids: Iterable[str]) -> set[str]:
    """Those of these that are this owner's, and not deleted."""
    return {mark.id for mark in queries.marks(tx, owner, list(dict.fromkeys(track_ids)))}


def durations(tx: Transaction, owner: Owner, track_ids: Iterable[str]) -> dict[str, float]:
    """How long each of these is, in seconds; all are tracks of this owner.

    Raises:
        NotFound: for the first that is not.
    """
    asked = list(dict.fromkeys(track_ids))
    found: dict[str, float] = {}
    for start in range(0, len(asked), _TOGETHER):
        found |= queries.durations(tx, owner, asked[start : start + _TOGETHER])
    for track_id in asked:
        if track_id not in found:
            raise NotFound("track", track_id)
    return found


def _as_marked(
    tx: Transaction, owner: Owner, marks: list[Mark], known: KnownTracks
) -> dict[Mark, KnownTrack]:
    found = {mark: track for mark in marks if (track := known.get(mark)) is not None}
    if missing := [mark.id for mark in marks if mark not in found]:
        for one in queries.some(tx, owner, missing):
            kept = known.keep(one)
            found[kept.mark] = kept
    return found


def add(tx: Transaction, owner: Owner, new: queries.NewTrack) -> Track:
    """A finished recording joins the library."""
    track_id = new_id("trk")
    queries.insert(tx, owner, track_id, new)
    track = queries.get(tx, owner, track_id)
    events.record(tx, owner, "track.created", track)
    return track


def add_uploaded(tx: Transaction, owner: Owner, recording: Recording, asked: TrackUpload) -> Track:
    """A recording that somebody brought joins the library."""
    new = queries.NewTrack(
        **asked.model_dump(),
        duration_seconds=recording.duration_seconds,
        tempo_bpm=None,
        key=None,
        lyrics=None,
        sample_rate=recording.sample_rate,
        channels=recording.channels,
        bit_depth=recording.bit_depth,
        lufs=recording.lufs,
        true_peak_dbtp=recording.true_peak_dbtp,
        master_sha256=recording.sha256,
        master_size=recording.size,
        provenance=Provenance(engine=UPLOAD, engine_version=__version__, prompt="", licence="yours"),
    )
    return add(tx, owner, new)


def of_generations(tx: Transaction, owner: Owner, generation_ids: list[str]) -> dict[str, list[Track]]:
    """The tracks of some generations, oldest first, by generation."""
    return queries.of_generations(tx, owner, generation_ids)


def play_url(
    tx: Transaction, owner: Owner, track_id: str, body: PlayUrlCreate, links: PlayLinks, origin: str
) -> PlayUrl:
    """A link to a track of this owner, which plays without a key."""
    track = queries.get(tx, owner, track_id)
    require_format(track, body.format, "format")
    expires_at = expiry(tx.now, body.expires_in_seconds)
    query = links.query(owner.id, track.id, body.format, expires_at)
    url = f"{origin.rstrip('/')}{track.audio.url}?{query}"
    return PlayUrl(url=url, format=body.format, expires_at=expires_at)


def require_format(track: Track, format: str, field: str) -> None:
    """Refuse a format that a track cannot be had in, by the name of the field that asks for it."""
    if format in track.audio.formats:
        return
    message = f"an MP3 file cannot hold {track.audio.sample_rate} samples a second"
    hint = f"one of: {', '.join(track.audio.formats)}"
    wrong = FieldError(field=field, code="format_impossible", message=message, hint=hint)
    raise Refusal("invalid_request", f"{field}: {message}", errors=[wrong])


def update(tx: Transaction, owner: Owner, track_id: str, body: TrackUpdate, wanted: str | None) -> Track:
    """Change what is asked for. Nothing new is no change: the version stays, and nobody is told."""
    now = queries.get(tx, owner, track_id)
    versions.check(wanted, now.etag)
    asked = {name: getattr(body, name) for name in body.model_fields_set}
    changes = {name: value for name, value in asked.items() if getattr(now, name) != value}
    if not changes:
        return now
    if changes.get("artwork_id") is not None:
        artworks.require_finished(tx, owner, changes["artwork_id"])
    return _told(tx, owner, "track.updated", queries.change(tx, owner, now, changes))


def let_go_of_artwork(tx: Transaction, owner: Owner, artwork_id: str) -> None:
    """An artwork goes: whatever track has it, deleted or not, has none then."""
    for now in queries.with_artwork(tx, owner, artwork_id):
        changed = queries.change(tx, owner, now, {"artwork_id": None})
        if now.status == queries.READY:
            _told(tx, owner, "track.updated", changed)


def delete(tx: Transaction, owner: Owner, track_id: str, wanted: str | None) -> None:
    """Remove a track from the library. It and its audio stay for `KEPT_FOR`, for a restore."""
    now = queries.get(tx, owner, track_id)
    versions.check(wanted, now.etag)
    deleted = queries.change(tx, owner, now, {"status": queries.DELETED, "deleted_at": tx.now})
    shown_tracks.hide(tx, owner, track_id)
    _told(tx, owner, "track.deleted", deleted)


def restore(tx: Transaction, owner: Owner, track_id: str) -> Track:
    """Bring a deleted track back; one that is there stays as it is."""
    now = queries.get(tx, owner, track_id, status=None)
    if now.status != queries.DELETED:
        return now
    restored = queries.change(tx, owner, now, {"status": queries.READY, "deleted_at": None})
    shown_tracks.show(tx, owner, track_id)
    return _told(tx, owner, "track.updated", restored)


def purge(tx: Transaction) -> int:
    """Forget for good what was deleted `KEPT_FOR` ago, whoever's it was; how many tracks."""
    ids = queries.purgeable(tx, deleted_by=tx.now - KEPT_FOR)
    if ids:
        shown_tracks.forget(tx, ids)
        queries.purge(tx, ids, stems.forget(tx, ids))
    return len(ids)


def _told(tx: Transaction, owner: Owner, type: str, track: Track) -> Track:
    events.record(tx, owner, type, track)
    return track
