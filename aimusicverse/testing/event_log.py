"""The event log as a test reads it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aimusicverse.client import Client
    from aimusicverse.types import Event


class EventLog:
    """What happened on a server."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def all(self) -> list[Event]:
        """All events so far, in order."""
        events: list[Event] = []
        after = 0
        while page := self._client.webhooks.events(after=after, limit=100).data:
            events += page
            after = page[-1].seq
        return events

    def types(self) -> list[str]:
        """Their types, in order."""
        return [event.type for event in self.all()]

    def wait_for(self, type: str, *, timeout: float = 10.0) -> Event:
        """The first event of a type, once it is there.

        Raises:
            AssertionError: none came within `timeout` seconds; the message lists what did.
        """
        deadline = time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0:
            found = self._client.webhooks.events(type=type, limit=1, wait=max(1, min(30, int(left)))).data
            if found:
                return found[0]
        raise AssertionError(
            f"no {type} within {timeout:g} s; there were: {', '.join(self.types()) or 'none'}"
        )
