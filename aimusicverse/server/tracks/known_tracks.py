"""Tracks as reads have shown them: making one of a row costs several times what looking for it does."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from aimusicverse.server.store.tables import microseconds, track
from aimusicverse.types import Track

#: How many are kept; some megabytes.
MOST: Final = 1_000


class Mark(NamedTuple):
    """A track at one moment. Versions alone would not do: after a state is restored they count anew."""

    id: str
    version: int
    #: As the table has it.
    updated_at: int


#: What a row must have for its mark.
MARK: Final[tuple[sa.ColumnElement[Any], ...]] = (
    track.c.id,
    track.c.version,
    sa.type_coerce(track.c.updated_at, sa.BigInteger).label("updated_at"),
)


def beside(statement: sa.Select[Any], generation_id: sa.ColumnElement[str]) -> sa.Select[Any]:
    """`statement` with the marks of a generation's tracks: a row for each, at least one.

    Its columns are `track_id`, `track_version` and `track_updated_at`, NULL where there is no track.
    """
    here = (track.c.generation_id == generation_id) & (track.c.status == "ready")
    return (
        statement.outerjoin(track, here)
        .add_columns(*(column.label(f"track_{column.key}") for column in MARK))
        .order_by(track.c.id)
    )


def mark_of(track: Track) -> Mark:
    """What a track is known by."""
    return Mark(track.id, track.version, microseconds(track.updated_at))


class KnownTrack:
    """A track and its JSON. Shared: nobody changes it."""

    __slots__ = ("_json", "mark", "track")

    def __init__(self, track: Track) -> None:
        self.track: Final = track
        self.mark: Final = mark_of(track)
        self._json: bytes | None = None

    @property
    def json(self) -> bytes:
        """As every answer writes it; written once."""
        if self._json is None:
            self._json = self.track.model_dump_json().encode()
        return self._json


class KnownTracks:
    """Tracks by what the database says of them now, so that none is shown as it was.

    Only committed reads belong here.
    """

    def __init__(self) -> None:
        self._known: dict[str, KnownTrack] = {}

    def has(self, track_id: str) -> bool:
        """Whether the track is known as it once was."""
        return track_id in self._known

    def get(self, mark: Mark) -> KnownTrack | None:
        """The track, if it is known as it was then."""
        known = self._known.get(mark.id)
        return known if known is not None and known.mark == mark else None

    def keep(self, track: Track) -> KnownTrack:
        """Know it from now on."""
        if len(self._known) >= MOST:
            self._known.clear()
        known = self._known[track.id] = KnownTrack(track)
        return known
