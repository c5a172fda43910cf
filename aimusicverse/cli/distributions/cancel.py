"""`amv distributions cancel`: give up what is not live yet."""

from __future__ import annotations

from typing import Final

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.confirm import Yes
from aimusicverse.cli.context import Context
from aimusicverse.cli.distributions.acting import ask_and_act
from aimusicverse.cli.distributions.typed import At, DistributionId

app: Final = CommandSet()


@app.command()
def cancel(ctx: Context, distribution_id: DistributionId, at: At = None, yes: Yes = False) -> None:
    """Give up what is not live yet, at some stores or at all.

    What a store has already is withdrawn there, where it allows that.

    Asks first on a terminal; elsewhere it needs --yes.

    Example:
        amv distributions cancel dst_0mYdJ1x0FzbcL5Vn4zQ --at spotify --yes
    """
    ask_and_act(ctx, "cancel", distribution_id, at, yes, to="Cancel")
