"""An endpoint for the time of a test, which hands over one message after the other."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from aimusicverse.testing.mailbox import Mailbox
from aimusicverse.testing.message import Message
from aimusicverse.testing.retries import PATIENCE, due_at, tries

if TYPE_CHECKING:
    from aimusicverse.client import Client
    from aimusicverse.testing.retries import Retries
    from aimusicverse.types import Delivery, Event

#: So often it is looked whether something fell due before what is waited for. What comes is taken at once.
_LOOKS_SECONDS: Final = 0.25


class Receiving:
    """An endpoint on this machine, and what comes to it."""

    def __init__(self, client: Client, retries: Retries) -> None:
        """Make it.

        Args:
            client: whose endpoint it is.
            retries: brings them forward.
        """
        self._client = client
        self._retries = retries
        self._in_hand: tuple[Message, Delivery] | None = None
        self._mailbox = Mailbox()
        try:
            self.webhook = client.webhooks.create(self._mailbox.url)
            assert self.webhook.secret is not None  # noqa: S101 - the answer that makes it has it
            self.secret = self.webhook.secret.get_secret_value()
            # The server tries each new endpoint out. A test did not ask for that.
            *_, trial = client.webhooks.deliveries(self.webhook)
            self.trial_event_id = trial.event_id
            if self._take([trial], within=PATIENCE) is None:
                raise _did_not_come(trial)
            self._finish()
        except BaseException:
            self.close()
            raise

    def add(self, events: Iterable[Event]) -> None:
        """Have the server send what happened before it knew of this endpoint."""
        # An event that tries an endpoint out is meant for that one alone.
        if missed := [event for event in events if event.type != "endpoint.test"]:
            self._client.webhooks.replay(self.webhook, missed)

    def messages(self) -> Iterator[Message]:
        """Each message in the order in which it falls due, until none is left."""
        self._finish()
        patient_until = time.monotonic() + PATIENCE
        while due := self._retries.due(self.webhook):
            if message := self._take(_first(due), within=_LOOKS_SECONDS):
                yield message
                self._finish()
                patient_until = time.monotonic() + PATIENCE
            elif time.monotonic() > patient_until:
                raise _did_not_come(due[0])

    def close(self) -> None:
        """Take no more in."""
        self._mailbox.close()

    def _take(self, due: list[Delivery], *, within: float) -> Message | None:
        """One of these; None if none comes in time."""
        arrived = self._mailbox.take([delivery.event_id for delivery in due], within=within)
        if arrived is None:
            return None
        [delivery] = [one for one in due if one.event_id == arrived.headers["webhook-id"]]
        message = Message(
            arrived.body, arrived.headers, arrived.answer, secret=self.secret, attempt=tries(delivery) + 1
        )
        self._in_hand = message, delivery
        return message

    def _finish(self) -> None:
        """See that what came of the message that was handed over last is written down."""
        if self._in_hand is not None:
            (message, delivery), self._in_hand = self._in_hand, None
            if message.status is None:
                message.answer()
            self._retries.wait_until_tried(delivery)


def _first(due: list[Delivery]) -> list[Delivery]:
    """What comes first: of one moment, in the order of their ids when they are new, and else in any."""
    together = [delivery for delivery in due if due_at(delivery) == due_at(due[0])]
    return together if any(map(tries, together)) else together[:1]


def _did_not_come(delivery: Delivery) -> AssertionError:
    return AssertionError(f"{delivery.event_type} ({delivery.event_id}) did not come from the server")
