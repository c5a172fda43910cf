"""What a request asks for: which engine, which seed, which plan; what it will not get."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import TypeVar

from aimusicverse.engines.base import Engine, PlanRefused
from aimusicverse.server.problems import Refusal, shortened
from aimusicverse.types import Engine as EngineCapabilities
from aimusicverse.types import FieldError, GenerationCreate, GenerationWarning
from aimusicverse.types.generation_request import MAX_SEED

T = TypeVar("T")

Engines = Mapping[str, Engine]


def engine_for(engines: Engines, body: GenerationCreate) -> Engine:
    """The engine that is named, or the first.

    Raises:
        Refusal: `engine_unknown`.
    """
    name = body.engine or (body.plan.engine if body.plan else None) or next(iter(engines))
    engine = engines.get(name)
    if engine is None:
        known = ", ".join(engines)
        raise Refusal(
            "engine_unknown",
            f"There is no engine {shortened(name)}; this server has: {known}.",
            errors=[
                FieldError(
                    field="engine",
                    code="engine_unknown",
                    message="not an engine of this server",
                    hint=f"one of: {known}",
                    example=next(iter(engines)),
                )
            ],
        )
    return engine


def seed_of(body: GenerationCreate) -> int:
    """The seed that is asked for, or a new one."""
    if body.seed is not None:
        return body.seed
    # Short enough for a person to read out and type again.
    return body.plan.seed if body.plan else secrets.randbelow(2**31)


def seeds_of_variants(body: GenerationCreate, seed: int) -> list[int]:
    """Variant n is what a caller gets who asks for one variant with seed + n."""
    return [(seed + n) % (MAX_SEED + 1) for n in range(body.variants)]


def accepted(made: Callable[[], T]) -> T:
    """What an engine makes of a request.

    Raises:
        Refusal: `plan_refused`, with the field and the engine's own code.
    """
    try:
        return made()
    except PlanRefused as refused:
        raise Refusal(
            "plan_refused",
            refused.message,
            errors=[FieldError(field=refused.field or "plan", code=refused.code, message=refused.message)],
        ) from None


def warnings_of(engine: EngineCapabilities, body: GenerationCreate) -> list[GenerationWarning]:
    """What is accepted and will not be heard."""
    warnings = []
    if body.lyrics and not engine.sings:
        warnings.append(
            GenerationWarning(
                code="lyrics_not_sung",
                message=f"The engine {engine.name} does not sing: the lyrics are kept with the track.",
            )
        )
    if not body.instrumental and not engine.sings:
        warnings.append(
            GenerationWarning(
                code="no_vocals",
                message=f"The engine {engine.name} does not sing: the music is instrumental.",
            )
        )
    return [*warnings, *_licence_warnings(engine)]


def _licence_warnings(engine: EngineCapabilities) -> list[GenerationWarning]:
    """Whose sounds are heard, if they are not the engine's own."""
    if engine.soundfont is None:
        return []
    message = (
        f"The samples of {engine.soundfont.name} are heard: what may be done with the music, "
        "its licence says."
    )
    return [GenerationWarning(code="soundfont_licence", message=message)]
