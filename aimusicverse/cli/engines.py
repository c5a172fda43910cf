"""`amv engines`: who can turn a prompt into music."""

from __future__ import annotations

from typing import Final

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.durations import clock

app: Final = CommandSet()


@app.command()
def engines(ctx: Context) -> None:
    """Show who can turn a prompt into music.

    Example:
        amv engines --json
    """
    with ctx.client() as client:
        found = client.generation.engines()
    ctx.show_page(
        {"data": found, "next_cursor": None},
        {
            "name": lambda engine: engine.name,
            "version": lambda engine: engine.version,
            "kind": lambda engine: engine.kind,
            "state": lambda engine: (
                ("default" if engine.default else "ready") if engine.available else "unavailable"
            ),
            "sings": lambda engine: "yes" if engine.sings else "no",
            "length": lambda engine: (
                f"{clock(engine.min_duration_seconds)}-{clock(engine.max_duration_seconds)}"
            ),
            "genres": lambda engine: ", ".join(engine.genres),
        },
        gives_way="genres",
    )
