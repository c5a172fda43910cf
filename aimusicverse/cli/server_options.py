"""Options of the commands that are, or look after, a server: what they are called and accept, once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class LogLevel(StrEnum):
    """How much the server tells."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def _at_home(folder: Path | None) -> Path | None:
    """`~` is a person's own folder, also where no shell has said so."""
    return folder.expanduser() if folder else None


DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        metavar="FOLDER",
        callback=_at_home,
        help="Where the server keeps everything; AMV_DATA_DIR.",
    ),
]
Durable = Annotated[
    bool | None, typer.Option("--durable", help="Survive power cuts too; writes are slower; AMV_DURABLE.")
]
Level = Annotated[
    LogLevel | None,
    typer.Option("--log-level", metavar="LEVEL", help="debug, info, warning or error; AMV_LOG_LEVEL."),
]
