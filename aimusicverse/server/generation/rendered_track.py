"""The track that a render becomes: what it is called, and how it came to be."""

from __future__ import annotations

from aimusicverse.engines.base import Rendering
from aimusicverse.server.generation.kept_part import KeptPart
from aimusicverse.server.tracks.queries import NewTrack
from aimusicverse.types import Engine as EngineCapabilities
from aimusicverse.types import Generation, Plan, Provenance


def new_track(
    generation: Generation, plan: Plan, variant: int, rendering: Rendering, made: Provenance
) -> NewTrack:
    """The track, as the library keeps it."""
    return NewTrack(
        title=title_of(generation, variant),
        duration_seconds=rendering.duration_seconds,
        tempo_bpm=plan.tempo_bpm,
        key=plan.key,
        genre=plan.genre,
        tags=generation.tags,
        lyrics=generation.lyrics,
        sample_rate=rendering.sample_rate,
        channels=rendering.channels,
        bit_depth=rendering.bit_depth,
        lufs=rendering.lufs,
        true_peak_dbtp=rendering.true_peak_dbtp,
        master_sha256=rendering.sha256,
        master_size=rendering.size_bytes,
        provenance=made,
    )


def provenance(
    generation: Generation, plan: Plan, engine: EngineCapabilities, kept: KeptPart | None
) -> Provenance:
    """How it comes to be. The plan without what it says of the request: that is the generation's."""
    return Provenance(
        generation_id=generation.id,
        engine=engine.name,
        engine_version=engine.version,
        prompt=generation.prompt,
        seed=plan.seed,
        licence=engine.licence,
        ai_parts=["composition", "instruments"],
        source_type=engine.source_type,
        soundfont=engine.soundfont,
        plan=plan.model_copy(update={"understood": {}, "not_understood": [], "warnings": []}),
        derived_from_track_id=kept and kept.track_id,
        derivation=kept and kept.what,
    )


def title_of(generation: Generation, variant: int) -> str:
    """What it is called until somebody gives it a name; variants have a number."""
    title = generation.title or _first_words(generation.prompt)
    return f"{title} ({variant + 1})" if generation.variants > 1 else title


def _first_words(prompt: str) -> str:
    """The prompt's first words, as a title."""
    first = " ".join(prompt.split())
    if len(first) > 60:
        first = first[:60].rsplit(" ", 1)[0] + "…"
    return first[:1].upper() + first[1:]
