"""The playlist of a release with several tracks. By the tracks in it it is known again: they are ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from aimusicverse.platforms.base import DeliveryError, Journal, Parcel
from aimusicverse.platforms.soundcloud.api import Api
from aimusicverse.platforms.soundcloud.codes import CHECKING
from aimusicverse.platforms.soundcloud.metadata import page_of, playlist_fields
from aimusicverse.platforms.soundcloud.notes import Notes


def with_playlist(
    api: Api, parcel: Parcel, journal: Journal, notes: Notes, settles: timedelta, *, changed: bool
) -> Notes:
    """See that there is a playlist of all tracks, and none where there is one track.

    Args:
        api: to call.
        parcel: the release.
        journal: of the delivery.
        notes: of it.
        settles: how long a new playlist may not be listed.
        changed: whether there are other tracks than before.

    Raises:
        DeliveryError: see its problem.
    """
    if len(notes.tracks) == 1:
        return without_playlist(api, journal, notes)
    fields = playlist_fields(parcel, notes.urns)
    if notes.playlist is not None:
        if notes.playlist_revision == parcel.revision and not changed:
            return notes
        if api.put("playlists", notes.playlist, data={"playlist": fields}) is not None:
            return replace(notes, playlist_revision=parcel.revision).kept(journal)
        notes = replace(notes, playlist=None, playlist_url=None, playlist_posting=None)  # somebody deleted it
    if notes.playlist_posting is not None:
        if (found := find_playlist(api, notes)) is not None:
            return _taken(notes, journal, found, revision=0)
        left = datetime.fromisoformat(notes.playlist_posting) + settles - journal.now
        if left > timedelta():
            raise DeliveryError(CHECKING.problem(), retry_after=left)
    notes = replace(notes, playlist_posting=journal.now.isoformat()).kept(journal)
    try:
        made = api.create("playlists", {"playlist": {"sharing": "private", **fields}})
    except DeliveryError as error:
        if error.problem.kind != "unknown_outcome":
            replace(notes, playlist_posting=None).kept(journal)
            raise
        made = {}
    if isinstance(made.get("urn"), str):
        return _taken(notes, journal, made, revision=parcel.revision)
    if (found := find_playlist(api, notes)) is not None:
        return _taken(notes, journal, found, revision=0)
    raise DeliveryError(CHECKING.problem(), retry_after=settles)


def without_playlist(api: Api, journal: Journal, notes: Notes) -> Notes:
    """See that there is none."""
    urn = notes.playlist
    if urn is None and notes.playlist_posting is not None and (found := find_playlist(api, notes)):
        urn = str(found["urn"])
    if urn is not None:
        api.delete("playlists", urn)
    if urn is None and notes.playlist_posting is None:
        return notes
    return replace(notes, playlist=None, playlist_url=None, playlist_posting=None, playlist_revision=0).kept(
        journal
    )


def find_playlist(api: Api, notes: Notes) -> dict[str, Any] | None:
    """One that has our tracks."""
    ours = set(notes.urns)
    for one in api.mine("playlists", {"show_tracks": "true"}):
        within = {track.get("urn") for track in one.get("tracks") or () if isinstance(track, dict)}
        if ours and ours <= within and isinstance(one.get("urn"), str):
            return one
    return None


def _taken(notes: Notes, journal: Journal, there: Mapping[str, Any], *, revision: int) -> Notes:
    return replace(
        notes,
        playlist=str(there["urn"]),
        playlist_url=page_of(there),
        playlist_posting=None,
        playlist_revision=revision,
    ).kept(journal)
