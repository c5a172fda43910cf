"""The playlist of a release of several tracks: made once, in the order of the release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aimusicverse.platforms.base import DeliveryError
from aimusicverse.platforms.store_problems import general
from aimusicverse.platforms.youtube.api import Api
from aimusicverse.platforms.youtube.notes import Notes


def bring(
    api: Api, notes: Notes, snippet: Mapping[str, str], mark: str, videos: Sequence[str], privacy: str
) -> None:
    """See that it is there, with all of these in it.

    Args:
        api: signed in.
        notes: of the delivery.
        snippet: title and description.
        mark: the line of its description by which it is ours.
        videos: in order.
        privacy: who sees it.

    Raises:
        DeliveryError: `transient`: one that was asked for earlier may not be listed yet; and others.
    """
    playlist = notes.playlist or _found(api, notes, mark)
    if playlist is not None and not api.set_playlist(playlist, snippet, privacy):
        playlist = None  # somebody deleted it
    if playlist is None:
        notes.write(playlist=None, playlist_asked_at=notes.now)
        playlist = api.new_playlist(snippet, privacy)
    if playlist != notes.playlist:
        notes.write(playlist=playlist, playlist_asked_at=None)
    inside = list(api.inside(playlist))
    for position, video in enumerate(videos):
        if video not in inside:
            notes.progress(1.0)
            api.add_to_playlist(playlist, video, min(position, len(inside)))
            inside.insert(position, video)


def show(api: Api, playlist: str, privacy: str) -> None:
    """Who sees it, and nothing else of it; one that is gone is no harm."""
    found = api.playlist(playlist)
    if found is not None and found["status"].get("privacyStatus") != privacy:
        kept = {name: found["snippet"].get(name, "") for name in ("title", "description")}
        api.set_playlist(playlist, kept, privacy)


def _found(api: Api, notes: Notes, mark: str) -> str | None:
    """One that was made, though the answer was lost."""
    if notes.playlist_asked_at is None:
        return None
    for one in api.playlists():
        if mark in str(one["snippet"].get("description", "")).splitlines():
            return str(one["id"])
    settles = api.address.settles
    if notes.now - notes.playlist_asked_at < settles:
        raise DeliveryError(
            general("store_busy", "A playlist may have been made; it is looked for before another is."),
            retry_after=settles,
        )
    return None
