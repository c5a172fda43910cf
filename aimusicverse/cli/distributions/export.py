"""`amv distributions export`: all that the server knows, as a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, cast

import typer

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.distributions.typed import store
from aimusicverse.cli.errors import UsageProblem

if TYPE_CHECKING:
    from aimusicverse.cli.output import Output

app: Final = CommandSet()


@app.command()
def export(
    ctx: Context,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to; left out, or -: standard output."),
    ] = None,
    format: Annotated[
        str | None,
        typer.Option("--format", metavar="NAME", help="json or csv; left out: as FILE ends, else json."),
    ] = None,
    track: Annotated[str | None, typer.Option("--track", metavar="ID", help="Only with this track.")] = None,
    status: Annotated[
        str | None, typer.Option("--status", metavar="NAME", help="Only in this status: live, failed, …")
    ] = None,
    platform: Annotated[
        str | None, typer.Option("--platform", metavar="STORE", help="Only to this store: spotify, …")
    ] = None,
    mode: Annotated[
        str | None, typer.Option("--mode", metavar="NAME", help="Only of this mode: sandbox or live.")
    ] = None,
) -> None:
    """Save all that the server knows of your distributions: metadata, links, history, streams.

    Example:
        amv distributions export -o distributions.csv
    """
    from aimusicverse.cli.destination import try_out
    from aimusicverse.cli.release.whole_file import replace

    kind = _kind(output, format)
    platform = store(platform)
    path = None if output in (None, "-") else Path(str(output))
    if path is not None:
        try_out(path)
    with ctx.client() as client:
        content = client.distributions.export(kind, track=track, status=status, platform=platform, mode=mode)
    if path is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    replace(path, content)
    _say(ctx.output, path)


def _kind(output: str | None, format: str | None) -> Literal["json", "csv"]:
    if output is not None and (not output or "\0" in output):
        raise UsageProblem("-o needs a name that a file can have")
    chosen = format or ("csv" if str(output).lower().endswith(".csv") else "json")
    if chosen not in ("json", "csv"):
        raise UsageProblem(f"--format is json or csv, not {chosen!r}")
    return cast(Literal["json", "csv"], chosen)


def _say(output: Output, path: Path) -> None:
    if output.json:
        output.object({"files": [str(path)]})
    else:
        output.line(str(path))
