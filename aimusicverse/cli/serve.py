"""`amv serve`: the server on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.log_level import LogLevel

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
    data_dir: Annotated[
        Path | None,
        typer.Option("--data-dir", metavar="FOLDER", help="Where everything is kept; AMV_DATA_DIR."),
    ] = None,
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
    durable: Annotated[
        bool | None, typer.Option("--durable", help="Survive power cuts too; writes are slower.")
    ] = None,
    dev: Annotated[
        bool | None,
        typer.Option("--dev", help="For tests: /_local/* moves the clock, plays faults, empties the server."),
    ] = None,
    log_level: Annotated[
        LogLevel | None,
        typer.Option("--log-level", metavar="LEVEL", help="debug, info, warning or error; AMV_LOG_LEVEL."),
    ] = None,
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
        data_dir=data_dir.expanduser() if data_dir else None,
        workers=workers,
        jobs=jobs,
        durable=durable,
        dev=dev,
        log_level=log_level.value if log_level else None,
    )
    raise typer.Exit(code)
