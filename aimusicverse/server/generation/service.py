"""Decides about generations: what is accepted, what follows from it, when it has ended."""

from __future__ import annotations

from typing import NamedTuple

from aimusicverse.engines.base import EngineError, Rendering
from aimusicverse.server.events import service as events
from aimusicverse.server.generation import queries, reworking
from aimusicverse.server.generation.accepting import Composed, accept
from aimusicverse.server.generation.asking import (
    Engines,
    accepted,
    engine_for,
    seed_of,
    seeds_of_variants,
    warnings_of,
)
from aimusicverse.server.generation.kept_part import kept_by
from aimusicverse.server.generation.rendered_track import new_track, provenance, title_of
from aimusicverse.server.jobs import outbox
from aimusicverse.server.problems import Refusal, problem_of_engine
from aimusicverse.server.ready import Ready, ReadyAnswers
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.tracks import service as tracks
from aimusicverse.server.tracks.file_tags import of_recording
from aimusicverse.types import (
    Engine as EngineCapabilities,
)
from aimusicverse.types import (
    EngineList,
    Generation,
    GenerationCreate,
    GenerationWarning,
    Plan,
    Problem,
)


class Shown(NamedTuple):
    """A generation as an answer shows it."""

    answer: Ready
    is_final: bool


def topic(generation_id: str) -> str:
    """What those who wait for a generation listen to."""
    return f"generation:{generation_id}"


def capabilities(engines: Engines) -> EngineList:
    """All engines; the first is the default."""
    first = next(iter(engines), None)
    return EngineList(
        data=[
            engine.capabilities().model_copy(update={"default": name == first})
            for name, engine in engines.items()
        ]
    )


def plan(tx: Transaction, owner: Owner, body: GenerationCreate, engines: Engines) -> Plan:
    """What the engine understands of a request, with a seed chosen if none was given."""
    seed = seed_of(body)
    if body.extend_track_id is not None:
        source = reworking.source(tx, owner, body.extend_track_id, engines)
        reworking.require_its_engine(body, source)
        return reworking.extended(source, body, seed).plan
    engine = engine_for(engines, body)
    return accepted(lambda: engine.plan(body, seed))


def create(tx: Transaction, owner: Owner, body: GenerationCreate, engines: Engines) -> Generation:
    """Accept a request: a row, a render for each variant, a job for each render."""
    seed = seed_of(body)
    seeds = seeds_of_variants(body, seed)
    warnings: list[GenerationWarning] = []
    if body.extend_track_id is not None:
        source = reworking.source(tx, owner, body.extend_track_id, engines)
        reworking.require_its_engine(body, source)
        variants = [reworking.extended(source, body, one) for one in seeds]
        body, engine, warnings = reworking.going_on(body, source), source.engine, source.warnings
    else:
        engine = engine_for(engines, body)
        variants = [Composed(accepted(lambda one=one: engine.plan(body, one))) for one in seeds]  # type: ignore[misc]
    about = engine.capabilities()
    warnings = [*warnings_of(about, body), *warnings]
    return accept(tx, owner, body, engine=about.name, seed=seed, variants=variants, warnings=warnings)


def get(tx: Transaction, owner: Owner, generation_id: str) -> Generation:
    """A generation with its tracks."""
    found = queries.get(tx, owner, generation_id)
    found.tracks = tracks.of_generations(tx, owner, [found.id]).get(found.id, [])
    return found


def played(tx: Transaction, owner: Owner, generation_id: str, seed: int) -> Plan | None:
    """The plan with that seed that a generation rendered; `None` where there is none."""
    renders = queries.renders(tx, [queries.get(tx, owner, generation_id).id])[generation_id]
    return next((render.plan for render in renders if render.plan.seed == seed), None)


def shown(tx: Transaction, owner: Owner, generation_id: str, known: ReadyAnswers) -> Shown:
    """A generation to be shown. Only for a read: it fills `known`."""
    if known.has(generation_id):
        as_it_was = known.get(generation_id, queries.stamp(tx, owner, generation_id))
        if as_it_was is not None:
            return Shown(as_it_was, is_final=True)
    found = get(tx, owner, generation_id)
    answer = Ready(found.model_dump_json().encode())
    if found.is_final:
        known.keep(generation_id, queries.stamp_of(found), answer)
    return Shown(answer, found.is_final)


def page(
    tx: Transaction, owner: Owner, status: str | None, before: str | None, limit: int
) -> list[Generation]:
    """One more than `limit` generations, if there are so many, newest first."""
    found = queries.newest(tx, owner, status=status, before=before, limit=limit + 1)
    of = tracks.of_generations(tx, owner, [generation.id for generation in found])
    for generation in found:
        generation.tracks = of.get(generation.id, [])
    return found


