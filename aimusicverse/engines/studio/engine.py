"""The studio behind the door: plans here, renders in a child process."""

from __future__ import annotations

from pathlib import Path

from aimusicverse.engines.base import Derived, Job, Order
from aimusicverse.engines.child import HostedJob
from aimusicverse.engines.studio.extend import extend
from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.engines.studio.plan import ENGINE, make_plan
from aimusicverse.engines.studio.retake import retake
from aimusicverse.types import Engine as Capabilities
from aimusicverse.types import GenerationCreate, Plan

#: Rises whenever the same plan would give other music.
VERSION = "1.2"


class StudioEngine:
    """The embedded engine. Importing and planning need no numpy; only the child loads it."""

    def capabilities(self) -> Capabilities:
        """What it can do."""
        return Capabilities(
            name=ENGINE,
            version=VERSION,
            kind="embedded",
            description="Composes by rules and plays by synthesis, on this machine; no neural model.",
            genres=list(GENRES),
            sings=False,
            seedable=True,
            min_duration_seconds=5,
            max_duration_seconds=600,
            licence="Yours: music made by the studio may be used and sold without conditions.",
            source_type="algorithmicMedia",
        )

    def plan(self, request: GenerationCreate, seed: int) -> Plan:
        """What it understands of a request. `seed` is used as given, also with an edited plan.

        Raises:
            PlanRefused: an edited plan that cannot be followed.
        """
        return make_plan(request, seed)

    def retake(self, plan: Plan, section: int, take: int | None = None) -> Derived:
        """The same piece with another take of a section, by number or the next one."""
        return retake(plan, section, take)

    def extend(self, plan: Plan, request: GenerationCreate, seed: int) -> Derived:
        """The same piece, going on as `request` says.

        Raises:
            PlanRefused: there is nothing to go on from, or no room.
        """
        return extend(plan, request, seed)

    def start(self, order: Order, workspace: Path) -> Job:
        """Make one recording in a child process, which writes `workspace`/studio.wav."""
        return HostedJob(ENGINE, order, workspace)
