"""`amv distributions import`: an export back into a server."""

from __future__ import annotations

import sys
from typing import Annotated, Final, Literal, cast

import typer

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.errors import UsageProblem

app: Final = CommandSet()


@app.command()
def import_file(
    ctx: Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="What export saved; - is standard input.")],
    format: Annotated[
        str | None, typer.Option("--format", metavar="NAME", help="json or csv; left out: the server looks.")
    ] = None,
) -> None:
    """Take an export in: all of it, or nothing. Nothing is sent.

    What was on its way is paused until you resume it. What is there already stays as it is.

    Example:
        amv distributions import distributions.csv
    """
    if format not in (None, "json", "csv"):
        raise UsageProblem(f"--format is json or csv, not {format!r}")
    source: str | bytes = sys.stdin.buffer.read() if file == "-" else file
    with ctx.client() as client:
        told = client.distributions.import_(source, format=cast(Literal["json", "csv"] | None, format))
    if ctx.output.json:
        ctx.output.object(told)
        return
    ctx.output.record(
        [
            ("imported", str(told.imported)),
            ("there already", str(told.unchanged)),
            ("deliveries paused", str(told.paused)),
            *((f"renamed {before}", after) for before, after in told.renamed.items()),
        ]
    )
    if told.paused:
        ctx.output.next_step("amv distributions list --status paused")
