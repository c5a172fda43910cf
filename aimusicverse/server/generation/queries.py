"""The SQL of generations and their renders."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from aimusicverse.server.problems import NotFound
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.prepared import Prepared
from aimusicverse.server.store.tables import generation, render
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.tracks import known_tracks
from aimusicverse.types import Generation, GenerationCreate, GenerationWarning, Plan, Problem


@dataclass(frozen=True, slots=True)
class Render:
    """One variant in the making."""

    variant: int
    plan: Plan
    status: str
    stage: str | None
    progress: float
    problem: Problem | None


# What is run most is built once: building a statement costs more than running it.
_MINE = sa.select(generation).where(generation.c.owner_id == sa.bindparam("owner"))
_ONE = Prepared(
    _MINE.where(generation.c.id == sa.bindparam("id"))
    .join(render)
    .add_columns(*(column.label(f"render_{column.name}") for column in render.c))
    .order_by(render.c.variant)
)
#: All that can change in what a generation shows once it is final.
_STAMP = Prepared(
    known_tracks.beside(
        sa.select(generation.c.status, generation.c.updated_at)
        .select_from(generation)
        .where(generation.c.owner_id == sa.bindparam("owner"), generation.c.id == sa.bindparam("id")),
        generation.c.id,
    )
)
_NEWEST = _MINE.order_by(generation.c.id.desc()).limit(sa.bindparam("limit"))
_INSERT, _INSERT_RENDERS = Prepared(sa.insert(generation)), sa.insert(render)
_CHANGE = Prepared(sa.update(generation).where(generation.c.id == sa.bindparam("of")))
_CHANGE_RENDER = Prepared(
    sa.update(render).where(
        render.c.generation_id == sa.bindparam("of"), render.c.variant == sa.bindparam("number")
    )
)
_RENDERS = sa.select(render).order_by(render.c.generation_id, render.c.variant)
_RENDERS_OF_ONE = Prepared(_RENDERS.where(render.c.generation_id == sa.bindparam("generation")))
_RENDERS_OF_MANY = _RENDERS.where(render.c.generation_id.in_(sa.bindparam("generations", expanding=True)))


def insert(
    tx: Transaction,
    owner: Owner,
    generation_id: str,
    request: GenerationCreate,
    *,
    engine: str,
    seed: int,
    plans: list[Plan],
    warnings: list[GenerationWarning],
    derived_from: str | None = None,
) -> None:
    """A new generation and a render for each of its plans."""
    tx.execute(
        _INSERT,
        {
            "id": generation_id,
            "owner_id": owner.id,
            "status": "queued",
            "request": request.model_dump(mode="json") | {"derived_from_track_id": derived_from},
            "engine": engine,
            "seed": seed,
            "warnings": [warning.model_dump() for warning in warnings],
            "created_at": tx.now,
            "updated_at": tx.now,
        },
    )
    tx.execute(
        _INSERT_RENDERS,
        [
            {
                "generation_id": generation_id,
                "variant": variant,
                "plan": plan.model_dump(mode="json"),
                "status": "queued",
                "progress": 0.0,
            }
            for variant, plan in enumerate(plans)
        ],
    )


def get(tx: Transaction, owner: Owner, generation_id: str) -> Generation:
    """One generation, without its tracks."""
    rows = tx.all(_ONE, {"id": generation_id, "owner": owner.id})
    if not rows:
        raise NotFound("generation", generation_id)
    return _to_generation(rows[0], [_to_render(row, "render_") for row in rows])


def stamp(tx: Transaction, owner: Owner, generation_id: str) -> Hashable:
    """What a generation is known by: what it shows is the same as long as this is, once it is final."""
    return tuple(map(tuple, tx.all(_STAMP, {"id": generation_id, "owner": owner.id})))


def stamp_of(found: Generation) -> Hashable:
    """The same of a generation that was read, with its tracks."""
    state = (found.status, found.updated_at)
    if not found.tracks:
        return ((*state, None, None, None),)
    return tuple((*state, *known_tracks.mark_of(track)) for track in found.tracks)


def newest(
    tx: Transaction, owner: Owner, *, status: str | None, before: str | None, limit: int
) -> list[Generation]:
    """Generations, newest first, from before the id `before` on, without their tracks."""
    query, parameters = _NEWEST, dict[str, object](owner=owner.id, limit=limit)
    if status is not None:
        query = query.where(generation.c.status == sa.bindparam("status"))
        parameters["status"] = status
    if before is not None:
        query = query.where(generation.c.id < sa.bindparam("before"))
        parameters["before"] = before
    rows = tx.all(query, parameters)
    of = renders(tx, [row.id for row in rows])
    return [_to_generation(row, of[row.id]) for row in rows]


def renders(tx: Transaction, generation_ids: list[str]) -> dict[str, list[Render]]:
    """The renders of some generations, by generation, in order."""
    found: dict[str, list[Render]] = {identifier: [] for identifier in generation_ids}
    if not generation_ids:
        return found
    if len(generation_ids) == 1:
        rows = tx.all(_RENDERS_OF_ONE, {"generation": generation_ids[0]})
    else:
        rows = tx.all(_RENDERS_OF_MANY, {"generations": generation_ids})
    for row in rows:
        found[row.generation_id].append(_to_render(row))
    return found


def _to_render(row: sa.Row[Any], prefix: str = "") -> Render:
    problem = getattr(row, f"{prefix}problem")
    return Render(
        getattr(row, f"{prefix}variant"),
        Plan.model_validate(getattr(row, f"{prefix}plan")),
        getattr(row, f"{prefix}status"),
        getattr(row, f"{prefix}stage"),
        getattr(row, f"{prefix}progress"),
        None if problem is None else Problem.model_validate(problem),
    )


def set_status(tx: Transaction, generation_id: str, status: str, **values: Any) -> None:
    """Change a generation's state."""
    tx.execute(_CHANGE, {"of": generation_id, "status": status, "updated_at": tx.now, **values})


