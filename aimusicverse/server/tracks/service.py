"""Decides about tracks."""

from __future__ import annotations

from collections.abc import Iterable

from aimusicverse.server.events import service as events
from aimusicverse.server.ids import new_id
from aimusicverse.server.playlists import shown_tracks
from aimusicverse.server.problems import NotFound
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.tracks import queries
from aimusicverse.server.tracks.known_tracks import KnownTracks, Mark
from aimusicverse.server.tracks.play_links import PlayLinks, expiry
from aimusicverse.types import PlayUrl, PlayUrlCreate, Track

#: How many ids are looked up by one statement.
_TOGETHER = 500


def get(tx: Transaction, owner: Owner, track_id: str) -> Track:
    """One track."""
    return queries.get(tx, owner, track_id)


def page(
    tx: Transaction, owner: Owner, genre: str | None, before: str | None, limit: int, known: KnownTracks
) -> list[Track]:
    """One more than `limit` tracks, if there are so many, newest first. Only for a read: it fills `known`."""
    marks = queries.newest(tx, owner, genre=genre, before=before, limit=limit + 1)
    found = _as_marked(tx, owner, marks, known)
    return [found[mark] for mark in marks]


def some(tx: Transaction, owner: Owner, track_ids: Iterable[str], known: KnownTracks) -> dict[str, Track]:
    """Those of the tracks that are not deleted, by id. Only for a read: it fills `known`."""
    marks = queries.marks(tx, owner, list(dict.fromkeys(track_ids)))
    return {track_id: track for (track_id, _), track in _as_marked(tx, owner, marks, known).items()}


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


def _as_marked(tx: Transaction, owner: Owner, marks: list[Mark], known: KnownTracks) -> dict[Mark, Track]:
    found = {mark: track for mark in marks if (track := known.get(mark)) is not None}
    if missing := [track_id for track_id, when in marks if (track_id, when) not in found]:
        for track in queries.some(tx, owner, missing):
            known.keep(track)
            found[track.id, track.updated_at] = track
    return found


def add(tx: Transaction, owner: Owner, new: queries.NewTrack) -> Track:
    """A finished recording joins the library."""
    track_id = new_id("trk")
    queries.insert(tx, owner, track_id, new)
    track = queries.get(tx, owner, track_id)
    events.record(tx, owner, "track.created", track)
    return track


def of_generations(tx: Transaction, owner: Owner, generation_ids: list[str]) -> dict[str, list[Track]]:
    """The tracks of some generations, oldest first, by generation."""
    return queries.of_generations(tx, owner, generation_ids)


def play_url(
    tx: Transaction, owner: Owner, track_id: str, body: PlayUrlCreate, links: PlayLinks, origin: str
) -> PlayUrl:
    """A link to a track of this owner, which plays without a key."""
    track = queries.get(tx, owner, track_id)
    expires_at = expiry(tx.now, body.expires_in_seconds)
    query = links.query(owner.id, track.id, body.format, expires_at)
    url = f"{origin.rstrip('/')}{track.audio.url}?{query}"
    return PlayUrl(url=url, format=body.format, expires_at=expires_at)


def delete(tx: Transaction, owner: Owner, track_id: str) -> None:
    """Remove a track from the library. Its audio stays on the disk, for a restore."""
    gone = queries.get(tx, owner, track_id)
    queries.mark_deleted(tx, owner, track_id)
    shown_tracks.hide(tx, owner, track_id)
    events.record(tx, owner, "track.deleted", gone.model_copy(update={"status": queries.DELETED}))
