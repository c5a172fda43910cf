"""An endpoint for the time of a test, which hands over one message after the other."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from aimusicverse.testing.mailbox import Mailbox
from aimusicverse.testing.message import Message
from aimusicverse.testing.retries import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aimusicverse.client import Client
    from aimusicverse.testing.retries import Retries
    from aimusicverse.types import Delivery, Event

#: Messages are on their way side by side: so long the first is waited for before another is taken.
_GRACE_SECONDS: Final = 0.25


class Receiving:
    """An endpoint on this machine, and what comes to it."""

    def __init__(self, client: Client, retries: Retries, before: Sequence[Event]) -> None:
        """Make it.

        Args:
            client: whose endpoint it is.
            retries: brings them forward.
            before: what has happened already, and is to come as well.
        """
        self._retries = retries
        self._in_hand: tuple[Message, Delivery] | None = None
        with ExitStack() as undo:
            self._mailbox = Mailbox()
            undo.callback(self._mailbox.close)
            self.webhook = client.webhooks.create(self._mailbox.url)
            assert self.webhook.secret is not None  # noqa: S101 - the answer that makes it has it
            self.secret = self.webhook.secret.get_secret_value()
            # The server tries each new endpoint out. A test did not ask for that.
            [first] = self.messages()
            self.first_event_id = first.id
            if before:
                client.webhooks.replay(self.webhook, before)
            undo.pop_all()

    def messages(self) -> Iterator[Message]:
        """Each message in the order in which it falls due, until none is left."""
        self._finish()
        quiet_since = time.monotonic()
        while due := {delivery.event_id: delivery for delivery in self._retries.due(self.webhook)}:
            while due and (arrived := self._mailbox.take(due, within=_GRACE_SECONDS)):
                delivery = due.pop(arrived.headers["webhook-id"])
                message = Message(*arrived, secret=self.secret, attempt=len(delivery.attempts) + 1)
                self._in_hand = message, delivery
                try:
                    yield message
                finally:
                    message.answer_if_nobody_did()
                self._finish()
                quiet_since = time.monotonic()
            if time.monotonic() - quiet_since > PATIENCE:
                raise AssertionError(
                    f"these did not come: {', '.join(one.event_type for one in due.values())}"
                )

    def close(self) -> None:
        """Take no more in."""
        self._mailbox.close()

    def _finish(self) -> None:
        """See that what came of the message that was handed over last is written down."""
        if self._in_hand is not None:
            message, delivery = self._in_hand
            message.answer_if_nobody_did()
            self._retries.wait_until_tried(delivery)
            self._in_hand = None
