"""`amv platforms list`: what is real, what is sandbox, what needs which account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.distributions.view import mode_word

if TYPE_CHECKING:
    from aimusicverse.types import Outlet

app: Final = CommandSet()

_LIVE: Final = {
    "connect": "your account",
    "by_person": "you, with a kit",
    "server": "set up by the server",
    "not_possible": "not possible",
}


@app.command("list")
def list_platforms(ctx: Context) -> None:
    """List stores and distributors: what is real, what is sandbox, what needs which account.

    `sandbox`: this server has a stand-in of it. `live`: what the real one takes to get there.

    Example:
        amv platforms list
    """
    with ctx.client() as client:
        found = client.distributions.platforms()
    ctx.show_page(
        {"data": found, "next_cursor": None},
        {
            "id": lambda outlet: outlet.id,
            "kind": lambda outlet: outlet.kind,
            "by": lambda outlet: outlet.connector or "",
            "sandbox": lambda outlet: "yes" if outlet.sandbox else "no",
            "live": lambda outlet: _LIVE.get(outlet.live, outlet.live),
            "accounts": _accounts,
            "needs": lambda outlet: "; ".join(outlet.needs),
        },
        gives_way="needs",
    )


def _accounts(outlet: Outlet) -> str:
    """Which there are, and whether they can be used."""
    return ", ".join(
        f"{mode_word(one.mode)} {one.status}{f' ({one.account})' if one.account else ''}"
        for one in outlet.connections
        if one.status != "disconnected"
    )
