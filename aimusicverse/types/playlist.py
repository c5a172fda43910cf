"""Playlists: ordered lists of tracks."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from aimusicverse.types.base import Answer, Editable, Timestamp
from aimusicverse.types.track import Track

Visibility = Literal["private", "public"]


class Playlist(Editable):
    """An ordered list of tracks. Deleted tracks are neither shown nor counted until they are restored."""

    title: str
    description: str | None = None
    visibility: Visibility | str = Field(
        default="private", description="`public`: meant to be shown. Others still need the owner's key here."
    )
    track_count: int
    duration_seconds: float = Field(description="The sum over its tracks.")


class PlaylistEntry(Answer):
    """A track at its place in a playlist. The same track may stand there more than once."""

    id: str = Field(description="`ent_…`: what to move or remove. It stays the same when it moves.")
    added_at: Timestamp
    track: Track
