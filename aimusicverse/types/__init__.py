"""The contract: every object that client, command line and server exchange (pydantic v2).

Requests are closed (an unknown field is refused), answers are open (an unknown field or
enum value from a newer server is kept).
"""

from aimusicverse.types.base import Answer, Object, Page, Request
from aimusicverse.types.engine import Engine, EngineList
from aimusicverse.types.event import Event, EventPage
from aimusicverse.types.generation import (
    Generation,
    GenerationCreate,
    GenerationWarning,
    Plan,
    PlanEdit,
    PlanSection,
    PlanSectionEdit,
)
from aimusicverse.types.problem import FieldError, Problem
from aimusicverse.types.track import PlayUrl, PlayUrlCreate, Provenance, Track, TrackAudio

__all__ = [
    "Answer",
    "Engine",
    "EngineList",
    "Event",
    "EventPage",
    "FieldError",
    "Generation",
    "GenerationCreate",
    "GenerationWarning",
    "Object",
    "Page",
    "Plan",
    "PlanEdit",
    "PlanSection",
    "PlanSectionEdit",
    "PlayUrl",
    "PlayUrlCreate",
    "Problem",
    "Provenance",
    "Request",
    "Track",
    "TrackAudio",
]
