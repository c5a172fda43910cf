"""What waits to be sent comes now: the clock is moved to it."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from aimusicverse.client import Client
    from aimusicverse.local import LocalClock
    from aimusicverse.types import Delivery, Webhook

#: Seconds after which something is wrong with the server. It gives a try up after fifteen.
PATIENCE: Final = 20.0
_LOOKS_SECONDS: Final = 0.002
#: Times are told to the millisecond, and due to the microsecond.
_MILLISECOND: Final = timedelta(milliseconds=1)


class Retries:
    """Moves the clock to what falls due next, so that a schedule of hours takes no time."""

    def __init__(self, client: Client, clock: LocalClock) -> None:
        self._client = client
        self._clock = clock

    def due(self, webhook: Webhook | str) -> list[Delivery]:
        """What is to be sent to an endpoint now, or else what falls due next, in order: its time has come."""
        webhooks = self._client.webhooks
        if webhooks.get(webhook).status == "disabled":
            return []
        pending = sorted(
            webhooks.deliveries(webhook, status="pending", limit=100), key=lambda one: (due_at(one), one.id)
        )
        if not pending:
            return []
        ahead = due_at(pending[0]) + _MILLISECOND - self._clock.now()
        if ahead > timedelta():
            self._clock.advance(ahead)
        now = self._clock.now()
        return [delivery for delivery in pending if due_at(delivery) <= now]

    def wait_until_tried(self, delivery: Delivery) -> None:
        """Until the next try of it is written down.

        Raises:
            AssertionError: it never is.
        """
        end = time.monotonic() + PATIENCE
        while not _was_tried(self._client.webhooks.delivery(delivery), delivery):
            if time.monotonic() > end:
                raise AssertionError(f"{delivery.event_type} to {delivery.webhook_id} was not tried")
            time.sleep(_LOOKS_SECONDS)


def due_at(delivery: Delivery) -> datetime:
    """When the next try of one that is pending is to be."""
    assert delivery.next_attempt_at is not None  # noqa: S101 - what is pending has one
    return delivery.next_attempt_at


def tries(delivery: Delivery) -> int:
    """How many there were. Only the last ones are listed, so it is their numbers that tell."""
    return delivery.attempts[-1].number if delivery.attempts else 0


def _was_tried(now: Delivery, before: Delivery) -> bool:
    return now.status != "pending" or tries(now) > tries(before)