def set_warnings(tx: Transaction, generation_id: str, warnings: list[GenerationWarning]) -> None:
    """Change what is said of a generation."""
    values = {"of": generation_id, "updated_at": tx.now, "warnings": [one.model_dump() for one in warnings]}
    tx.execute(_CHANGE, values)


def set_render(tx: Transaction, generation_id: str, variant: int, **values: Any) -> None:
    """Change a render."""
    tx.execute(_CHANGE_RENDER, {"of": generation_id, "number": variant, **values})


def cancel_renders(tx: Transaction, generation_id: str) -> None:
    """All renders that have not ended are cancelled."""
    tx.execute(
        sa.update(render)
        .where(render.c.generation_id == generation_id, render.c.status.in_(("queued", "processing")))
        .values(status="cancelled")
    )


def _to_generation(row: sa.Row[Any], of: list[Render]) -> Generation:
    request = row.request  # was validated when it was accepted
    slowest = min(of, key=lambda render: render.progress)
    return Generation(
        id=row.id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        status=row.status,
        progress=1.0 if row.status == "completed" else round(sum(r.progress for r in of) / len(of), 4),
        stage=slowest.stage if row.status == "processing" else None,
        prompt=request["prompt"],
        title=request["title"],
        style=request["style"],
        lyrics=request["lyrics"],
        tags=request["tags"],
        negative_tags=request["negative_tags"],
        instrumental=request["instrumental"],
        duration_seconds=of[0].plan.duration_seconds,
        tempo_bpm=of[0].plan.tempo_bpm,
        key=of[0].plan.key,
        seed=row.seed,
        variants=request["variants"],
        extend_track_id=request.get("extend_track_id"),  # not in what an older server wrote
        derived_from_track_id=request.get("derived_from_track_id"),
        engine=row.engine,
        plan=of[0].plan,
        warnings=[GenerationWarning.model_validate(warning) for warning in row.warnings],
        problem=None if row.problem is None else Problem.model_validate(row.problem),
    )
