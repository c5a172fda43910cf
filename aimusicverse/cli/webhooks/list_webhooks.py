"""`amv webhooks list`."""

from __future__ import annotations

from typing import Final

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.typed import Cursor, Limit
from aimusicverse.cli.webhooks.webhook_view import columns

app: Final = CommandSet()


@app.command("list")
def list_webhooks(ctx: Context, limit: Limit = 30, cursor: Cursor = None) -> None:
    """List your endpoints, newest first.

    Example:
        amv webhooks list
    """
    with ctx.client() as client:
        page = client.webhooks.list(limit=limit).page(cursor)
    ctx.show_page(page, columns(ctx), gives_way="url")
