"""What comes of a delivery that was just asked for."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from aimusicverse.cli import exits
from aimusicverse.cli.errors import CommandError
from aimusicverse.cli.webhooks.delivery_view import show_delivery

if TYPE_CHECKING:
    from aimusicverse.cli.context import Context
    from aimusicverse.client import Client
    from aimusicverse.types import Delivery

NoWait = Annotated[bool, typer.Option("--no-wait", help="Do not wait for what comes of it.")]

#: Longer than one try takes.
_SECONDS = 20.0
#: Between two looks, each of which costs a call: at first, and at most.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 3.0


def show_next_try(ctx: Context, client: Client, delivery: Delivery, *, wait: bool) -> None:
    """Show a delivery, after its next try.

    Raises:
        typer.Exit: the endpoint did not accept it.
        CommandError: it was not tried in time.
    """
    if not wait:
        show_delivery(ctx, delivery)
        return
    before = len(delivery.attempts)
    end, pause = time.monotonic() + _SECONDS, _FIRST_PAUSE
    while len(delivery.attempts) <= before:
        if time.monotonic() > end:
            raise CommandError(
                f"{delivery.id} was not tried within {_SECONDS:g} s",
                exit_code=exits.TIMED_OUT,
                code="timeout",
                hint=f"See later: {ctx.line('webhooks', 'delivery', delivery.id)}",
                retryable=True,
            )
        time.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)
        delivery = client.webhooks.delivery(delivery)
    show_delivery(ctx, delivery)
    if delivery.status != "succeeded":
        raise typer.Exit(exits.FAILED)
