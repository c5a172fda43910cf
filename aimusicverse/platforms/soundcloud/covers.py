"""The cover, after the music and apart from it: SoundCloud answered 500 to pictures (issue 409), and takes
them from paid accounts alone. A picture that is not taken never costs a track.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from aimusicverse.platforms.base import DeliveryError, Journal, Parcel
from aimusicverse.platforms.multipart import FileChanged, FormFile, form
from aimusicverse.platforms.soundcloud.api import Api
from aimusicverse.platforms.soundcloud.notes import Notes

#: So often a picture is tried in all; then the release goes on without it.
MOST_TRIES: Final = 3
_CONTENT_TYPES: Final = {"jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif"}
_ENDINGS: Final = {"jpeg": "jpg", "png": "png", "gif": "gif"}


def with_cover(api: Api, parcel: Parcel, journal: Journal, notes: Notes) -> Notes:
    """See that all tracks bear the cover, or note why not.

    Raises:
        DeliveryError: it is worth another try; the tracks are there and stay.
    """
    cover = parcel.files.cover
    if cover is None:
        return notes
    if notes.cover != cover.facts.sha256:
        notes = replace(notes, cover=cover.facts.sha256, cover_tries=0, cover_problem=None)
    if notes.cover_problem is not None:
        return notes
    if cover.facts.kind not in _CONTENT_TYPES:
        return _without(notes, journal, f"SoundCloud takes no {cover.facts.kind} pictures: JPEG, PNG or GIF.")
    if parcel.release.soundcloud.paid_account is False:
        return _without(notes, journal, "By its API SoundCloud takes covers from paid accounts alone.")
    picture = FormFile(
        cover.path,
        cover.facts.size_bytes,
        f"cover.{_ENDINGS[cover.facts.kind]}",
        _CONTENT_TYPES[cover.facts.kind],
    )
    for number, note in enumerate(notes.tracks):
        if note.urn is None or note.picture == notes.cover:
            continue
        try:
            api.put("tracks", note.urn, body=form({}, {"track[artwork_data]": picture}), track=number)
        except (FileChanged, OSError):
            return _without(notes, journal, "The picture's file cannot be read, or changed.")
        except DeliveryError as error:
            if error.problem.kind in ("auth", "quota"):
                raise
            notes = replace(notes, cover_tries=notes.cover_tries + 1)
            if error.problem.kind == "transient" and notes.cover_tries < MOST_TRIES:
                notes.kept(journal)
                raise
            return _without(notes, journal, f"The cover was not taken. {error.problem.message}")
        notes = notes.with_track(number, picture=notes.cover).kept(journal)
    return notes


def _without(notes: Notes, journal: Journal, why: str) -> Notes:
    return replace(notes, cover_problem=why).kept(journal)
