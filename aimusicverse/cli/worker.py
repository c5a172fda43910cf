"""`amv worker`: jobs for servers elsewhere."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.server_options import DataDir, Durable, Level
from aimusicverse.cli.typed import value
from aimusicverse.collector import collector_put_off

app: Final = CommandSet()


@app.command()
def worker(
    slots: Annotated[
        int | None,
        typer.Option(
            "--slots", metavar="N", min=1, max=64, help="Renders side by side; AMV_RENDER_SLOTS, else 2."
        ),
    ] = None,
    data_dir: DataDir = None,
    durable: Durable = None,
    log_level: Level = None,
) -> None:
    """Do the jobs of servers that run with --no-jobs.

    It renders what they accept, and listens on no port. It needs their PostgreSQL database (AMV_DATABASE_URL)
    and their data folder.

    Example:
        amv worker --slots 4
    """
    with collector_put_off():
        from aimusicverse.server import run

    code = run.work(
        slots=slots,
        data_dir=data_dir,
        durable=durable,
        log_level=value(log_level),
    )
    raise typer.Exit(code)
