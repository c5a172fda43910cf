"""`amv distributions pause`: hold it where it is."""

from __future__ import annotations

from typing import Final

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.distributions.acting import act
from aimusicverse.cli.distributions.typed import At, DistributionId

app: Final = CommandSet()


@app.command()
def pause(ctx: Context, distribution_id: DistributionId, at: At = None) -> None:
    """Hold a distribution where it is, until resume.

    What a store has and would release by itself is withheld there.

    Example:
        amv distributions pause dst_0mYdJ1x0FzbcL5Vn4zQ
    """
    act(ctx, "pause", distribution_id, at)
