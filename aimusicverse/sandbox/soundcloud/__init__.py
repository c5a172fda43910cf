"""A stand-in for SoundCloud, after its published OpenAPI description (July 2026), with its known oddities.

Tracks are read as they come and kept as a checksum and a size: nobody can hear them. Where a description is
silent (why a track is blocked, how long it is looked at), `Orders` and `Surroundings.review` decide.
"""

from aimusicverse.sandbox.soundcloud.counted import releases
from aimusicverse.sandbox.soundcloud.library import STORE
from aimusicverse.sandbox.soundcloud.routes import app
from aimusicverse.sandbox.surroundings import Surroundings

__all__ = ["STORE", "advance", "app", "releases"]


def advance(surroundings: Surroundings) -> None:
    """Do what is due by now: nothing. Reviews, releases and plays are reckoned when somebody looks."""
