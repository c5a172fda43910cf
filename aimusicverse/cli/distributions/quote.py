"""`amv distributions quote`: what it would cost, by the prices of the server."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from aimusicverse.cli import quote_options, quote_view
from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.distributions import metadata
from aimusicverse.cli.release import opened, told_answers

app: Final = CommandSet()


@app.command()
def quote(
    ctx: Context,
    file: opened.File = opened.NAME,
    via: Annotated[
        str | None, typer.Option("--via", metavar="DISTRIBUTOR", help="distrokid, …; left out: by yourself.")
    ] = None,
    to: quote_options.To = None,
    plan: quote_options.Plan = None,
    years: quote_options.Years = 1,
    extra: quote_options.Extra = None,
    revenue: quote_options.Revenue = None,
    track: metadata.Tracks = None,
) -> None:
    """Have the server count what it would cost, by its own prices.

    Example:
        amv distributions quote release.toml --via distrokid --years 2
    """
    release = metadata.of_file(file, ctx.output)
    with ctx.client() as client:
        told = client.distributions.quote(
            release,
            via=via,
            platforms=told_answers.names(to),
            tracks=track or (),
            plan=plan,
            years=years,
            extras=told_answers.names(extra),
            expected_revenue=revenue,
        )
    quote_view.show(ctx, told)
