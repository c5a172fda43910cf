"""Bringing releases to SoundCloud: each track private at first, and public when it is time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from aimusicverse.platforms.base import (
    Account,
    DeliveryError,
    Journal,
    Kind,
    Parcel,
    Standing,
    Surroundings,
)
from aimusicverse.platforms.http import open_client
from aimusicverse.platforms.soundcloud.api import Api
from aimusicverse.platforms.soundcloud.by_hand import write_package
from aimusicverse.platforms.soundcloud.codes import GONE, NOTHING_THERE
from aimusicverse.platforms.soundcloud.covers import with_cover
from aimusicverse.platforms.soundcloud.metadata import marks_of, track_fields
from aimusicverse.platforms.soundcloud.notes import Notes
from aimusicverse.platforms.soundcloud.sending import Sending, begun
from aimusicverse.platforms.soundcloud.sets import with_playlist, without_playlist
from aimusicverse.platforms.soundcloud.standing import Shown, standing
from aimusicverse.platforms.store_addresses import address_of
from aimusicverse.platforms.store_problems import general

_ALL_ACCESS = {"access": "playable,preview,blocked", "show_tracks": "true"}


class SoundCloud:
    """A connector (see `platforms.base.Connector`)."""

    platform: str
    kind: Kind = "api"
    exactly_once: str = (
        "What is about to be sent is noted first, and the track carries a mark of ours. After a lost answer "
        "your tracks are looked through for it before anything is sent again."
    )

    def __init__(
        self,
        platform: str,
        account: Account | None,
        surroundings: Surroundings,
        *,
        client: httpx.Client | None = None,
    ) -> None:
        """Nothing is asked yet.

        Args:
            platform: `soundcloud`.
            account: the person's; `None`: calls say that one is missing.
            surroundings: they name the sandbox, if it is meant.
            client: to call by; left out: one of its own.
        """
        self.platform = platform
        self._address = address_of(platform, surroundings)
        self._client = client or open_client(self._address)
        self._api = Api(self._address, account, self._client)

    def deliver(self, parcel: Parcel, journal: Journal) -> Standing:
        """See `Connector.deliver`."""
        if len(parcel.files.tracks) != len(parcel.release.tracks):
            raise DeliveryError(general("audio_unusable", "There is not one sound file for each track."))
        before = Notes.of(journal)
        notes = begun(parcel, marks_of(parcel), before).kept(journal)
        sending = Sending(self._api, parcel, journal, self._address.settles)
        for number in range(len(notes.tracks)):
            notes = self._still_there(notes, number, journal)
            if notes.tracks[number].urn is None:
                notes = sending.track(notes, number)
            if notes.tracks[number].revision != parcel.revision:
                notes = self._told(parcel, notes, number, journal)
            journal.progress((number + 1) / len(notes.tracks))
        notes = with_cover(self._api, parcel, journal, notes)
        changed = notes.urns != before.urns
        notes = with_playlist(self._api, parcel, journal, notes, self._address.settles, changed=changed)
        for urn in notes.leftover:
            self._api.delete("tracks", urn)
        if notes.leftover:
            notes = replace(notes, leftover=()).kept(journal)
        return self._standing(notes)

    def look(self, journal: Journal) -> Standing:
        """See `Connector.look`."""
        return self._standing(self._notes(journal))

    def release(self, journal: Journal) -> Standing:
        """See `Connector.release`. Tracks first: a playlist is never open with holes in it."""
        notes = self._notes(journal)
        for number, note in enumerate(notes.tracks):
            if note.urn is None:
                raise DeliveryError(NOTHING_THERE.problem(f"Track {number + 1} is not at SoundCloud."))
            self._share("tracks", "track", note.urn, notes.sharing)
        if notes.playlist is not None:
            self._share("playlists", "playlist", notes.playlist, notes.sharing)
        return self._standing(replace(notes, released=True).kept(journal))

    def withhold(self, journal: Journal) -> None:
        """See `Connector.withhold`: it is private until `release`, so nothing is to be done."""

    def take_down(self, parcel: Parcel, journal: Journal) -> Standing:
        """See `Connector.take_down`. The tracks are deleted, with their plays and comments."""
        notes = Notes.of(journal)
        standing_id = notes.playlist or next(iter(notes.urns), None)
        notes = without_playlist(self._api, journal, notes)
        sending = Sending(self._api, parcel, journal, self._address.settles)
        for number, note in enumerate(notes.tracks):
            urn = note.urn
            if urn is None and note.posting is not None:
                found = sending.find(replace(note, sent=None), "")
                urn = str(found["urn"]) if found else None
            if urn is not None:
                self._api.delete("tracks", urn)
                notes = notes.with_track(number, urn=None, url=None, posting=None, sent=None, picture=None)
                notes = notes.kept(journal)
        for urn in notes.leftover:
            self._api.delete("tracks", urn)
        Notes().kept(journal)
        return Standing("taken_down", external_id=standing_id)

    def package(self, parcel: Parcel, into: Path) -> None:
        """See `Connector.package`."""
        write_package(parcel, into)

    def close(self) -> None:
        """See `Connector.close`."""
        self._client.close()

    def _notes(self, journal: Journal) -> Notes:
        notes = Notes.of(journal)
        if not notes.tracks:
            raise DeliveryError(NOTHING_THERE.problem())
        return notes

    def _still_there(self, notes: Notes, number: int, journal: Journal) -> Notes:
        """Whoever delivers again may do so because somebody deleted a track there."""
        urn = notes.tracks[number].urn
        if urn is None or self._api.get("tracks", urn) is not None:
            return notes
        return notes.with_track(number, urn=None, url=None, picture=None, revision=0).kept(journal)

    def _told(self, parcel: Parcel, notes: Notes, number: int, journal: Journal) -> Notes:
        """What is said of it now. Who may hear it stays as it is."""
        note = notes.tracks[number]
        fields = track_fields(parcel, number, note.mark)
        if self._api.put("tracks", str(note.urn), data={"track": fields}, track=number) is None:
            raise DeliveryError(GONE.problem(f"Track {number + 1} is not at SoundCloud any more."))
        return notes.with_track(number, revision=parcel.revision).kept(journal)

    def _share(self, path: str, name: str, urn: str, sharing: str) -> None:
        shown = self._api.put(path, urn, data={name: {"sharing": sharing}})
        if shown is None:
            raise DeliveryError(GONE.problem(f"A {name} is not at SoundCloud any more."))

    def _standing(self, notes: Notes) -> Standing:
        if any(note.urn is None for note in notes.tracks):
            return Standing("processing")
        return standing(notes, self._shown(notes))

    def _shown(self, notes: Notes) -> list[Shown | None]:
        """The tracks as they are: of a playlist with one call, and those that it does not show one by one."""
        found: dict[str, dict[str, Any]] = {}
        if notes.playlist is not None:
            playlist = self._api.get("playlists", notes.playlist, params=_ALL_ACCESS)
            for one in (playlist or {}).get("tracks") or ():
                if isinstance(one, dict) and isinstance(one.get("urn"), str):
                    found[one["urn"]] = one
        return [found.get(urn) or self._api.get("tracks", urn) for urn in notes.urns]
