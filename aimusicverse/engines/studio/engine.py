"""The studio behind the door: plans here, renders in a child process."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from aimusicverse.engines.base import Derived, Job, Order, Rendering, StemsRendering
from aimusicverse.engines.child import RECORDING, STEMS, HostedJob
from aimusicverse.engines.soundfont import Soundfont
from aimusicverse.engines.studio.chart import write_chart
from aimusicverse.engines.studio.extend import extend
from aimusicverse.engines.studio.genres import GENRES
from aimusicverse.engines.studio.midi import write_midi
from aimusicverse.engines.studio.plan import ENGINE, make_plan
from aimusicverse.engines.studio.retake import retake
from aimusicverse.types import Engine as Capabilities
from aimusicverse.types import GenerationCreate, Plan, SoundfontInUse, Structure

#: Rises whenever the same plan would give other music.
VERSION = "1.2"


class StudioEngine:
    """The embedded engine. Importing and planning need no numpy; only the child loads it.

    `soundfont`: plays what it can, in place of the studio's own tones and drums.
    """

    def __init__(self, soundfont: Soundfont | None = None) -> None:
        self._soundfont = soundfont

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
            outputs=["audio", "stems", "midi", "structure"],
            licence=self._licence(),
            source_type="algorithmicMedia",
            soundfont=self._soundfont
            and SoundfontInUse(name=self._soundfont.name, sha256=self._soundfont.sha256),
        )

    def _licence(self) -> str:
        if self._soundfont is None:
            return "Yours: music made by the studio may be used and sold without conditions."
        return (
            f"Yours, but for the samples of {self._soundfont.name} that are heard in it: their own licence "
            "says what may be done with them."
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

    def start(self, order: Order, workspace: Path) -> Job[Rendering]:
        """Make one recording in a child process, which writes `workspace`/studio.wav."""
        return HostedJob(RECORDING, ENGINE, replace(order, soundfont=self._soundfont), workspace)

    def start_stems(self, order: Order, workspace: Path) -> Job[StemsRendering]:
        """Play the parts of a plan in a child process, which writes `workspace`/01-drums.wav and so on."""
        return HostedJob(STEMS, ENGINE, replace(order, soundfont=self._soundfont), workspace)

    def midi(self, plan: Plan, *, title: str, humanised: bool = False) -> bytes:
        """The notes of a plan's music as a Standard MIDI File (see `studio.midi`)."""
        made_by = f"Composed by aimusicverse, {ENGINE} {VERSION}, seed {plan.seed}"
        return write_midi(plan, title=title, made_by=made_by, humanised=humanised)

    def structure(self, plan: Plan) -> Structure:
        """Sections, bars and chords of a plan's music."""
        return write_chart(plan)
