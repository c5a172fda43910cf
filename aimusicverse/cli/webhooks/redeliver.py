"""`amv webhooks redeliver`."""

from __future__ import annotations

from typing import Final

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.webhooks.delivery_view import DeliveryId
from aimusicverse.cli.webhooks.next_try import NoWait, show_next_try

app: Final = CommandSet()


@app.command()
def redeliver(ctx: Context, delivery_id: DeliveryId, no_wait: NoWait = False) -> None:
    """Send an event once more, and show what the endpoint answers: 0 if it accepts it, else 1.

    It goes under the same id. One that waits for its next try is brought forward.

    Example:
        amv webhooks redeliver dlv_0mYdJ1x0FzbcL5Vn4zQ
    """
    with ctx.client() as client:
        show_next_try(ctx, client, client.webhooks.redeliver(delivery_id), wait=not no_wait)
