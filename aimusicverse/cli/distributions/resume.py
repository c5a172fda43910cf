"""`amv distributions resume`: let go on what is held."""

from __future__ import annotations

from typing import Final

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.distributions.acting import act
from aimusicverse.cli.distributions.typed import At, DistributionId

app: Final = CommandSet()


@app.command()
def resume(ctx: Context, distribution_id: DistributionId, at: At = None) -> None:
    """Let a distribution go on that pause holds.

    Example:
        amv distributions resume dst_0mYdJ1x0FzbcL5Vn4zQ
    """
    act(ctx, "resume", distribution_id, at)
