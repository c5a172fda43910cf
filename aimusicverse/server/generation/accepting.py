"""A request that is accepted: a row, a render for each of its plans, a job for each render."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aimusicverse.server.generation import queries
from aimusicverse.server.generation.kept_part import KeptPart, payload_of
from aimusicverse.server.ids import new_id
from aimusicverse.server.jobs import outbox
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.types import Generation, GenerationCreate, GenerationWarning, Plan

RENDER = "render"


@dataclass(frozen=True, slots=True)
class Composed:
    """What one variant is to be: its plan, and what it keeps of an earlier recording."""

    plan: Plan
    kept: KeptPart | None = None


def accept(
    tx: Transaction,
    owner: Owner,
    body: GenerationCreate,
    *,
    engine: str,
    seed: int,
    variants: Sequence[Composed],
    warnings: list[GenerationWarning],
) -> Generation:
    """A new generation. The warnings of its first plan are its own too."""
    generation_id = new_id("gen")
    kept = variants[0].kept
    queries.insert(
        tx,
        owner,
        generation_id,
        body,
        engine=engine,
        seed=seed,
        plans=[variant.plan for variant in variants],
        warnings=[*warnings, *variants[0].plan.warnings],
        derived_from=None if kept is None else kept.track_id,
    )
    for number, variant in enumerate(variants):
        payload = {"variant": number, **payload_of(variant.kept)}
        outbox.add(tx, owner.id, RENDER, ref=generation_id, payload=payload)
    return queries.get(tx, owner, generation_id)
