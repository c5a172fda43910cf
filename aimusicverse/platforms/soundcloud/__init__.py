"""SoundCloud: an upload by its API, in the name of whoever connected his account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aimusicverse.platforms.soundcloud.connector import SoundCloud

__all__ = ["SoundCloud"]


def __getattr__(name: str) -> Any:
    # Whoever only asks for codes of problems does not load HTTP.
    if name == "SoundCloud":
        from aimusicverse.platforms.soundcloud.connector import SoundCloud

        return SoundCloud
    raise AttributeError(name)
