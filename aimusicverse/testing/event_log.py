"""What happened on a server, as a test reads it, and as a receiver of webhooks gets it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from aimusicverse.testing.retries import Retries

if TYPE_CHECKING:
    from aimusicverse.client import Client
    from aimusicverse.local import LocalClock
    from aimusicverse.testing.message import Message
    from aimusicverse.testing.receiving import Receiving
    from aimusicverse.types import Delivery, Event, Webhook


class EventLog:
    """The log of events, and an endpoint of the test's own to which they are sent, once it is asked for."""

    def __init__(self, client: Client, clock: LocalClock) -> None:
        self._client = client
        self._retries = Retries(client, clock)
        self._receiving: Receiving | None = None

    def all(self) -> list[Event]:
        """All events so far, in order."""
        events: list[Event] = []
        after = 0
        while page := self._client.webhooks.events(after=after, limit=100).data:
            events += page
            after = page[-1].seq
        return [event for event in events if self._is_the_tests(event)]

    def types(self) -> list[str]:
        """Their types, in order."""
        return [event.type for event in self.all()]

    def wait_for(self, type: str, *, timeout: float = 10.0) -> Event:
        """The first event of a type, once it is there.

        Raises:
            AssertionError: none came within `timeout` seconds; the message lists what did.
        """
        deadline = time.monotonic() + timeout
        after = 0
        while (left := deadline - time.monotonic()) > 0:
            wait = max(1, min(30, int(left)))
            page = self._client.webhooks.events(type=type, after=after, limit=1, wait=wait)
            if found := [event for event in page.data if self._is_the_tests(event)]:
                return found[0]
            after = page.last_seq
        raise AssertionError(
            f"no {type} within {timeout:g} s; there were: {', '.join(self.types()) or 'none'}"
        )

    @property
    def webhook(self) -> Webhook:
        """The endpoint of this test: a real one, which can be edited as any other."""
        return self._endpoint().webhook

    @property
    def secret(self) -> str:
        """By which your receiver is to judge what `deliveries` and `receive` hand to it: `whsec_…`."""
        return self._endpoint().secret

    def deliveries(self) -> Iterator[Message]:
        """What the server sends of all that has happened, signed, until nothing is left.

            for message in amv_events.deliveries():
                response = app.post("/webhooks", content=message.body, headers=message.headers)
                message.answer(response.status_code)

        A message that you do not answer is answered with 200 when you go on. One that fails comes again, at
        once: the server's clock is moved to its next try. What happens while you go on comes as well, but
        what is still to happen is not waited for: `wait_for` does. Whoever takes longer than 15 seconds for
        an answer has failed, as with any endpoint.

        Raises:
            AssertionError: the server does not send what it should.
        """
        return self._endpoint().messages()

    def receive(self, handler: Callable[[Message], int | None]) -> list[Message]:
        """Hand each of `deliveries` to your receiver; all that there were.

        Args:
            handler: gives the status of its answer; None is 200, unless it answered by itself. What it
                raises ends the test.

        Raises:
            AssertionError: the server does not send what it should.
            ValueError: a status that is none, from 200 to 599.
        """
        messages = []
        for message in self.deliveries():
            status = handler(message)
            if status is not None:
                message.answer(status)
            messages.append(message)
        return messages

    def settle(self, webhook: Webhook | str) -> list[Delivery]:
        """See that all is sent to an endpoint of yours, such as a program that runs beside the test.

        The server's clock is moved from try to try, until each delivery has succeeded or is dead.

        Returns:
            Its deliveries, oldest first, without what was answered.

        Raises:
            AssertionError: a try takes longer than it may.
        """
        while due := self._retries.due(webhook):
            for delivery in due:
                self._retries.wait_until_tried(delivery)
        return [*self._client.webhooks.deliveries(webhook, limit=100)][::-1]

    def close(self) -> None:
        """Take no more messages in."""
        if self._receiving is not None:
            self._receiving.close()

    def _endpoint(self) -> Receiving:
        """Made when it is first asked for: nobody else pays for it."""
        if self._receiving is None:
            from aimusicverse.testing.receiving import Receiving

            self._receiving = Receiving(self._client, self._retries)
            # Read only now: whatever happens between the two is sent by itself, and skipped here.
            self._receiving.add(self.all())
        return self._receiving

    def _is_the_tests(self, event: Event) -> bool:
        """Whether it was not this endpoint that made it happen, by being made."""
        return self._receiving is None or event.id != self._receiving.trial_event_id
