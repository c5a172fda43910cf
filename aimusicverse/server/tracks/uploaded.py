"""Tracks that somebody brought. How they came about, nobody here knows."""

from __future__ import annotations

from typing import Final

from aimusicverse.types import Provenance

#: What stands where other tracks have the name of their engine.
UPLOAD: Final = "upload"


def is_upload(made: Provenance) -> bool:
    """Whether somebody brought it."""
    return made.engine == UPLOAD
