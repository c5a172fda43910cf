"""`amv distributions takedown`: away from people."""

from __future__ import annotations

from typing import Final

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.confirm import Yes
from aimusicverse.cli.context import Context
from aimusicverse.cli.distributions.acting import ask_and_act
from aimusicverse.cli.distributions.typed import At, DistributionId

app: Final = CommandSet()


@app.command()
def takedown(ctx: Context, distribution_id: DistributionId, at: At = None, yes: Yes = False) -> None:
    """Take a release away from people, where it is live.

    Asks first on a terminal; elsewhere it needs --yes.

    Example:
        amv distributions takedown dst_0mYdJ1x0FzbcL5Vn4zQ --yes
    """
    ask_and_act(ctx, "takedown", distribution_id, at, yes, to="Take down")
