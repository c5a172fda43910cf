"""YouTube: a release becomes videos of its cover on one's own channel, by the Data API v3."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from aimusicverse.platforms.youtube.connector import YouTube

__all__ = ["YouTube"]


def __getattr__(name: str) -> object:
    """Loaded on first use (PEP 562): `codes.py` alone needs none of it."""
    if name != "YouTube":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from aimusicverse.platforms.youtube.connector import YouTube

    return YouTube
