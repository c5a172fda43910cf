"""Playlists: ordered lists of tracks."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from aimusicverse.types.base import Answer, Editable, Timestamp
from aimusicverse.types.track import Track

Visibility = Literal["private", "public"]


class PlaylistCover(Answer):
    """The picture of a playlist, as the server keeps and gives it: not to the byte the one that was sent."""

    content_type: Literal["image/jpeg", "image/png", "image/webp"] | str
    width: int = Field(description="Pixels, as it is shown: upright.")
    height: int = Field(description="Pixels.")
    size_bytes: int
    sha256: str = Field(description="Of the file, hex. It is another one for another picture.")
    url: str = Field(description="Path of the file; needs the key.")


class Playlist(Editable):
    """An ordered list of tracks. Deleted tracks are neither shown nor counted until they are restored."""

    title: str
    description: str | None = None
    visibility: Visibility | str = Field(
        default="private", description="`public`: meant to be shown. Others still need the owner's key here."
    )
    cover: PlaylistCover | None = None
    track_count: int
    duration_seconds: float = Field(description="The sum over its tracks.")


class PlaylistEntry(Answer):
    """A track at its place in a playlist. The same track may stand there more than once."""

    id: str = Field(description="`ent_…`: what to move or remove. It stays the same when it moves.")
    added_at: Timestamp
    track: Track
