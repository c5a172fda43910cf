"""`amv platforms disconnect`: an account forgotten."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.confirm import Yes, ask, need_a_yes
from aimusicverse.cli.context import Context
from aimusicverse.cli.distributions.view import mode_word
from aimusicverse.cli.platforms.connect import Live

app: Final = CommandSet()


@app.command()
def disconnect(
    ctx: Context,
    platform: Annotated[str, typer.Argument(metavar="STORE", help="soundcloud, spotify, …")],
    live: Live = False,
    yes: Yes = False,
) -> None:
    """Forget your account with a store, its tokens and passwords.

    Asks first on a terminal; elsewhere it needs --yes.

    Example:
        amv platforms disconnect soundcloud --live --yes
    """
    need_a_yes(ctx, yes, to="forgetting an account")
    mode = "live" if live else "sandbox"
    if not yes:
        ask(platform, mode_word(mode), to="Disconnect", declined="still connected")
    with ctx.client() as client:
        gone = client.distributions.disconnect(platform.lower(), mode="live" if live else "sandbox")
    if ctx.output.json:
        ctx.output.object(gone)
    else:
        ctx.output.record(
            [("platform", gone.platform), ("mode", mode_word(gone.mode)), ("status", gone.status)]
        )
