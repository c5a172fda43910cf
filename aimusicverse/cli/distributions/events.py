"""`amv distributions events`: the history of one."""

from __future__ import annotations

from typing import Final

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.distributions.typed import DistributionId
from aimusicverse.cli.moments import moment
from aimusicverse.cli.typed import Cursor, Limit

app: Final = CommandSet()


@app.command()
def events(ctx: Context, distribution_id: DistributionId, limit: Limit = 30, cursor: Cursor = None) -> None:
    """List what happened to a distribution, in order.

    Example:
        amv distributions events dst_0mYdJ1x0FzbcL5Vn4zQ
    """
    with ctx.client() as client:
        page = client.distributions.events(distribution_id, limit=limit).page(cursor)
    ctx.show_page(
        page,
        {
            "time": lambda one: moment(ctx, one.at),
            "store": lambda one: one.platform or "",
            "type": lambda one: one.type,
            "status": lambda one: one.status or "",
            "what": lambda one: one.message,
        },
        gives_way="what",
    )
