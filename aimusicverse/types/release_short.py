"""The short form of a release, which is enough for a single: names as text, no list of tracks."""

from __future__ import annotations

from typing import Any

#: What belongs to the one track when none is written out.
OF_THE_TRACK = (
    "isrc", "iswc", "writers", "lyrics", "recording_country", "is_cover", "clean_of", "duration_seconds",
    "file", "track_id",
)  # fmt: skip


def expanded(given: dict[str, Any]) -> dict[str, Any]:
    """The same in the long form; what is long already stays as it is, and nothing is judged.

    `artist` is one main artist by name, `composers` are names of writers of words and music, and without
    `tracks` there is one, called like the release.
    """
    release = dict(given)
    _artist(release)
    writers = release.pop("composers", None)
    if "tracks" not in release:
        track = {name: release.pop(name) for name in OF_THE_TRACK if name in release}
        if "title" in release:
            track["title"] = release["title"]
        if "version" in release:
            track["version"] = release["version"]
        release["tracks"] = [track]
    if isinstance(release["tracks"], list):
        release["tracks"] = [_track(track, writers) for track in release["tracks"]]
    elif writers is not None:
        release["composers"] = writers
    return release


def _track(given: Any, writers: Any) -> Any:
    if not isinstance(given, dict):
        return given
    track = dict(given)
    _artist(track)
    named = track.pop("composers", writers)
    if named is not None and "writers" not in track:
        track["writers"] = (
            [{"name": one} if isinstance(one, str) else one for one in named]
            if isinstance(named, list)
            else named
        )
    return track


def _artist(part: dict[str, Any]) -> None:
    if "artists" not in part and isinstance(name := part.get("artist"), str):
        del part["artist"]
        part["artists"] = [{"name": name}]
