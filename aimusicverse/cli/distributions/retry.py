"""`amv distributions retry`: once more, as the release is now."""

from __future__ import annotations

from typing import Final

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.distributions.acting import act
from aimusicverse.cli.distributions.typed import At, DistributionId

app: Final = CommandSet()


@app.command()
def retry(ctx: Context, distribution_id: DistributionId, at: At = None) -> None:
    """Try again what has failed, was rejected, or waits for you, with the release as it is now.

    Example:
        amv distributions retry dst_0mYdJ1x0FzbcL5Vn4zQ --at spotify
    """
    act(ctx, "retry", distribution_id, at)
