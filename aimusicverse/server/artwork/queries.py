"""The SQL of artwork and its files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from aimusicverse.release.facts import FileProblem, ImageFacts
from aimusicverse.server.artwork import looking
from aimusicverse.server.artwork.picture_file import PictureFile
from aimusicverse.server.problems import NotFound
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.settings import PREFIX
from aimusicverse.server.store.prepared import Prepared
from aimusicverse.server.store.tables import artwork
from aimusicverse.server.store.tables import artwork_file as file
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.versions import etag_of
from aimusicverse.types import Artwork, ArtworkProvenance, ArtworkThumbnail, Problem

# What is run most is built once: building a statement costs more than running it.
_MINE = artwork.c.owner_id == sa.bindparam("owner")
_ONE = Prepared(sa.select(artwork).where(artwork.c.id == sa.bindparam("id"), _MINE))
_NEWEST = sa.select(artwork).where(_MINE).order_by(artwork.c.id.desc()).limit(sa.bindparam("limit"))
_INSERT, _INSERT_FILES = Prepared(sa.insert(artwork)), sa.insert(file)
_CHANGE = Prepared(
    sa.update(artwork).where(artwork.c.id == sa.bindparam("of"), _MINE).values(version=artwork.c.version + 1)
)
_DELETE = sa.delete(artwork).where(artwork.c.id == sa.bindparam("of"), _MINE)
_FILES = sa.select(file).where(file.c.owner_id == sa.bindparam("owner")).order_by(file.c.side)
_FILES_OF_ONE = Prepared(_FILES.where(file.c.artwork_id == sa.bindparam("artwork")))
_FILES_OF_MANY = _FILES.where(file.c.artwork_id.in_(sa.bindparam("artworks", expanding=True)))
_COUNT = sa.select(sa.func.count()).select_from(artwork).where(_MINE)


def insert(tx: Transaction, owner: Owner, artwork_id: str, **values: object) -> None:
    """Store a new one, without files."""
    times = {"created_at": tx.now, "updated_at": tx.now}
    tx.execute(_INSERT, {"id": artwork_id, "owner_id": owner.id, "version": 1, **times, **values})


def insert_files(tx: Transaction, owner: Owner, artwork_id: str, files: Sequence[PictureFile]) -> None:
    """Store the files of one that has none yet."""
    rows = [{**one._asdict(), "artwork_id": artwork_id, "owner_id": owner.id} for one in files]
    tx.execute(_INSERT_FILES, rows)


def get(tx: Transaction, owner: Owner, artwork_id: str) -> Artwork:
    """One artwork."""
    row = _row(tx, owner, artwork_id)
    return _to_artwork(row, files(tx, owner, artwork_id))


def wish(tx: Transaction, owner: Owner, artwork_id: str) -> dict[str, Any]:
    """All that drawing one takes, as it was put down."""
    found: dict[str, Any] = _row(tx, owner, artwork_id).wish
    return found


def looked_into(tx: Transaction, owner: Owner, artwork_id: str) -> ImageFacts | FileProblem | None:
    """What was kept of its picture."""
    return looking.known(_row(tx, owner, artwork_id).facts)


def files(tx: Transaction, owner: Owner, artwork_id: str) -> list[PictureFile]:
    """The files of one, the picture itself first; none before it is completed."""
    return [_to_file(row) for row in tx.all(_FILES_OF_ONE, {"artwork": artwork_id, "owner": owner.id})]


def newest(
    tx: Transaction,
    owner: Owner,
    *,
    track_id: str | None,
    status: str | None,
    before: str | None,
    limit: int,
) -> list[Artwork]:
    """Artworks, newest first, from before the id `before` on."""
    query, parameters = _NEWEST, dict[str, object](owner=owner.id, limit=limit)
    for column, value in ((artwork.c.track_id, track_id), (artwork.c.status, status)):
        if value is not None:
            query = query.where(column == sa.bindparam(column.name))
            parameters[column.name] = value
    if before is not None:
        query = query.where(artwork.c.id < sa.bindparam("before"))
        parameters["before"] = before
    rows = tx.all(query, parameters)
    if not rows:
        return []
    of: dict[str, list[PictureFile]] = {row.id: [] for row in rows}
    for one in tx.all(_FILES_OF_MANY, {"artworks": list(of), "owner": owner.id}):
        of[one.artwork_id].append(_to_file(one))
    return [_to_artwork(row, of[row.id]) for row in rows]


def count(tx: Transaction, owner: Owner) -> int:
    """How many somebody has."""
    return int(tx.scalar(_COUNT, {"owner": owner.id}))


def change(tx: Transaction, owner: Owner, artwork_id: str, **values: object) -> None:
    """Make a new version."""
    tx.execute(_CHANGE, {"of": artwork_id, "owner": owner.id, "updated_at": tx.now, **values})


def delete(tx: Transaction, owner: Owner, artwork_id: str) -> None:
    """Remove one with its files. The blobs go by the sweep."""
    tx.execute(_DELETE, {"of": artwork_id, "owner": owner.id})


def named_blobs(tx: Transaction, hashes: list[str]) -> set[str]:
    """Which of these blobs belong to artworks."""
    return {str(row.sha256) for row in tx.all(sa.select(file.c.sha256).where(file.c.sha256.in_(hashes)))}


def pictures(tx: Transaction) -> list[tuple[str, int]]:
    """Hash and size of every file, the smaller forms too."""
    rows = tx.all(
        sa.select(file.c.sha256, sa.func.max(file.c.size).label("size"))
        .group_by(file.c.sha256)
        .order_by(file.c.sha256)
    )
    return [(str(row.sha256), int(row.size)) for row in rows]


def image_path(artwork_id: str) -> str:
    """Where its file is served."""
    return f"{PREFIX}/artwork/{artwork_id}/image"


def _row(tx: Transaction, owner: Owner, artwork_id: str) -> Any:
    row = tx.one_or_none(_ONE, {"id": artwork_id, "owner": owner.id})
    if row is None:
        raise NotFound("artwork", artwork_id)
    return row


def _to_file(row: sa.Row[Any]) -> PictureFile:
    return PictureFile(row.side, row.sha256, row.type, row.width, row.height, row.size)


def _to_artwork(row: sa.Row[Any], of: list[PictureFile]) -> Artwork:
    whole = of[0] if of else None
    wish = row.wish
    return Artwork(
        id=row.id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        etag=etag_of(row.version, row.updated_at),
        status=row.status,
        source=row.source,
        title=row.title,
        artist=row.artist,
        track_id=row.track_id,
        style=wish.get("style"),
        template=wish.get("template"),
        seed=wish.get("seed"),
        lettering=bool(wish.get("lettering")),
        content_type=whole and whole.type,
        width=whole and whole.width,
        height=whole and whole.height,
        size_bytes=whole and whole.size,
        sha256=whole and whole.sha256,
        url=image_path(row.id) if whole else None,
        thumbnails=[
            ArtworkThumbnail(
                width=one.width,
                height=one.height,
                size_bytes=one.size,
                sha256=one.sha256,
                url=f"{image_path(row.id)}?size={one.side}",
            )
            for one in of[1:]
        ],
        checks=looking.checks_of(row.facts),
        provenance=None if row.provenance is None else ArtworkProvenance.model_validate(row.provenance),
        problem=None if row.problem is None else Problem.model_validate(row.problem),
    )
