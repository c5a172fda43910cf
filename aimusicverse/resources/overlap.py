"""How long what is replaced still counts."""

from __future__ import annotations

from datetime import timedelta


def overlap_body(overlap: timedelta | float | None) -> dict[str, int]:
    """What a rotation is asked with: seconds, if it is a number; None leaves it to the server."""
    if overlap is None:
        return {}
    seconds = overlap.total_seconds() if isinstance(overlap, timedelta) else overlap
    return {"overlap_seconds": round(seconds)}
