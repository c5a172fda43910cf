"""`amv release quote`: what it would cost to bring a release to stores. No server, no sign-in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from aimusicverse.cli import exits, quote_options, quote_view
from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.errors import CommandError, UsageProblem
from aimusicverse.cli.release import told_answers

if TYPE_CHECKING:
    from aimusicverse.release.price_table import Prices

app: Final = CommandSet()

#: What the fields of a quote are called here.
_OPTIONS: Final = {
    "via": "--via",
    "plan": "--plan",
    "extras": "--extra",
    "years": "--years",
    "platforms": "--to",
    "expected_revenue": "--revenue",
}


@app.command()
def quote(
    ctx: Context,
    file: told_answers.File = None,
    via: Annotated[
        str | None,
        typer.Option(
            "--via",
            metavar="DISTRIBUTOR",
            help="distrokid, cd_baby, …; none: by yourself. By default that of your release-defaults.toml.",
        ),
    ] = None,
    to: quote_options.To = None,
    plan: quote_options.Plan = None,
    years: quote_options.Years = 1,
    extra: quote_options.Extra = None,
    revenue: quote_options.Revenue = None,
    prices: Annotated[
        str | None,
        typer.Option(
            "--prices",
            metavar="FILE",
            help="Your own prices, laid over ours; prices.toml in the config folder by default.",
        ),
    ] = None,
    ai: told_answers.Ai = None,
    tracks: told_answers.Tracks = None,
) -> None:
    """Count what it would cost to bring a release to stores, and what is kept of the revenue.

    By prices that were told in public, each with its source and date. Sources that disagree give a range.

    Example:
        amv release quote --via distrokid --tracks 1 --years 2 --extra youtube_content_id
        amv release quote album/release.toml --via cd_baby --revenue 1200
    """
    from aimusicverse.cli.release.opened import own_defaults
    from aimusicverse.release.pricing import Unpriced
    from aimusicverse.release.pricing import quote as quoted

    release = told_answers.told(file, ai, tracks)
    stores = told_answers.names(to)
    by = own_defaults().distributor if via is None and not stores else via
    by = None if by is None or by.strip().lower() == "none" else by.strip().lower()
    if by is None and not stores:
        raise UsageProblem(
            "nobody is named who brings it to the stores",
            hint="Name a distributor: --via distrokid; or by yourself: --via none --to soundcloud.",
        )
    table = _table(prices)
    try:
        told = quoted(
            release,
            by,
            stores=stores,
            plan=plan,
            years=years,
            extras=told_answers.names(extra),
            expected_revenue=revenue,
            prices=table,
        )
    except Unpriced as error:
        option = _OPTIONS.get(error.field.partition("[")[0], error.field)
        raise UsageProblem(f"{option}: {error.message}") from None
    quote_view.show(ctx, told)


def _table(name: str | None) -> Prices:
    """All prices, with the user's own.

    Raises:
        CommandError: that file cannot be used: its line and key.
    """
    from aimusicverse.release import price_table

    try:
        return price_table.known(None if name is None else Path(name))
    except price_table.PriceFileError as error:
        raise CommandError(
            str(error),
            exit_code=exits.USAGE,
            code="price_file_invalid",
            hint="docs/where.md shows what a file of prices looks like.",
        ) from None
