"""`amv distributions get`: where one stands."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.distributions import view
from aimusicverse.cli.distributions.typed import DistributionId
from aimusicverse.cli.errors import UsageProblem

app: Final = CommandSet()


@app.command()
def get(
    ctx: Context,
    distribution_id: DistributionId,
    toml: Annotated[
        bool, typer.Option("--toml", help="Its release as a release.toml, to edit: see update --metadata.")
    ] = False,
) -> None:
    """Show a distribution, and where it stands at each store.

    Example:
        amv distributions get dst_0mYdJ1x0FzbcL5Vn4zQ
        amv distributions get dst_0mYdJ1x0FzbcL5Vn4zQ --toml > release.toml
    """
    if toml and ctx.output.json:
        raise UsageProblem("--toml and --json contradict each other", hint="--json has it in `metadata`.")
    with ctx.client() as client:
        found = client.distributions.get(distribution_id)
    if toml:
        from aimusicverse.release.toml_form import written
        from aimusicverse.types.release import Release

        ctx.output.line(written(Release.model_validate(found.metadata)).rstrip("\n"))
        return
    view.show(ctx, found)
