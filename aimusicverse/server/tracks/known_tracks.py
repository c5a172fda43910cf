"""Tracks as lists have shown them: making one of a row costs several times what looking for it does."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from aimusicverse.types import Track

#: How many are kept; some megabytes.
MOST = 1_000


class Mark(NamedTuple):
    """A track at one moment. Versions alone would not do: after a state is restored they count anew."""

    id: str
    version: int
    updated_at: datetime


def mark_of(track: Track) -> Mark:
    """What a track is known by."""
    return Mark(track.id, track.version, track.updated_at)


class KnownTracks:
    """Tracks by what the database says of them now, so that none is shown as it was.

    Only committed reads belong here.
    """

    def __init__(self) -> None:
        self._known: dict[Mark, Track] = {}

    def get(self, mark: Mark) -> Track | None:
        """The track, if it is known as it was then. It is shared: nobody changes it."""
        return self._known.get(mark)

    def keep(self, track: Track) -> None:
        """Know it from now on."""
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[mark_of(track)] = track
