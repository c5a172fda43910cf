"""`amv serve`: the server on this machine."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.server_options import DataDir, Durable, Level
from aimusicverse.cli.typed import value

app: Final = CommandSet()


@app.command()
def serve(
    host: Annotated[
        str | None,
        typer.Option("--host", metavar="ADDRESS", help="Where to listen; AMV_HOST, else 127.0.0.1."),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", metavar="PORT", min=0, max=65535, help="AMV_PORT, else 8787; 0: a free one."),
    ] = None,
    data_dir: DataDir = None,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers",
            metavar="N",
            min=1,
            max=64,
            help="Processes that answer, and one more for jobs; needs PostgreSQL. AMV_WORKERS, else 1.",
        ),
    ] = None,
    jobs: Annotated[
        bool | None,
        typer.Option("--jobs/--no-jobs", help="Do jobs too, or leave them to `amv worker`; AMV_JOBS."),
    ] = None,
    durable: Durable = None,
    dev: Annotated[
        bool | None,
        typer.Option("--dev", help="For tests: /_local/* moves the clock, plays faults, empties the server."),
    ] = None,
    log_level: Level = None,
) -> None:
    """Run the server on this machine.

    Other `amv` commands and `Client()` find it by themselves.

    Example:
        amv serve --port 8787
    """
    from aimusicverse.server import run

    code = run.serve(
        host=host,
        port=port,
        data_dir=data_dir,
        workers=workers,
        jobs=jobs,
        durable=durable,
        dev=dev,
        log_level=value(log_level),
    )
    raise typer.Exit(code)
