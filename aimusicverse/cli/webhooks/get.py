"""`amv webhooks get`."""

from __future__ import annotations

from typing import Final

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.webhooks.webhook_view import WebhookId, show_webhook

app: Final = CommandSet()


@app.command()
def get(ctx: Context, webhook_id: WebhookId) -> None:
    """Show an endpoint, without its secret and the values of its headers.

    Example:
        amv webhooks get whk_0mYdJ1x0FzbcL5Vn4zQ
    """
    with ctx.client() as client:
        show_webhook(ctx, client.webhooks.get(webhook_id))