def cancel(tx: Transaction, owner: Owner, generation_id: str) -> Generation:
    """Stop it. What runs is killed, finished variants are kept."""
    found = queries.get(tx, owner, generation_id)
    if found.is_final:
        raise Refusal("generation_final", f"The generation is {found.status} already.")
    queries.cancel_renders(tx, generation_id)
    queries.set_status(tx, generation_id, "cancelled")
    outbox.withdraw(tx, generation_id)
    return _announce(tx, owner, generation_id, "generation.cancelled")


# -- what the worker reports ----------------------------------------------------------------------


def started(tx: Transaction, job: outbox.Job) -> Plan:
    """A render begins, or begins again after a crash; its plan."""
    outbox.renew(tx, job)
    owner, variant = Owner(job.owner_id), _variant(job)
    first = queries.get(tx, owner, job.ref).status == "queued"
    queries.set_render(tx, job.ref, variant, status="processing", stage=None, progress=0.0)
    if first:
        queries.set_status(tx, job.ref, "processing")
        _announce(tx, owner, job.ref, "generation.started")
    return queries.renders(tx, [job.ref])[job.ref][variant].plan


def file_tags(tx: Transaction, job: outbox.Job, engine: EngineCapabilities) -> dict[str, str]:
    """What a render writes into its file: what the track will be called, and how it came to be."""
    variant = _variant(job)
    generation = queries.get(tx, Owner(job.owner_id), job.ref)
    plan = queries.renders(tx, [job.ref])[job.ref][variant].plan
    made = provenance(generation, plan, engine, kept_by(job))
    return of_recording(title_of(generation, variant), None, plan.genre, made).as_texts()


def progressed(tx: Transaction, job: outbox.Job, stage: str, fraction: float) -> None:
    """A render got on; holds its lease."""
    outbox.renew(tx, job)
    queries.set_render(tx, job.ref, _variant(job), stage=stage, progress=fraction)
    queries.set_status(tx, job.ref, "processing")
    _announce(tx, Owner(job.owner_id), job.ref, "generation.progress")


def rendered(tx: Transaction, job: outbox.Job, rendering: Rendering, engine: EngineCapabilities) -> None:
    """A render has a recording: a track is made of it."""
    outbox.finish(tx, job)
    owner, variant = Owner(job.owner_id), _variant(job)
    generation = queries.get(tx, owner, job.ref)
    plan = queries.renders(tx, [job.ref])[job.ref][variant].plan
    made = provenance(generation, plan, engine, kept_by(job))
    tracks.add(tx, owner, new_track(generation, plan, variant, rendering, made))
    if rendering.warnings:
        _warn(tx, generation, rendering)
    queries.set_render(tx, job.ref, variant, status="completed", progress=1.0)
    _end_if_last(tx, owner, job.ref)


def render_failed(tx: Transaction, job: outbox.Job, error: EngineError) -> None:
    """A render ended without a recording."""
    outbox.finish(tx, job)
    owner = Owner(job.owner_id)
    queries.set_render(
        tx,
        job.ref,
        _variant(job),
        status="failed",
        problem=problem_of_engine(error.code, error.message).model_dump(mode="json", exclude_none=True),
    )
    _end_if_last(tx, owner, job.ref)


def _end_if_last(tx: Transaction, owner: Owner, generation_id: str) -> None:
    """Once no render is left: completed if any has a track, else failed."""
    renders = queries.renders(tx, [generation_id])[generation_id]
    if any(render.status in ("queued", "processing") for render in renders):
        tx.wake(topic(generation_id))
        return
    failures = [render for render in renders if render.problem is not None]
    if len(failures) == len(renders):
        first = failures[0].problem
        queries.set_status(
            tx, generation_id, "failed", problem=first and first.model_dump(mode="json", exclude_none=True)
        )
        _announce(tx, owner, generation_id, "generation.failed")
        return
    warnings = queries.get(tx, owner, generation_id).warnings
    warnings += [_lost_variant(render.variant, render.problem) for render in failures]
    queries.set_status(
        tx, generation_id, "completed", warnings=[warning.model_dump() for warning in warnings]
    )
    _announce(tx, owner, generation_id, "generation.completed")


def _announce(tx: Transaction, owner: Owner, generation_id: str, type: str) -> Generation:
    now = get(tx, owner, generation_id)
    events.record(tx, owner, type, now)
    tx.wake(topic(generation_id))
    return now


# -- details ----------------------------------------------------------------------------------------


def _variant(job: outbox.Job) -> int:
    return int(job.payload["variant"])


def _warn(tx: Transaction, generation: Generation, rendering: Rendering) -> None:
    told = [GenerationWarning(code=code, message=message) for code, message in rendering.warnings]
    known = {warning.code for warning in generation.warnings}
    queries.set_warnings(
        tx, generation.id, [*generation.warnings, *(warning for warning in told if warning.code not in known)]
    )


def _lost_variant(variant: int, problem: Problem | None) -> GenerationWarning:
    why = problem.detail if problem and problem.detail else "no reason was given"
    return GenerationWarning(code="variant_failed", message=f"Variant {variant + 1} failed: {why}")
