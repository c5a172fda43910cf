"""`amv distributions validate`: what rules say of a release, by the server and what it knows of tracks."""

from __future__ import annotations

from typing import Final

import typer

from aimusicverse.cli import exits
from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.distributions import metadata
from aimusicverse.cli.release import destinations, opened

app: Final = CommandSet()


@app.command()
def validate(
    ctx: Context,
    file: opened.File = opened.NAME,
    to: destinations.To = None,
    via: destinations.Via = None,
    track: metadata.Tracks = None,
) -> None:
    """Have the server judge a release, and its tracks: 0 if nothing blocks, else 10.

    Example:
        amv distributions validate release.toml --to spotify --via distrokid --track trk_0mYdJ1x0FzbcL5Vn4zQ
    """
    where = destinations.destinations(to, via)
    release = metadata.of_file(file, ctx.output)
    with ctx.client() as client:
        report = client.distributions.validate(
            release,
            platforms=[store.id for store in where.stores],
            via=where.via.id if where.via else None,
            tracks=track or (),
        )
    if ctx.output.json:
        ctx.output.object(report)
    else:
        ctx.output.table(
            ("target", "severity", "rule", "field", "what"),
            [
                (target.target, finding.severity, finding.rule, finding.field, finding.message)
                for target in report.targets
                for finding in target.findings
            ],
            gives_way="what",
        )
        left_out = sum(target.left_out for target in report.targets)
        if left_out:
            ctx.output.note(f"{left_out} more of the same are not listed.")
        verdict = "Something blocks it." if report.blocking else "Nothing blocks it."
        ctx.output.note(f"{verdict} Rules as of {report.rules_as_of}.")
    if report.blocking:
        raise typer.Exit(exits.RELEASE_REFUSED)
