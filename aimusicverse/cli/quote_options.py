"""What both commands that ask for a price take."""

from __future__ import annotations

from typing import Annotated

import typer

To = Annotated[
    list[str] | None,
    typer.Option("--to", metavar="STORES", help="spotify,apple_music,…; repeatable. Counts without --via."),
]
Plan = Annotated[str | None, typer.Option("--plan", help="Of the distributor; its first by default.")]
Years = Annotated[int, typer.Option("--years", min=1, max=100, help="For so many.")]
Extra = Annotated[
    list[str] | None,
    typer.Option("--extra", metavar="EXTRAS", help="discovery_pack,youtube_content_id,…; repeatable."),
]
Revenue = Annotated[
    str | None,
    typer.Option("--revenue", metavar="AMOUNT", help="What you expect to come in, in all: 1200.00"),
]
