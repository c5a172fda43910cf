"""The contract: every object that client, command line and server exchange (pydantic v2).

Requests are closed (an unknown field is refused), answers are open (an unknown field or
enum value from a newer server is kept). A type is loaded when its name is first used (PEP 562).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aimusicverse.types.base import Answer, Editable, Object, Page
    from aimusicverse.types.engine import Engine, EngineList
    from aimusicverse.types.event import Event, EventPage
    from aimusicverse.types.generation import Generation, GenerationWarning, Plan, PlanSection
    from aimusicverse.types.generation_request import GenerationCreate, PlanEdit, PlanSectionEdit
    from aimusicverse.types.playlist import Playlist, PlaylistEntry
    from aimusicverse.types.playlist_request import (
        PlaylistCreate,
        PlaylistTrackMove,
        PlaylistTracksAdd,
        PlaylistTracksReplace,
        PlaylistUpdate,
    )
    from aimusicverse.types.problem import FieldError, Problem
    from aimusicverse.types.request import Request
    from aimusicverse.types.track import PlayUrl, Provenance, Track, TrackAudio
    from aimusicverse.types.track_request import PlayUrlCreate, TrackUpdate, TrackUpload

_HOME = {
    "base": ("Answer", "Editable", "Object", "Page"),
    "engine": ("Engine", "EngineList"),
    "event": ("Event", "EventPage"),
    "generation": ("Generation", "GenerationWarning", "Plan", "PlanSection"),
    "generation_request": ("GenerationCreate", "PlanEdit", "PlanSectionEdit"),
    "playlist": ("Playlist", "PlaylistEntry"),
    "playlist_request": (
        "PlaylistCreate",
        "PlaylistTrackMove",
        "PlaylistTracksAdd",
        "PlaylistTracksReplace",
        "PlaylistUpdate",
    ),
    "problem": ("FieldError", "Problem"),
    "request": ("Request",),
    "track": ("PlayUrl", "Provenance", "Track", "TrackAudio"),
    "track_request": ("PlayUrlCreate", "TrackUpdate", "TrackUpload"),
}
_MODULE_OF = {name: f"{__name__}.{module}" for module, names in _HOME.items() for name in names}

__all__ = [
    "Answer",
    "Editable",
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
    "Playlist",
    "PlaylistCreate",
    "PlaylistEntry",
    "PlaylistTrackMove",
    "PlaylistTracksAdd",
    "PlaylistTracksReplace",
    "PlaylistUpdate",
    "Problem",
    "Provenance",
    "Request",
    "Track",
    "TrackAudio",
    "TrackUpdate",
    "TrackUpload",
]


def __getattr__(name: str) -> Any:
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(module), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
