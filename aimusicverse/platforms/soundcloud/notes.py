"""What is noted of a delivery to SoundCloud: before what cannot be done twice, and after what was done."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from aimusicverse.platforms.base import Journal


@dataclass(frozen=True, slots=True)
class TrackNote:
    """Of one track.

    Args:
        mark: that it carries.
        posting: since when it is being sent, ISO 8601; `None`: it is not.
        sent: when the last of it was about to go; before that SoundCloud cannot have it.
        urn: SoundCloud's id, as soon as it is known.
        url: where it is.
        revision: of the release, as SoundCloud has it.
        picture: checksum of the cover that it bears.
    """

    mark: str
    posting: str | None = None
    sent: str | None = None
    urn: str | None = None
    url: str | None = None
    revision: int = 0
    picture: str | None = None


@dataclass(frozen=True, slots=True)
class Notes:
    """Of a delivery.

    Args:
        tracks: in their order.
        playlist: SoundCloud's id.
        playlist_url: where it is.
        playlist_revision: of the release, as the playlist has it.
        playlist_posting: since when it is being made.
        sharing: what the tracks will be.
        released: whether people were let in.
        leftover: ids of tracks that the release has no more, and that are to go.
        cover: checksum of the picture of which the next two tell.
        cover_tries: how often the cover was not taken.
        cover_problem: why it is left out now.
    """

    tracks: tuple[TrackNote, ...] = ()
    playlist: str | None = None
    playlist_url: str | None = None
    playlist_revision: int = 0
    playlist_posting: str | None = None
    sharing: str = "public"
    released: bool = False
    leftover: tuple[str, ...] = ()
    cover: str | None = None
    cover_tries: int = 0
    cover_problem: str | None = None

    @classmethod
    def of(cls, journal: Journal) -> Self:
        """What is known; nothing at first."""
        known: dict[str, Any] = dict(journal.known.get("soundcloud") or {})
        known["tracks"] = tuple(TrackNote(**one) for one in known.get("tracks", ()))
        known["leftover"] = tuple(known.get("leftover", ()))
        return cls(**known)

    def kept(self, journal: Journal) -> Self:
        """Itself, once it is durable."""
        journal.write(soundcloud=asdict(self))
        return self

    def with_track(self, number: int, **changes: Any) -> Self:
        """The same with other notes of one track."""
        tracks = list(self.tracks)
        tracks[number] = replace(tracks[number], **changes)
        return replace(self, tracks=tuple(tracks))

    @property
    def urns(self) -> tuple[str, ...]:
        """Of the tracks that are there."""
        return tuple(one.urn for one in self.tracks if one.urn)
