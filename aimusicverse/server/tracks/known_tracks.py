"""Tracks as lists have shown them: making one of a row costs several times what looking for it does."""

from __future__ import annotations

from datetime import datetime

from aimusicverse.types import Track

#: How many are kept; some megabytes.
MOST = 1_000

#: A track at one moment: its id, and when it was changed last.
Mark = tuple[str, datetime]


class KnownTracks:
    """Tracks by what the database says of them now, so that none is shown as it was.

    Only committed reads belong here: within a transaction two changes bear the same time.
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
        self._known[track.id, track.updated_at] = track
