"""Lists of tracks: filtered, sorted, searched. One statement for each shape of a wish, built once.

Whatever is asked for, the rows come in the order of an index, so that a page costs the same however large
the library is. Where a page ends is told by the value that is sorted by, and the id.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final, Literal, NamedTuple

import sqlalchemy as sa

from aimusicverse.server.problems import Refusal
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store import search
from aimusicverse.server.store.prepared import Prepared
from aimusicverse.server.store.tables import TITLE_KEY, track
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.tracks.known_tracks import MARK, Mark

Sort = Literal[
    "-created_at",
    "created_at",
    "-updated_at",
    "updated_at",
    "title",
    "-title",
    "duration_seconds",
    "-duration_seconds",
]
_COLUMNS: Final[dict[str, sa.ColumnElement[Any]]] = {
    # Times as the numbers that they are kept as: those go into a cursor and come back the same.
    "created_at": sa.type_coerce(track.c.created_at, sa.BigInteger),
    "updated_at": sa.type_coerce(track.c.updated_at, sa.BigInteger),
    "title": track.c.title_key,
    "duration_seconds": track.c.duration_seconds,
}


@dataclass(frozen=True, slots=True)
class Wish:
    """Which tracks, and in which order."""

    q: str | None = None
    genre: str | None = None
    status: str = "ready"
    created_after: datetime | None = None
    created_before: datetime | None = None
    sort: Sort = "-created_at"

    def as_filters(self) -> dict[str, object]:
        """What a cursor is bound to."""
        return {
            "q": self.q,
            "genre": self.genre,
            "status": self.status,
            "created_after": self.created_after and self.created_after.isoformat(),
            "created_before": self.created_before and self.created_before.isoformat(),
            "sort": self.sort,
        }


class Found(NamedTuple):
    """A track in a list, and the value by which it stands there."""

    mark: Mark
    value: Any

    @property
    def place(self) -> str:
        """For a cursor."""
        return json.dumps([self.value, self.mark.id], ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class _Shape:
    """All that a statement depends on."""

    sort: Sort
    searched: bool
    genre: bool
    created_after: bool
    created_before: bool
    goes_on: bool


def find(tx: Transaction, owner: Owner, wish: Wish, after: str | None, limit: int) -> list[Found]:
    """Up to `limit` tracks, from behind the place `after` on.

    Raises:
        Refusal: `cursor_invalid`: the place is one of an older version.
    """
    parameters: dict[str, Any] = {"owner": owner.id, "status": wish.status, "limit": limit}
    for name in ("genre", "created_after", "created_before"):
        if (value := getattr(wish, name)) is not None:
            parameters[name] = value
    if wish.q is not None:
        query = search.query(owner.id, wish.q)
        if query is None:
            return []  # nothing in it is a word, so it is in no track
        parameters["query"] = query
    if after is not None:
        try:
            parameters["value"], parameters["id"] = json.loads(after)
        except (ValueError, TypeError):
            raise Refusal("cursor_invalid") from None
    shape = _Shape(
        wish.sort,
        searched=wish.q is not None,
        genre=wish.genre is not None,
        created_after=wish.created_after is not None,
        created_before=wish.created_before is not None,
        goes_on=after is not None,
    )
    rows = tx.all(_statement(shape), parameters)
    return [Found(Mark(*mark), value) for *mark, value in rows]


def title_key(title: str) -> str:
    """What a title is sorted by."""
    return search.fold(title)[:TITLE_KEY]


@cache
def _statement(shape: _Shape) -> Prepared:
    name, descending = shape.sort.removeprefix("-"), shape.sort.startswith("-")
    by, of = _COLUMNS[name], sa.select(*MARK)
    unique = False
    if shape.searched:
        hit = search.matching()
        of = of.select_from(hit.join(track, track.c.id == hit.c.track_id))
        if name == "created_at":  # the order in which they came, in which the search finds them
            by, unique = hit.c.number, True
    of = of.add_columns(by.label("place")).where(
        track.c.owner_id == sa.bindparam("owner"), track.c.status == sa.bindparam("status")
    )
    if shape.genre:
        of = of.where(track.c.genre == sa.bindparam("genre"))
    if shape.created_after:
        of = of.where(track.c.created_at > sa.bindparam("created_after"))
    if shape.created_before:
        of = of.where(track.c.created_at < sa.bindparam("created_before"))
    keys = [by] if unique else [by, track.c.id]
    if shape.goes_on:
        values = [sa.bindparam("value", type_=by.type), sa.bindparam("id", type_=sa.Text)][: len(keys)]
        here, there = (keys[0], values[0]) if unique else (sa.tuple_(*keys), sa.tuple_(*values))
        of = of.where(here < there if descending else here > there)
    order = [key.desc() if descending else key.asc() for key in keys]
    return Prepared(of.order_by(*order).limit(sa.bindparam("limit")))
