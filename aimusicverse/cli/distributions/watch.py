"""`amv distributions watch`: look on until it is there."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.distributions import watching
from aimusicverse.cli.distributions.typed import DistributionId
from aimusicverse.cli.errors import UsageProblem
from aimusicverse.cli.typed import Timeout

app: Final = CommandSet()


@app.command()
def watch(
    ctx: Context,
    distribution_id: DistributionId,
    until: Annotated[
        str | None, typer.Option("--until", metavar="live", help="Go on while it is only scheduled.")
    ] = None,
    timeout: Timeout = None,
) -> None:
    """Look on until a distribution has come to an end at each store: 1 if one has not taken it.

    A table on a terminal, in a pipe a line for each move, with --json an object a line. Ctrl-C ends the
    looking, not the distribution.

    Example:
        amv distributions watch dst_0mYdJ1x0FzbcL5Vn4zQ --until live
    """
    if until not in (None, "live"):
        raise UsageProblem("--until takes live", hint="Without it what is scheduled is an end, too.")
    with ctx.client() as client:
        found = client.distributions.get(distribution_id)
        watching.watch(ctx, client, found, until="live" if until else None, timeout=timeout)
