"""What several of these commands take."""

from __future__ import annotations

from typing import Annotated

import typer

DistributionId = Annotated[str, typer.Argument(metavar="ID", help="dst_…")]
At = Annotated[
    list[str] | None,
    typer.Option(
        "--at", "--to", metavar="STORES", help="spotify,soundcloud: only there; repeatable. All by default."
    ),
]
