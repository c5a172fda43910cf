"""What is asked for around a playlist."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from aimusicverse.types.playlist import Visibility
from aimusicverse.types.request import Request
from aimusicverse.types.text import LeftAsWritten, Text, Title

#: Entries of one playlist, those of deleted tracks included.
MOST_ENTRIES = 10_000
#: Tracks that one request adds.
MOST_ADDED = 1_000
#: Entries and tracks that one request removes: they stand in its URL.
MOST_REMOVED = 100
#: Of the file that a cover is sent as.
MOST_COVER_BYTES = 10 * 2**20

TrackId = Annotated[str, Field(pattern=r"^trk_[0-9A-Za-z]{1,36}$")]
EntryId = Annotated[str, Field(pattern=r"^ent_[0-9A-Za-z]{1,36}$")]
Description = Annotated[str, Field(max_length=2_000), Text, LeftAsWritten]


class PlaylistCreate(Request):
    """A new playlist, empty or with tracks."""

    title: Title
    description: Description | None = None
    visibility: Visibility = "private"
    track_ids: list[TrackId] = Field(default=[], max_length=MOST_ENTRIES)


class PlaylistUpdate(Request):
    """What to change; what is left out stays as it is."""

    title: Title | None = Field(default=None, description="Left out: unchanged. It cannot be null.")
    description: Description | None = Field(default=None, description="Null or empty: none any more.")
    visibility: Visibility | None = Field(default=None, description="Left out: unchanged. It cannot be null.")

    @field_validator("title", "visibility")
    @classmethod
    def _given(cls, value: str | None) -> str:
        if value is None:
            raise ValueError("this cannot be null; leave it out to keep it")
        return value


class PlaylistTracksAdd(Request):
    """Tracks to add, in this order. The same one may be there several times, and already be in the list."""

    track_ids: list[TrackId] = Field(min_length=1, max_length=MOST_ADDED)
    position: int | None = Field(
        default=None,
        ge=0,
        description="Of the first of them: 0 is the beginning, `track_count` the end, as if left out.",
    )


class PlaylistTracksReplace(Request):
    """All tracks of the playlist from now on, in order."""

    track_ids: list[TrackId] = Field(max_length=MOST_ENTRIES)


class PlaylistTrackMove(Request):
    """An entry, or a track that stands in the list once, and where it is to be."""

    entry_id: EntryId | None = None
    track_id: TrackId | None = None
    position: int = Field(ge=0, description="As it is afterwards: 0 is first, `track_count` - 1 last.")

    @model_validator(mode="after")
    def _one_name(self) -> Self:
        if (self.entry_id is None) == (self.track_id is None):
            raise ValueError("name either entry_id or track_id")
        return self
