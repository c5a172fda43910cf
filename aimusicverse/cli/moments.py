"""Times: RFC 3339 for programs, the reader's own clock for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from aimusicverse.cli.context import Context


def moment(ctx: Context, time: datetime) -> str:
    """A time for a cell."""
    if ctx.output.to_terminal:
        return time.astimezone().strftime("%Y-%m-%d %H:%M")
    from aimusicverse.types.base import rfc3339

    return rfc3339(time)
