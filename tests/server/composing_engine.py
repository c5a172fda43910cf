"""The studio's notes and plans with recordings that take no time."""

from __future__ import annotations

from aimusicverse.engines.studio.engine import StudioEngine
from aimusicverse.types import Engine, GenerationCreate, Plan, Structure
from tests.server.quick_engine import QuickEngine


class ComposingEngine(QuickEngine):
    """Plans and writes as the studio does; its recordings are made at once."""

    def __init__(self) -> None:
        super().__init__("studio")
        self.studio = StudioEngine()
        self.version = "1"

    def capabilities(self) -> Engine:
        outputs = ["audio", "midi", "structure"]
        return super().capabilities().model_copy(update={"outputs": outputs, "version": self.version})

    def plan(self, request: GenerationCreate, seed: int) -> Plan:
        return self.studio.plan(request, seed)

    def midi(self, plan: Plan, *, title: str, humanised: bool = False) -> bytes:
        return self.studio.midi(plan, title=title, humanised=humanised)

    def structure(self, plan: Plan) -> Structure:
        return self.studio.structure(plan)
