"""What is asked for around a track."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from aimusicverse.types.generation_request import Tag
from aimusicverse.types.request import Request
from aimusicverse.types.text import LeftAsWritten, Line, Text, Title
from aimusicverse.types.track import AudioFormat

Artist = Annotated[str, Field(min_length=1, max_length=200), Line, LeftAsWritten]
Genre = Annotated[str, Field(min_length=1, max_length=40), Line, LeftAsWritten]
Tags = Annotated[list[Annotated[Tag, LeftAsWritten]], Field(max_length=20)]
ArtworkId = Annotated[str, Field(pattern=r"^art_[0-9A-Za-z]{1,36}$")]
Lyrics = Annotated[str, Field(max_length=5_000), Text, LeftAsWritten]


class TrackUpload(Request):
    """What is known of a recording that is uploaded."""

    title: Title
    artist: Artist | None = None
    genre: Genre | None = None
    tags: Tags = []


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default")


class TrackUpdate(Request):
    """What to change of a track. What is left out stays; `null` empties `artist`, `genre`, `lyrics` and
    `artwork_id`."""

    title: Title = Field(default="", json_schema_extra=_without_default)
    artist: Artist | None = None
    genre: Genre | None = None
    tags: Tags = Field(default=[], json_schema_extra=_without_default, description="All of them, in order.")
    lyrics: Lyrics | None = None
    artwork_id: ArtworkId | None = Field(default=None, description="An artwork of yours that is completed.")


class PlayUrlCreate(Request):
    """Ask for a link that plays without a key."""

    format: AudioFormat = "mp3"
    expires_in_seconds: Annotated[int, Field(ge=1, le=7 * 24 * 3600)] = 3600
