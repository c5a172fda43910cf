"""Times: RFC 3339 for programs; for people how long ago, or in full."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aimusicverse.cli.context import Context

_STEPS = ((60, 1, "s"), (3600, 60, "min"), (48 * 3600, 3600, "h"), (100 * 86400, 86400, "days"))


def moment(ctx: Context, time: datetime) -> str:
    """A time of which there is only one to be seen."""
    return time.astimezone().strftime("%Y-%m-%d %H:%M") if ctx.output.to_terminal else _exact(time)


def age(ctx: Context, time: datetime) -> str:
    """A time in a column: short on a terminal."""
    if not ctx.output.to_terminal:
        return _exact(time)
    seconds = (datetime.now(UTC) - time).total_seconds()
    for below, unit, name in _STEPS:
        if 0 <= seconds < below:
            return f"{seconds // unit:.0f} {name} ago"
    return time.astimezone().strftime("%Y-%m-%d")


def ahead(ctx: Context, time: datetime) -> str:
    """A time in a column that is still to come: short on a terminal."""
    if not ctx.output.to_terminal:
        return _exact(time)
    seconds = (time - datetime.now(UTC)).total_seconds()
    if seconds <= 0:
        return "now"
    for below, unit, name in _STEPS:
        if seconds < below:
            return f"in {seconds / unit:.0f} {name}"
    return time.astimezone().strftime("%Y-%m-%d")


def _exact(time: datetime) -> str:
    from aimusicverse.types.base import rfc3339

    return rfc3339(time)
