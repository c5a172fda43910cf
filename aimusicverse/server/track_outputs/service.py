"""Decides what is known of a track's music, and what may be made of it."""

from __future__ import annotations

from dataclasses import dataclass

from aimusicverse.engines.base import Engine
from aimusicverse.server.generation import service as generations
from aimusicverse.server.generation.asking import Engines
from aimusicverse.server.problems import Refusal
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.tracks import service as tracks
from aimusicverse.server.tracks.uploaded import is_upload
from aimusicverse.types import Plan, Track


@dataclass(frozen=True, slots=True)
class Composition:
    """What was played, who can write it down, and whether that would be the same notes again."""

    plan: Plan
    engine: Engine
    same_version: bool

    def gives(self, output: str) -> bool:
        """Whether the engine has that among its outputs."""
        return output in self.engine.capabilities().outputs


def recorded(tx: Transaction, owner: Owner, track_id: str) -> tuple[Track, Plan | None]:
    """A track, and the plan of it that is on record; of tracks that do not have it themselves, the plan that
    their generation was rendered by."""
    track = tracks.get(tx, owner, track_id)
    made = track.provenance
    if made.plan is not None or made.generation_id is None or made.seed is None:
        return track, made.plan
    return track, generations.played(tx, owner, made.generation_id, made.seed)


def composition(track: Track, plan: Plan | None, engines: Engines) -> Composition | None:
    """What can be written down of a track; `None` of one whose plan or engine is not here."""
    engine = engines.get(track.provenance.engine)
    if plan is None or engine is None:
        return None
    return Composition(plan, engine, engine.capabilities().version == track.provenance.engine_version)


def notes(track: Track, plan: Plan | None, engines: Engines) -> Composition:
    """What the notes of a track can be written from.

    Raises:
        Refusal: `midi_unavailable`; the detail says why.
    """
    made, found = track.provenance, composition(track, plan, engines)
    if found is None:
        why = (
            "It was uploaded: there are no notes of it, only sound."
            if is_upload(made)
            else f"This server has no engine {made.engine}, which made it."
            if made.engine not in engines
            else "The plan that it was played by is not on record."
        )
        raise Refusal("midi_unavailable", why)
    if not found.gives("midi"):
        raise Refusal("midi_unavailable", f"The engine {made.engine} writes no notes.")
    if not found.same_version:
        now = found.engine.capabilities().version
        raise Refusal(
            "midi_unavailable",
            f"It was made by {made.engine} {made.engine_version}; {made.engine} {now}, which is here, would "
            "write other notes than those of the recording.",
        )
    return found
