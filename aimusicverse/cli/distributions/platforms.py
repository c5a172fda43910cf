"""`amv distributions platforms`: stores and distributors that the server knows."""

from __future__ import annotations

from typing import Final

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context

app: Final = CommandSet()


@app.command()
def platforms(ctx: Context) -> None:
    """List stores and distributors: what they take, and how a release gets there.

    Example:
        amv distributions platforms --json
    """
    with ctx.client() as client:
        found = client.distributions.platforms()
    ctx.show_page(
        {"data": found, "next_cursor": None},
        {
            "id": lambda outlet: outlet.id,
            "name": lambda outlet: outlet.name,
            "kind": lambda outlet: outlet.kind,
            "takes AI": lambda outlet: outlet.ai.stance.replace("_", " "),
            "by": lambda outlet: outlet.delivered_by.replace("_", " "),
            "as of": lambda outlet: f"{outlet.ai.as_of}{'' if outlet.ai.verified else ', not verified'}",
            "how": lambda outlet: outlet.delivery,
        },
        gives_way="how",
    )
