"""`amv webhooks test`."""

from __future__ import annotations

from typing import Final

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.webhooks.next_try import NoWait, show_next_try
from aimusicverse.cli.webhooks.webhook_view import WebhookId

app: Final = CommandSet()


@app.command("test")
def send_test(ctx: Context, webhook_id: WebhookId, no_wait: NoWait = False) -> None:
    """Send endpoint.test to an endpoint, and show what it answers: 0 if it accepts it, else 1.

    Example:
        amv webhooks test whk_0mYdJ1x0FzbcL5Vn4zQ
    """
    with ctx.client() as client:
        show_next_try(ctx, client, client.webhooks.test(webhook_id), wait=not no_wait)
