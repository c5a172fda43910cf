"""A replay, which takes several requests: what is asked next, and what came of it so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from aimusicverse.errors import AMVError, APIConnectionError
from aimusicverse.transport.options import RequestOptions
from aimusicverse.types.webhook import MOST_EVENTS, WebhookReplay


class Replaying:
    """Of named events, so many at a time; or of a stretch of the log, each request from where one ended."""

    def __init__(
        self,
        event_ids: Sequence[str] | None,
        *,
        since: str | None,
        after: int | None,
        delivered_too: bool,
        options: RequestOptions | None,
    ) -> None:
        self._left = event_ids
        self._since = since
        self._after = after
        self._delivered_too = delivered_too
        self._options = options
        self._requests = 0
        self.so_far = WebhookReplay(queued=0, skipped=0, last_seq=after or 0, done=False)

    def body(self) -> dict[str, Any]:
        """What to ask next."""
        asked = {
            "event_ids": None if self._left is None else list(self._left[:MOST_EVENTS]),
            "since": self._since,
            "after": self.so_far.last_seq if self._requests and self._left is None else self._after,
            "delivered_too": self._delivered_too or None,
        }
        return {name: value for name, value in asked.items() if value is not None}

    def options(self) -> RequestOptions | None:
        """Its options. Under a key that the caller gave, each request has one that follows from it."""
        if self._options is None or self._options.idempotency_key is None or not self._requests:
            return self._options
        key = f"{self._options.idempotency_key}-{self._requests + 1}"
        return replace(self._options, idempotency_key=key)

    def add(self, part: WebhookReplay) -> WebhookReplay:
        """What came of that request; with it, all of them.

        Raises:
            APIConnectionError: the server is not done, and has not moved on.
        """
        before = self.so_far
        self._requests += 1
        done = part.done
        if self._left is not None:
            self._left = self._left[MOST_EVENTS:]
            done = not self._left
        elif not done and part.last_seq <= before.last_seq:
            raise APIConnectionError("the server's replay goes in a circle: it stays where it was")
        self.so_far = WebhookReplay(
            queued=before.queued + part.queued,
            skipped=before.skipped + part.skipped,
            last_seq=max(before.last_seq, part.last_seq),
            done=done,
        )
        return self.so_far

    def interrupted_by(self, error: AMVError) -> None:
        """Have an error say how far it went."""
        if self._requests and self._left is None:
            last = self.so_far.last_seq
            error.add_note(f"The replay came as far as seq {last}: after={last} goes on from there.")
