"""Decides about music that is made from a track: one that goes on, one with a section played anew."""

from __future__ import annotations

from dataclasses import dataclass

from aimusicverse.engines.base import Derived, Engine, Reworks
from aimusicverse.server.generation.accepting import Composed, accept
from aimusicverse.server.generation.asking import Engines, accepted, warnings_of
from aimusicverse.server.generation.kept_part import KeptPart
from aimusicverse.server.generation.same_sounds import other_sounds
from aimusicverse.server.problems import Refusal, shortened
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.tracks import service as tracks
from aimusicverse.types import (
    FieldError,
    Generation,
    GenerationCreate,
    GenerationWarning,
    Plan,
    SectionRegenerate,
    Track,
)

_LONGEST_TITLE = 100


@dataclass(frozen=True, slots=True)
class Source:
    """A track that can be worked on from: its plan, and the engine that plays it."""

    track: Track
    plan: Plan
    engine: Engine
    reworks: Reworks

    @property
    def warnings(self) -> list[GenerationWarning]:
        """What is to be said of all that is made from it."""
        made, here = self.track.provenance, self.engine.capabilities()
        if made.engine_version == here.version:
            return []
        message = (
            f"The track was made by {made.engine} {made.engine_version}. What is new is played by "
            f"{here.version}, which may play otherwise."
        )
        return [GenerationWarning(code="engine_version_differs", message=message)]

    def composed(self, derived: Derived) -> Composed:
        """What is to be rendered, keeping the samples that the engine wants kept."""
        rate = self.track.audio.sample_rate
        spans = tuple((round(start * rate), round(end * rate)) for start, end in derived.kept)
        kept = KeptPart(self.track.id, self.track.audio.sha256, spans, derived.what)
        return Composed(derived.plan, kept)


def source(tx: Transaction, owner: Owner, track_id: str, engines: Engines) -> Source:
    """A track of this owner's that can be worked on from.

    Raises:
        Refusal: `track_not_found`; `track_not_replayable`: no plan of it is on record, no engine that can, or
            other sounds than it was played by: half of a song would be by others.
    """
    track = tracks.get(tx, owner, track_id)
    plan = track.provenance.plan
    if plan is None:
        raise Refusal("track_not_replayable", "It is not on record what was played in this track.")
    engine = engines.get(plan.engine)
    if engine is None:
        detail = f"This server does not have the engine {shortened(plan.engine)}, which made this track."
        raise Refusal("track_not_replayable", detail)
    if not isinstance(engine, Reworks):
        detail = f"The engine {plan.engine} cannot work on from what it made."
        raise Refusal("track_not_replayable", detail)
    if (why := other_sounds(track.provenance, engine.capabilities())) is not None:
        raise Refusal("track_not_replayable", why)
    return Source(track, plan, engine, engine)


def require_its_engine(body: GenerationCreate, of: Source) -> None:
    """See that no other engine is asked for than the one that made the track.

    Raises:
        Refusal: `plan_refused`.
    """
    if body.engine in (None, of.plan.engine):
        return
    message = f"the track was made by {of.plan.engine}, and goes on with it"
    wrong = FieldError(field="engine", code="wrong_engine", message=message)
    raise Refusal("plan_refused", message, errors=[wrong])


def going_on(body: GenerationCreate, of: Source) -> GenerationCreate:
    """The request as it is kept: where it says nothing, with what the track says."""
    said = {"title": body.title or of.track.title[:_LONGEST_TITLE]}
    if not body.prompt:
        said["prompt"] = of.track.provenance.prompt
    return body.model_copy(update=said)


def extended(of: Source, body: GenerationCreate, seed: int) -> Composed:
    """The track going on as `body` says.

    Raises:
        Refusal: `plan_refused`: there is nothing to go on from, or no room.
    """
    return of.composed(accepted(lambda: of.reworks.extend(of.plan, body, seed)))


def regenerate(
    tx: Transaction, owner: Owner, track_id: str, section: int, body: SectionRegenerate, engines: Engines
) -> Generation:
    """A new track: the same recording, but for one section, which is played anew."""
    of = source(tx, owner, track_id, engines)
    count = len(of.plan.sections)
    if not 0 <= section < count:
        are = "is one section, number 0" if count == 1 else f"are {count} sections, from 0 to {count - 1}"
        raise Refusal("section_not_found", f"There is no section {section} in this track: there {are}.")
    composed = of.composed(of.reworks.retake(of.plan, section, body.take))
    track = of.track
    # Nothing here was sent: it is the track's own, accepted before.
    request = GenerationCreate.model_construct(
        prompt=track.provenance.prompt,
        duration_seconds=of.plan.duration_seconds,
        title=track.title[:_LONGEST_TITLE],
        tags=track.tags,
        lyrics=track.lyrics,
        seed=of.plan.seed,
        engine=of.plan.engine,
    )
    return accept(
        tx,
        owner,
        request,
        engine=of.plan.engine,
        seed=of.plan.seed,
        variants=[composed],
        warnings=[*warnings_of(of.engine.capabilities(), request), *of.warnings],
    )
