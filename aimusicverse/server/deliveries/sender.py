"""One try: a message is made, signed, sent, and what came of it is told."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Sequence
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from aimusicverse.clock import ServerClock, real_now
from aimusicverse.egress import Egress, EgressError
from aimusicverse.secret import Secret
from aimusicverse.server.deliveries import schedule
from aimusicverse.server.deliveries.outcome import Outcome
from aimusicverse.server.deliveries.queries import Claimed, Endpoint, EventRow
from aimusicverse.server.store.sealed import Sealer
from aimusicverse.server.webhooks import secrets
from aimusicverse.server.webhooks.secrets import Kept
from aimusicverse.webhooks import message as messages

log: Final = logging.getLogger("aimusicverse.server.deliveries")

_MOST_REMEMBERED: Final = 1_000


class Message(NamedTuple):
    """A delivery that is ours, and what is needed to try it."""

    claimed: Claimed
    endpoint: Endpoint
    event: EventRow


class _Opened(NamedTuple):
    """An endpoint that can be used: its secrets, and its own headers."""

    version: int
    secrets: list[tuple[Kept, Secret]]
    headers: dict[str, Secret]


class SecretLost(Exception):
    """What was sealed was sealed under another master key."""


class Sender:
    """Sends for one process."""

    def __init__(self, egress: Egress, sealer: Sealer, clock: ServerClock) -> None:
        self._egress = egress
        self._sealer = sealer
        self._clock = clock
        self._opened: dict[str, _Opened] = {}

    async def send(self, message: Message) -> Outcome:
        """Try once. Whatever goes wrong at the other end is part of the outcome."""
        endpoint, event = message.endpoint, message.event
        at = self._clock.now()
        began = time.perf_counter()

        def outcome(**found: object) -> Outcome:
            return Outcome(
                claimed=message.claimed,
                at=at,
                url=_without_query(endpoint.url),
                duration_ms=round((time.perf_counter() - began) * 1000, 2),
                retry_schedule=endpoint.retry_schedule,
                test=bool(event.test),
                **found,  # type: ignore[arg-type]
            )

        try:
            opened = self._open(endpoint)
            # An endpoint always has a secret that does not end.
            valid = {one["sealed"] for one in secrets.valid([kept for kept, _ in opened.secrets], at)}
            content = messages.body_of(
                event.id, event.type, event.timestamp, event.data, test=bool(event.test)
            )
            headers = messages.headers_of(
                content,
                [secret for kept, secret in opened.secrets if kept["sealed"] in valid],
                event_id=event.id,
                timestamp=int(real_now()),
                own={name: value.get_secret_value() for name, value in opened.headers.items()},
            )
            answer = await self._egress.send(
                endpoint.url,
                headers=headers,
                body=content,
                deadline_seconds=messages.DEADLINE_SECONDS,
                read_at_most=messages.READ_BYTES,
                keep=messages.KEPT_BYTES,
            )
        except EgressError as error:
            return outcome(error=error.reason, error_detail=str(error)[:500])
        except SecretLost:
            log.error(
                "a webhook's secret cannot be opened: another master key", extra={"webhook": endpoint.id}
            )
            return outcome(
                error="secret_lost", error_detail="The server's master key was changed: rotate the secret."
            )
        return outcome(
            status_code=answer.status,
            response_body=answer.body,
            # What was answered counts, even if the rest of it did not come.
            error=answer.ended if answer.ended in ("deadline", "cut") else None,
            retry_after=schedule.retry_after(answer.headers.get("retry-after"), at),
        )

    def _open(self, endpoint: Endpoint) -> _Opened:
        found = self._opened.get(endpoint.id)
        if found is None or found.version != endpoint.version:
            if len(self._opened) >= _MOST_REMEMBERED:
                self._opened.clear()
            kept: Sequence[Kept] = endpoint.secrets
            found = self._opened[endpoint.id] = _Opened(
                endpoint.version,
                [(one, self._unsealed(one["sealed"])) for one in kept],
                {} if endpoint.headers is None else self._headers(endpoint.headers),
            )
        return found

    def _headers(self, sealed: str) -> dict[str, Secret]:
        plain: dict[str, str] = json.loads(self._unsealed(sealed).get_secret_value())
        return {name: Secret(value) for name, value in plain.items()}

    def _unsealed(self, sealed: str) -> Secret:
        text = self._sealer.open(sealed)
        if text is None:
            raise SecretLost
        return Secret(text)


def _without_query(url: str) -> str:
    """What may stand in a log: a query often has a token."""
    return urlsplit(url)._replace(query="", fragment="").geturl()
