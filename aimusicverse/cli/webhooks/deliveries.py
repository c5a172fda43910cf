"""`amv webhooks deliveries`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

import typer

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.typed import Cursor, Limit, value
from aimusicverse.cli.webhooks.delivery_view import columns
from aimusicverse.cli.webhooks.webhook_view import WebhookId

app: Final = CommandSet()


class Status(StrEnum):
    """How a delivery stands."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    DEAD = "dead"


@app.command()
def deliveries(
    ctx: Context,
    webhook_id: WebhookId,
    status: Annotated[Status | None, typer.Option("--status", help="Only those.")] = None,
    limit: Limit = 30,
    cursor: Cursor = None,
) -> None:
    """List what was sent to an endpoint, newest first: how often it was tried, and what came of it.

    Example:
        amv webhooks deliveries whk_0mYdJ1x0FzbcL5Vn4zQ --status dead
    """
    with ctx.client() as client:
        page = client.webhooks.deliveries(webhook_id, status=value(status), limit=limit).page(cursor)
    ctx.show_page(page, columns(ctx))
