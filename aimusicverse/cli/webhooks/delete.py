"""`amv webhooks delete`."""

from __future__ import annotations

from typing import Final

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.confirm import Yes, ask, need_a_yes
from aimusicverse.cli.context import Context
from aimusicverse.cli.webhooks.update import IfMatch
from aimusicverse.cli.webhooks.webhook_view import WebhookId

app: Final = CommandSet()


@app.command()
def delete(ctx: Context, webhook_id: WebhookId, yes: Yes = False, if_match: IfMatch = None) -> None:
    """Remove an endpoint with its deliveries. Nothing more is sent there.

    Asks first on a terminal; elsewhere it needs --yes.

    Example:
        amv webhooks delete whk_0mYdJ1x0FzbcL5Vn4zQ --yes
    """
    need_a_yes(ctx, yes)
    with ctx.client() as client:
        if not yes:
            webhook = client.webhooks.get(webhook_id)
            ask(webhook.url, webhook.id)
        client.webhooks.delete(webhook_id, if_match=if_match)
    if ctx.output.json:
        ctx.output.object({"id": webhook_id, "deleted": True})
    else:
        ctx.output.note(f"Deleted {webhook_id}.")
