"""`amv webhooks delivery`."""

from __future__ import annotations

from typing import Final

from aimusicverse.cli.command import CommandSet
from aimusicverse.cli.context import Context
from aimusicverse.cli.webhooks.delivery_view import DeliveryId, show_delivery

app: Final = CommandSet()


@app.command()
def delivery(ctx: Context, delivery_id: DeliveryId) -> None:
    """Show a delivery with each of its tries, and what was answered.

    Example:
        amv webhooks delivery dlv_0mYdJ1x0FzbcL5Vn4zQ
    """
    with ctx.client() as client:
        show_delivery(ctx, client.webhooks.delivery(delivery_id))
