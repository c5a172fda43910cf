"""A track comes to SoundCloud once, whatever is interrupted.

    note `posting` → upload … → note `sent` (before the last piece) → answer → note the id

Without `sent` SoundCloud cannot have it: it is sent anew. With it, it is looked for by its mark; if it is not
there, that counts only once SoundCloud has had time to list it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from aimusicverse.platforms.base import DeliveryError, Journal, Parcel
from aimusicverse.platforms.multipart import FileChanged, FormFile, form
from aimusicverse.platforms.soundcloud.api import Api
from aimusicverse.platforms.soundcloud.codes import CHECKING, FILE_CHANGED, LOOK_ALIKE, SOUND_REFUSED
from aimusicverse.platforms.soundcloud.metadata import MARK, created_at, form_fields, page_of, track_fields
from aimusicverse.platforms.soundcloud.notes import Notes, TrackNote

#: How far SoundCloud's clock and ours may differ.
_CLOCKS_DIFFER: Final = timedelta(hours=1)
_CONTENT_TYPES: Final = {
    "wav": "audio/wav", "flac": "audio/flac", "aiff": "audio/aiff", "mp3": "audio/mpeg", "ogg": "audio/ogg",
    "m4a": "audio/mp4",
}  # fmt: skip


class Sending:
    """Uploads of one delivery."""

    def __init__(self, api: Api, parcel: Parcel, journal: Journal, settles: timedelta) -> None:
        """Nothing is sent yet."""
        self._api = api
        self._parcel = parcel
        self._journal = journal
        self._settles = settles

    def track(self, notes: Notes, number: int) -> Notes:
        """See that one track is there.

        Raises:
            DeliveryError: see its problem.
        """
        note = notes.tracks[number]
        if note.posting is not None:
            found = self.find(note, self._title(number))
            if found is not None:
                return self._taken(notes, number, found, revision=0)
            self._wait_until_it_would_be_listed(note)
        return self._send(notes, number)

    def find(self, note: TrackNote, title: str) -> dict[str, Any] | None:
        """An upload that may have come, by its mark.

        Raises:
            DeliveryError: `unknown_outcome`: there is one without a mark that could be it.
        """
        since = datetime.fromisoformat(note.posting or self._journal.now.isoformat()) - _CLOCKS_DIFFER
        alike = None
        for one in self._api.mine("tracks", {"sort": "desc"}):
            created = created_at(one.get("created_at"))
            if created is not None and created < since:
                break
            tags = str(one.get("tag_list") or "")
            if note.mark in tags.replace('"', " ").split() and isinstance(one.get("urn"), str):
                return one
            if MARK not in tags and one.get("sharing") == "private" and one.get("title") == title:
                alike = one
        if alike is not None and note.sent is not None:
            raise DeliveryError(
                LOOK_ALIKE.problem(
                    f"“{title}” came to SoundCloud while our upload of it was interrupted, and it bears no "
                    "mark of ours: it cannot be told whether it is that upload."
                )
            )
        return None

    def _send(self, notes: Notes, number: int) -> Notes:
        notes = notes.with_track(number, posting=self._now(), sent=None).kept(self._journal)
        done_before = number / len(notes.tracks)

        def passed(gone: int, whole: int) -> None:
            nonlocal notes
            if gone >= whole:
                notes = notes.with_track(number, sent=self._now()).kept(self._journal)
            else:
                self._journal.progress(done_before + gone / whole / len(notes.tracks))

        fields = {"sharing": "private", **track_fields(self._parcel, number, notes.tracks[number].mark)}
        try:
            body = form(form_fields(fields), {"track[asset_data]": self._file(number)}, passed)
            made = self._api.upload(body, number)
        except (FileChanged, OSError) as error:
            notes.with_track(number, posting=None, sent=None).kept(self._journal)
            name = self._parcel.files.tracks[number].path.name
            reason = "has another size now" if isinstance(error, FileChanged) else "cannot be read"
            raise DeliveryError(
                FILE_CHANGED.problem(f"The file {name} {reason}.", field=f"tracks[{number}].file")
            ) from None
        except DeliveryError as error:
            if error.problem.kind == "unknown_outcome":
                return self._after_a_lost_answer(notes, number, error.retry_after)
            notes.with_track(number, posting=None, sent=None).kept(self._journal)
            raise
        if not isinstance(made.get("urn"), str):
            return self._after_a_lost_answer(notes, number, None)
        return self._taken(notes, number, made, revision=self._parcel.revision)

    def _after_a_lost_answer(self, notes: Notes, number: int, asked: timedelta | None) -> Notes:
        found = self.find(notes.tracks[number], self._title(number))
        if found is None:
            raise DeliveryError(CHECKING.problem(), retry_after=max(self._settles, asked or self._settles))
        return self._taken(notes, number, found, revision=0)

    def _wait_until_it_would_be_listed(self, note: TrackNote) -> None:
        if note.sent is None:
            return
        left = datetime.fromisoformat(note.sent) + self._settles - self._journal.now
        if left > timedelta():
            raise DeliveryError(CHECKING.problem(), retry_after=left)

    def _taken(self, notes: Notes, number: int, there: Mapping[str, Any], *, revision: int) -> Notes:
        return notes.with_track(
            number,
            posting=None,
            sent=None,
            urn=str(there["urn"]),
            url=page_of(there),
            revision=revision,
        ).kept(self._journal)

    def _file(self, number: int) -> FormFile:
        file = self._parcel.files.tracks[number]
        ending = file.facts.container
        if ending not in _CONTENT_TYPES:
            raise DeliveryError(
                SOUND_REFUSED.problem(
                    f"Track {number + 1} is {ending}, which SoundCloud does not take.",
                    field=f"tracks[{number}].file",
                )
            )
        # Never its own name: SoundCloud answered 500 to names that are not ASCII.
        return FormFile(file.path, file.facts.size_bytes, f"track.{ending}", _CONTENT_TYPES[ending])

    def _title(self, number: int) -> str:
        return str(track_fields(self._parcel, number, "")["title"])

    def _now(self) -> str:
        return self._journal.now.isoformat()


def begun(parcel: Parcel, marks: tuple[str, ...], notes: Notes) -> Notes:
    """Notes for the release as it is now: what has its mark is gone on with, the rest is to go."""
    known = {note.mark: note for note in notes.tracks}
    tracks = tuple(known.pop(mark, TrackNote(mark)) for mark in marks)
    gone = tuple(note.urn for note in known.values() if note.urn)
    return replace(
        notes,
        tracks=tracks,
        leftover=tuple(dict.fromkeys((*notes.leftover, *gone))),
        sharing=parcel.release.soundcloud.sharing,
    )
