"""`amv whoami`: as whom, and by which key."""

from __future__ import annotations

from typing import Final

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.profile import show_profile

app: Final = CommandSet()


@app.command()
def whoami(ctx: Context) -> None:
    """Show who you are here, what is left of your allowance, and the key that says so.

    Example:
        amv whoami
    """
    with ctx.client() as client:
        profile, server = client.account.profile(), client.base_url
    show_profile(ctx, profile, server)
