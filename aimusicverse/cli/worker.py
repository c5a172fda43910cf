"""`amv worker`: jobs for servers elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.log_level import LogLevel

app: Final = CommandSet()


@app.command()
def worker(
    slots: Annotated[
        int | None,
        typer.Option(
            "--slots", metavar="N", min=1, max=64, help="Renders side by side; AMV_RENDER_SLOTS, else 2."
        ),
    ] = None,
    data_dir: Annotated[
        Path | None,
        typer.Option("--data-dir", metavar="FOLDER", help="The servers' own folder; AMV_DATA_DIR."),
    ] = None,
    durable: Annotated[
        bool | None, typer.Option("--durable", help="Survive power cuts too; writes are slower.")
    ] = None,
    log_level: Annotated[
        LogLevel | None,
        typer.Option("--log-level", metavar="LEVEL", help="debug, info, warning or error; AMV_LOG_LEVEL."),
    ] = None,
) -> None:
    """Do the jobs of servers that run with --no-jobs.

    It renders what they accept, and listens on no port. It needs their PostgreSQL database (AMV_DATABASE_URL)
    and their data folder.

    Example:
        amv worker --slots 4
    """
    from aimusicverse.server import run

    code = run.work(
        slots=slots,
        data_dir=data_dir.expanduser() if data_dir else None,
        durable=durable,
        log_level=log_level.value if log_level else None,
    )
    raise typer.Exit(code)
