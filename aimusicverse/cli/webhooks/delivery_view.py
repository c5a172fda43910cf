"""How deliveries look: a row in a list, and one by itself with all its tries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from aimusicverse.cli.moments import age, ahead, moment

if TYPE_CHECKING:
    from collections.abc import Callable

    from aimusicverse.cli.context import Context
    from aimusicverse.types import Delivery, DeliveryAttempt

DeliveryId = Annotated[str, typer.Argument(metavar="ID", help="dlv_…")]


def columns(ctx: Context) -> dict[str, Callable[[Any], str]]:
    """The columns of a list of deliveries."""
    return {
        "id": lambda delivery: delivery.id,
        "event": lambda delivery: delivery.event_type,
        "status": lambda delivery: delivery.status,
        "tries": lambda delivery: str(len(delivery.attempts)),
        "last": lambda delivery: _answer(delivery.attempts[-1]) if delivery.attempts else "",
        "next": lambda delivery: ahead(ctx, delivery.next_attempt_at) if delivery.next_attempt_at else "",
        "made": lambda delivery: age(ctx, delivery.created_at),
        "event id": lambda delivery: delivery.event_id,
    }


def show_delivery(ctx: Context, delivery: Delivery) -> None:
    """One delivery."""
    if ctx.output.json:
        ctx.output.object(delivery)
        return
    last = delivery.attempts[-1] if delivery.attempts else None
    ctx.output.record(
        [
            ("id", delivery.id),
            ("webhook", delivery.webhook_id),
            ("event", delivery.event_id),
            ("type", delivery.event_type),
            ("status", delivery.status),
            ("next try", moment(ctx, delivery.next_attempt_at) if delivery.next_attempt_at else None),
            ("created", moment(ctx, delivery.created_at)),
            *((f"try {attempt.number}", _told(ctx, attempt)) for attempt in delivery.attempts),
            ("answered", (last.response_body or None) if last else None),
        ]
    )


def _answer(attempt: DeliveryAttempt) -> str:
    return str(attempt.status_code or attempt.error or "")


def _told(ctx: Context, attempt: DeliveryAttempt) -> str:
    detail = f" ({attempt.error_detail})" if attempt.error_detail else ""
    return f"{moment(ctx, attempt.at)}  {_answer(attempt)}  {attempt.duration_ms:.0f} ms{detail}"
