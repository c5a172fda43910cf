"""When an endpoint is tried again, as an option says it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Schedule(StrEnum):
    """How long is tried."""

    FAST = "fast"
    EXTENDED = "extended"


Option = Annotated[
    Schedule | None,
    typer.Option("--schedule", help="fast: six tries in half a minute; extended: five more, over 34 hours."),
]
