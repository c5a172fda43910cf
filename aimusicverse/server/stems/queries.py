"""The SQL of stems."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from aimusicverse.engines.base import StemsRendering
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.settings import PREFIX
from aimusicverse.server.store.prepared import Prepared
from aimusicverse.server.store.tables import stem, stem_set
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.types import Problem, Stem, StemSet

# What is run most is built once: building a statement costs more than running it.
_OF_TRACK = stem_set.c.track_id == sa.bindparam("track"), stem_set.c.owner_id == sa.bindparam("owner")
_ONE = Prepared(sa.select(stem_set).where(*_OF_TRACK))
_CHANGE = Prepared(sa.update(stem_set).where(*_OF_TRACK))
_STEMS = Prepared(
    sa.select(stem)
    .where(stem.c.track_id == sa.bindparam("track"), stem.c.owner_id == sa.bindparam("owner"))
    .order_by(stem.c.number)
)
_OF_FILES = ("gain_db", "duration_seconds", "sample_rate", "channels", "bit_depth")
_NOTHING_YET = {"status": "queued", "stage": None, "progress": 0.0, "problem": None}


def find(tx: Transaction, owner: Owner, track_id: str) -> StemSet | None:
    """The stems of a track as they are; `None` when nobody has asked for them."""
    row = tx.one_or_none(_ONE, {"track": track_id, "owner": owner.id})
    if row is None:
        return None
    stems = tx.all(_STEMS, {"track": track_id, "owner": owner.id}) if row.status == "ready" else []
    return _to_set(row, stems)


def begin(tx: Transaction, owner: Owner, track_id: str) -> None:
    """They were asked for, for the first time."""
    row = {"track_id": track_id, "owner_id": owner.id, "created_at": tx.now, "updated_at": tx.now}
    tx.execute(sa.insert(stem_set), row | _NOTHING_YET)


def begin_anew(tx: Transaction, owner: Owner, track_id: str) -> None:
    """They failed, or were lost, and were asked for again."""
    tx.execute(sa.delete(stem).where(stem.c.track_id == track_id, stem.c.owner_id == owner.id))
    change(tx, owner, track_id, **_NOTHING_YET, **dict.fromkeys(_OF_FILES))


def change(tx: Transaction, owner: Owner, track_id: str, **values: Any) -> None:
    """Note how far they are."""
    tx.execute(_CHANGE, {"track": track_id, "owner": owner.id, "updated_at": tx.now, **values})


def finish(tx: Transaction, owner: Owner, track_id: str, made: StemsRendering) -> None:
    """They are ready."""
    change(
        tx,
        owner,
        track_id,
        status="ready",
        stage=None,
        progress=1.0,
        gain_db=made.gain_db,
        duration_seconds=made.duration_seconds,
        sample_rate=made.sample_rate,
        channels=made.channels,
        bit_depth=made.bit_depth,
    )
    rows = [
        {
            "track_id": track_id,
            "number": number,
            "owner_id": owner.id,
            "name": one.name,
            "instrument": one.instrument,
            "role": one.role,
            "peak_dbfs": one.peak_dbfs,
            "sha256": one.sha256,
            "size": one.size_bytes,
        }
        for number, one in enumerate(made.stems)
    ]
    if rows:
        tx.execute(sa.insert(stem), rows)


def forget(tx: Transaction, track_ids: list[str]) -> set[str]:
    """Remove the stems of tracks, whoever's they are; the hashes of their files.

    The blobs go by the sweep, as no row names them any more.
    """
    of = sa.select(stem.c.sha256).where(stem.c.track_id.in_(track_ids))
    hashes = {str(row.sha256) for row in tx.all(of)}
    tx.execute(sa.delete(stem_set).where(stem_set.c.track_id.in_(track_ids)))
    return hashes


def unfinished(tx: Transaction, track_ids: list[str]) -> list[str]:
    """Those of the tracks whose stems are being made, or are to be."""
    rows = tx.all(
        sa.select(stem_set.c.track_id).where(
            stem_set.c.track_id.in_(track_ids), stem_set.c.status.in_(("queued", "processing"))
        )
    )
    return [str(row.track_id) for row in rows]


def named_blobs(tx: Transaction, hashes: list[str]) -> set[str]:
    """Which of these blobs are stems."""
    return {str(row.sha256) for row in tx.all(sa.select(stem.c.sha256).where(stem.c.sha256.in_(hashes)))}


def all_files(tx: Transaction) -> list[tuple[str, int]]:
    """Hash and size of every stem."""
    rows = tx.all(
        sa.select(stem.c.sha256, sa.func.max(stem.c.size).label("size"))
        .group_by(stem.c.sha256)
        .order_by(stem.c.sha256)
    )
    return [(str(row.sha256), int(row.size)) for row in rows]


def _to_set(row: sa.Row[Any], stems: Sequence[sa.Row[Any]]) -> StemSet:
    return StemSet(
        track_id=row.track_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        status=row.status,
        progress=row.progress,
        stage=row.stage,
        gain_db=row.gain_db,
        duration_seconds=row.duration_seconds,
        sample_rate=row.sample_rate,
        channels=row.channels,
        bit_depth=row.bit_depth,
        stems=[
            Stem(
                name=one.name,
                instrument=one.instrument,
                role=one.role,
                peak_dbfs=one.peak_dbfs,
                sha256=one.sha256,
                size_bytes=one.size,
                url=f"{PREFIX}/tracks/{row.track_id}/stems/{one.name}/audio",
            )
            for one in stems
        ],
        problem=None if row.problem is None else Problem.model_validate(row.problem),
    )
