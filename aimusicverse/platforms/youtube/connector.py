"""Brings a release to YouTube: a video for each track, and a playlist of several.

Until its time a video is private, with `publishAt`: YouTube opens it by itself. Taking down makes it private
again, and deletes nothing: views, comments and the address stay, should it come back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from aimusicverse.platforms.base import Account, DeliveryError, Journal, Kind, Parcel, Standing, Surroundings
from aimusicverse.platforms.http import StoreCalls, open_client
from aimusicverse.platforms.store_addresses import address_of
from aimusicverse.platforms.store_problems import general
from aimusicverse.platforms.youtube import film, playlist, texts
from aimusicverse.platforms.youtube.api import Api
from aimusicverse.platforms.youtube.codes import FILM_IS_FIXED
from aimusicverse.platforms.youtube.hand_over import write_hand_over
from aimusicverse.platforms.youtube.notes import Notes
from aimusicverse.platforms.youtube.refusals import PUBLISH_AT
from aimusicverse.platforms.youtube.standing import address, is_later, is_of_no_use, stands
from aimusicverse.platforms.youtube.still import Still
from aimusicverse.platforms.youtube.tracks import TrackUploads, Wanted
from aimusicverse.platforms.youtube.upload import CHUNK, Uploads
from aimusicverse.release.moments import MomentError, moment_of
from aimusicverse.release.package_error import CannotPackage, Obstacle
from aimusicverse.release.release_files import SoundFile
from aimusicverse.release.rules.case import Track
from aimusicverse.release.rules.youtube import PRIVACY

_SITE: Final = "https://www.youtube.com"
#: YouTube refuses a time to publish that has gone by when it reads it. What is nearer is published by us.
_NEAR: Final = timedelta(minutes=2)
_READ_SECONDS: Final = 60.0
_SELDOM: Final = timedelta(hours=1)


class YouTube:
    """One delivery. See `Connector`."""

    kind: Kind = "api"
    exactly_once = (
        "An upload session is noted before its first byte. After an interruption it is asked how far it is, "
        "and it tells the video that it became."
    )

    def __init__(
        self, platform: str, account: Account | None, surroundings: Surroundings, *, chunk: int = CHUNK
    ) -> None:
        """Args:
        platform: `youtube_music`.
        account: with Google.
        surroundings: ffmpeg, and the sandbox in sandbox mode.
        chunk: bytes of a piece of an upload, a multiple of 256 KiB.
        """
        self.platform = platform
        self._account = account
        self._ffmpeg = surroundings.ffmpeg
        self._address = address_of(platform, surroundings)
        self._client = open_client(self._address, read_seconds=_READ_SECONDS)
        self._calls = StoreCalls(self._address, account, self._client)
        self._chunk = chunk
        self._site = (
            _SITE if surroundings.sandbox_url is None else f"{surroundings.sandbox_url.rstrip('/')}/youtube"
        )

    def deliver(self, parcel: Parcel, journal: Journal) -> Standing:
        """Upload what is not there, and set what has changed."""
        api, notes = self._begun(journal)
        if self._account is None:
            raise DeliveryError(general("account_missing", "No YouTube account is connected."))
        film.require(self._ffmpeg)
        still = Still(parcel.files.require(len(parcel.release.tracks)).path, parcel.folder)
        known = self._wanted(parcel, notes, still)
        self._replace_what_is_of_no_use(api, notes, known)
        uploads = TrackUploads(api, Uploads(api, self._chunk), notes)
        for place, wanted in enumerate(known):
            part = place / len(known)
            notes.progress(part)
            video = uploads.bring(wanted, lambda done, part=part: notes.progress(part + done / len(known)))  # type: ignore[misc]
            self._film_of(parcel, place).unlink(missing_ok=True)
            self._picture(api, notes, place, still)
            if notes.is_set("changed"):
                api.set_texts(video, wanted.resource["snippet"])
        videos = [notes.videos()[place] for place in range(len(known))]
        self._arrange(api, notes, parcel, videos)
        return self.look(journal)

    def look(self, journal: Journal) -> Standing:
        """By the state of its videos."""
        api, notes = self._begun(journal)
        videos = list(notes.videos().values())
        if not videos:
            identifier, url = address(notes, self._site)
            return Standing("taken_down" if notes.is_set("taken_down") else "processing", identifier, url)
        return stands(notes, api.videos(videos), self._site)

    def release(self, journal: Journal) -> Standing:
        """Show it to people, if YouTube has not done so by itself."""
        api, notes = self._begun(journal)
        until = notes.holds_until
        if until is not None and until > notes.now:
            return replace(self.look(journal), look_again=min(until - notes.now, _SELDOM))
        if not notes.is_set("taken_down"):
            self._show(api, notes)
            notes.write(released=True, withheld=None, opens_at=None)
        return self.look(journal)

    def withhold(self, journal: Journal) -> None:
        """Take its time away: then it stays private until `release`."""
        api, notes = self._begun(journal)
        notes.write(withheld=True)
        for video in api.videos(list(notes.videos().values()), "status").values():
            if video["status"].get("publishAt") and video["status"].get("privacyStatus") == "private":
                api.set_status(video, texts.standing("private", None))

    def take_down(self, parcel: Parcel, journal: Journal) -> Standing:
        """Make it private: nothing that people have added is lost, and it can come back."""
        api, notes = self._begun(journal)
        notes.write(taken_down=True, released=None)
        uploads = TrackUploads(api, Uploads(api, self._chunk), notes)
        for index in range(notes.tracks):
            uploads.end(index)
        for video in api.videos(list(notes.videos().values()), "status").values():
            if video["status"].get("privacyStatus") != "private" or video["status"].get("publishAt"):
                api.set_status(video, texts.standing("private", None))
        if notes.playlist is not None:
            playlist.show(api, notes.playlist, "private")
        return self.look(journal)

    def package(self, parcel: Parcel, into: Path) -> None:
        """The videos, and what YouTube Studio asks, for a person who uploads them himself."""
        try:
            write_hand_over(self._ffmpeg, parcel, into)
        except DeliveryError as error:
            raise CannotPackage([_obstacle(error)]) from None

    def close(self) -> None:
        """End connections."""
        self._client.close()

    def _begun(self, journal: Journal) -> tuple[Api, Notes]:
        return Api(self._address, self._calls, lambda: journal.now), Notes(journal)

    def _wanted(self, parcel: Parcel, notes: Notes, still: Still) -> list[Wanted]:
        """What each video is to be; what is to be remembered of it is noted."""
        cover = parcel.files.require(len(parcel.release.tracks))
        if any(index >= len(parcel.release.tracks) for index in notes.videos()):
            raise DeliveryError(
                FILM_IS_FIXED.problem("A track that YouTube has is no longer in the release.")
            )
        own = _own_time(parcel)
        fields = parcel.release.youtube
        privacy = fields.privacy if fields.privacy in PRIVACY else "public"
        if privacy == "private" and fields.publish_at:
            privacy = "public"  # private until then
        notes.write(
            tracks=len(parcel.release.tracks),
            privacy=privacy,
            opens_at=own or parcel.release_at,
            holds_until=own,
            taken_down=None,
            changed=True if notes.is_set("changed") or _is_edited(parcel, notes) else None,
            withheld=None,
            revision=parcel.revision,
        )
        found = []
        for index, sound in enumerate(parcel.files.tracks):
            track = Track(index, parcel.release.tracks[index], parcel.release, sound.facts)
            alone = len(parcel.files.tracks) == 1
            status = {**texts.declared(track), **self._standing(notes, at_once=alone)}

            def made(
                progress: Callable[[float], None], sound: SoundFile = sound, index: int = index
            ) -> film.Film:
                path = self._film_of(parcel, index)
                return film.make_film(self._ffmpeg, still.frame, sound, path, progress)

            made_of = f"{sound.facts.sha256} {cover.facts.sha256}"
            found.append(Wanted(index, made_of, {"snippet": texts.snippet(track), "status": status}, made))
        return found

    def _standing(self, notes: Notes, *, at_once: bool = True) -> dict[str, Any]:
        """Who sees a video now, and from when on others do.

        Args:
            notes: of the delivery.
            at_once: whether it may be seen before all of the release is there.
        """
        if is_later(notes):
            by_itself = notes.privacy == "public" and is_later(notes, notes.now + _NEAR)
            return texts.standing("private", notes.opens_at if by_itself else None)
        return texts.standing(notes.privacy if at_once else "private", None)

    def _replace_what_is_of_no_use(self, api: Api, notes: Notes, known: list[Wanted]) -> None:
        """What failed, was rejected or is gone is uploaded anew. What stands cannot be another film."""
        videos = notes.videos()
        found = api.videos(list(videos.values()), "status") if videos else {}
        for index, video in videos.items():
            note = notes.of(index)
            if is_of_no_use(found.get(video)):
                if video in found:
                    api.delete_video(video)
                notes.set(index, None)
            elif note is not None and index < len(known) and note.made_of != known[index].made_of:
                raise DeliveryError(FILM_IS_FIXED.problem(field=f"tracks[{index}]"))

    def _film_of(self, parcel: Parcel, index: int) -> Path:
        return parcel.folder / f"{index + 1}.mp4"

    def _picture(self, api: Api, notes: Notes, index: int, still: Still) -> None:
        note = notes.of(index)
        if note is not None and note.video is not None and not note.pictured:
            # Where the channel may set none, YouTube takes one from the video: it is the same picture.
            api.set_thumbnail(note.video, still.thumbnail)
            notes.set(index, note, pictured=True)

    def _arrange(self, api: Api, notes: Notes, parcel: Parcel, videos: list[str]) -> None:
        """Who sees what, now that all is there."""
        later = is_later(notes)
        declared = [
            texts.declared(Track(index, recording, parcel.release))
            for index, recording in enumerate(parcel.release.tracks)
        ]
        wanted = self._standing(notes)
        found = api.videos(videos, "status")
        for video, said in zip(videos, declared, strict=True):
            if video in found and not _is_so(found[video]["status"], {**said, **wanted}):
                _set(api, found[video], {**said, **wanted})
        if len(videos) > 1:
            reference = parcel.distribution_id
            snippet = texts.playlist(parcel.release, reference)
            privacy = "private" if later else notes.privacy
            playlist.bring(api, notes, snippet, texts.mark(reference), videos, privacy)
        notes.write(released=None if later else True, changed=None)

    def _show(self, api: Api, notes: Notes) -> None:
        for video in api.videos(list(notes.videos().values()), "status").values():
            if video["status"].get("privacyStatus") != notes.privacy:
                api.set_status(video, texts.standing(notes.privacy, None))
        if notes.playlist is not None:
            playlist.show(api, notes.playlist, notes.privacy)


def _is_edited(parcel: Parcel, notes: Notes) -> bool:
    return notes.revision is not None and notes.revision != parcel.revision


def _is_so(status: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    given = dict(status)
    for one in (given, wanted := dict(wanted)):
        one["publishAt"] = datetime.fromisoformat(one["publishAt"]) if one.get("publishAt") else None
    return all(given.get(name) == value for name, value in wanted.items())


def _set(api: Api, video: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """Set this of its status. If no time to publish is taken (it was public once), `release` opens it."""
    try:
        api.set_status(video, wanted)
    except DeliveryError as error:
        if error.problem.field != PUBLISH_AT or "publishAt" not in wanted:
            raise
        api.set_status(video, {name: value for name, value in wanted.items() if name != "publishAt"})


def _own_time(parcel: Parcel) -> datetime | None:
    """When YouTube alone opens, if the release says so."""
    written = parcel.release.youtube.publish_at
    if not written:
        return None
    try:
        return moment_of(written).at
    except MomentError:
        return None  # a rule has said so


def _obstacle(error: DeliveryError) -> Obstacle:
    problem = error.problem
    return Obstacle(problem.field or "tracks", problem.message, problem.hint or "Then try again.")
