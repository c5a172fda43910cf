"""A track's way to its video: made, uploaded, and uploaded only once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from aimusicverse.platforms.base import DeliveryError
from aimusicverse.platforms.store_problems import general
from aimusicverse.platforms.youtube.api import Api
from aimusicverse.platforms.youtube.film import Film
from aimusicverse.platforms.youtube.notes import Notes, TrackNote
from aimusicverse.platforms.youtube.refusals import PUBLISH_AT
from aimusicverse.platforms.youtube.upload import SessionGone, Uploads

#: How much of a track's time goes into making its video.
FILMING: Final = 0.3
#: How far the store's clock may be off ours.
_CLOCKS: Final = timedelta(minutes=10)
_MOST_LOOKED_AT: Final = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a track's video is to be.

    Args:
        index: of the track; 0 is the first.
        made_of: sound and picture, by their sums.
        resource: `snippet` and `status`.
        film: makes it; called only where it is needed.
    """

    index: int
    made_of: str
    resource: Mapping[str, Any]
    film: Callable[[Callable[[float], None]], Film]


class TrackUploads:
    """Brings videos there, one by one."""

    def __init__(self, api: Api, uploads: Uploads, notes: Notes) -> None:
        """Args:
        api: signed in.
        uploads: the same.
        notes: of this delivery.
        """
        self._api = api
        self._uploads = uploads
        self._notes = notes

    def bring(self, wanted: Wanted, progress: Callable[[float], None]) -> str:
        """Its video, which is there once, however often this is begun.

        Args:
            wanted: what it is to be.
            progress: called with 0 to 1.

        Raises:
            DeliveryError: see `Connector.deliver`.
        """
        note = self._notes.of(wanted.index)
        if note is not None and note.video is None and note.session is not None:
            note = self._found_complete(wanted.index, note)
        if note is not None and note.video is not None:
            return note.video
        if note is not None and note.made_of != wanted.made_of:
            self._forget(wanted.index, note)
            note = None
        film = wanted.film(lambda part: progress(part * FILMING))
        if note is not None and note.film != film.sha256:  # another ffmpeg made it
            self._forget(wanted.index, note)
            note = None
        for _ in range(2):
            note = note or self._begin(wanted, film)
            try:
                return self._send(wanted.index, note, film.path, progress)
            except SessionGone:
                note = self._gone(wanted.index, self._notes.of(wanted.index) or note)
                if note is not None and note.video is not None:
                    return note.video
        raise DeliveryError(general("store_unreachable", "YouTube forgot an upload twice while it went on."))

    def end(self, index: int) -> None:
        """Give up what is not complete; keep what is."""
        note = self._notes.of(index)
        if note is not None and note.video is None and note.session is not None:
            note = self._found_complete(index, note)
            if note is not None and note.video is None:
                self._forget(index, note)

    def _begin(self, wanted: Wanted, film: Film) -> TrackNote:
        begun = self._notes.now.isoformat()
        try:
            session = self._uploads.begin(wanted.resource, film.size, wanted.index)
        except DeliveryError as error:
            status = wanted.resource["status"]
            if error.problem.field != PUBLISH_AT or "publishAt" not in status:
                raise
            # The time went by on the way: it stays private, until it is opened with all of the release.
            status = {name: value for name, value in status.items() if name != "publishAt"}
            session = self._uploads.begin({**wanted.resource, "status": status}, film.size, wanted.index)
        note = TrackNote(
            made_of=wanted.made_of,
            film=film.sha256,
            size=film.size,
            title=wanted.resource["snippet"]["title"],
            begun_at=begun,
            session=session,
        )
        self._notes.set(wanted.index, note)
        return note

    def _send(self, index: int, note: TrackNote, film: Path, progress: Callable[[float], None]) -> str:
        assert note.session is not None  # noqa: S101 - `bring` has made one

        def before_last() -> None:
            self._notes.set(index, note, all_sent=True)

        video = self._uploads.send(
            note.session,
            film,
            note.size,
            before_last,
            lambda part: progress(FILMING + part * (1 - FILMING)),
        )
        self._notes.set(index, note, all_sent=True, session=None, video=video)
        return video

    def _found_complete(self, index: int, note: TrackNote) -> TrackNote | None:
        """With its video, if all was sent and only the answer was lost."""
        if not note.all_sent or note.session is None:
            return note
        try:
            far = self._uploads.far(note.session, note.size)
        except SessionGone:
            return self._gone(index, note)
        return note if far.video is None else self._notes.set(index, note, session=None, video=far.video)

    def _forget(self, index: int, note: TrackNote) -> None:
        if note.session is not None:
            self._uploads.give_up(note.session)
        self._notes.set(index, None)

    def _gone(self, index: int, note: TrackNote) -> TrackNote | None:
        """Its session is over. Nothing came of it, unless all had been sent: then the channel is looked at.

        Raises:
            DeliveryError: `transient`: what is new may not be listed yet; `unknown_outcome`: two could be it.
        """
        if not note.all_sent:
            self._notes.set(index, None)
            return None
        found = self._looked_for(index, note)
        if len(found) > 1:
            raise DeliveryError(
                general(
                    "unknown_outcome",
                    f"YouTube lost an upload after its last byte, and the channel has {len(found)} videos "
                    f"called {note.title!r} since.",
                    hint="Delete those that are too many in YouTube Studio, then retry.",
                )
            )
        if found:
            return self._notes.set(index, note, session=None, video=found[0])
        gone_at = datetime.fromisoformat(note.gone_at) if note.gone_at else self._notes.now
        settles = self._api.address.settles
        if self._notes.now - gone_at < settles:
            if note.gone_at is None:
                self._notes.set(index, note, gone_at=gone_at.isoformat())
            raise DeliveryError(
                general("store_busy", "YouTube lost an upload; it is looked for before it is sent again."),
                retry_after=settles,
            )
        self._notes.set(index, None)
        return None

    def _looked_for(self, index: int, note: TrackNote) -> list[str]:
        uploads = self._api.channel()["contentDetails"]["relatedPlaylists"]["uploads"]
        known = {video for other, video in self._notes.videos().items() if other != index}
        newest = [video for video, _ in zip(self._api.inside(uploads), range(_MOST_LOOKED_AT), strict=False)]
        since = datetime.fromisoformat(note.begun_at) - _CLOCKS
        return [
            identifier
            for identifier, video in self._api.videos(newest, "snippet").items()
            if identifier not in known
            and video["snippet"]["title"] == note.title
            and datetime.fromisoformat(video["snippet"]["publishedAt"]) >= since
        ]
