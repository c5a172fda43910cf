"""`amv distributions list`: what is on its way, and what was."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

import typer

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.distributions.typed import store
from aimusicverse.cli.distributions.view import mode_word
from aimusicverse.cli.moments import age
from aimusicverse.cli.typed import Cursor, Limit

app: Final = CommandSet()


class Mode(StrEnum):
    """Whether anybody can hear it."""

    SANDBOX = "sandbox"
    LIVE = "live"


@app.command()
def list_distributions(
    ctx: Context,
    track: Annotated[str | None, typer.Option("--track", metavar="ID", help="Only with this track.")] = None,
    status: Annotated[
        str | None, typer.Option("--status", metavar="NAME", help="Only in this status: live, failed, …")
    ] = None,
    platform: Annotated[
        str | None, typer.Option("--platform", metavar="STORE", help="Only to this store: spotify, …")
    ] = None,
    mode: Annotated[
        Mode | None, typer.Option("--mode", help="Only those of the sandbox, or those to real stores.")
    ] = None,
    limit: Limit = 30,
    cursor: Cursor = None,
) -> None:
    """List distributions, newest first.

    Example:
        amv distributions list --status failed --platform spotify
    """
    platform = store(platform)
    with ctx.client() as client:
        found = client.distributions.list(
            track=track,
            status=status,
            platform=platform,
            mode=None if mode is None else mode.value,
            limit=limit,
        )
        page = found.page(cursor)
    ctx.show_page(
        page,
        {
            "id": lambda one: one.id,
            "title": lambda one: one.title,
            "mode": lambda one: mode_word(one.mode),
            "status": lambda one: one.status,
            "stores": lambda one: ", ".join(f"{d.platform} {d.status}" for d in one.deliveries),
            "created": lambda one: age(ctx, one.created_at),
        },
        gives_way="title",
    )
