"""One try: a message is made, signed, sent, and what came of it is told."""

from __future__ import annotations

import json
import logging
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

from aimusicverse.clock import ServerClock, real_now
from aimusicverse.egress import EgressError
from aimusicverse.secret import Secret
from aimusicverse.server.deliveries import schedule
from aimusicverse.server.deliveries.outcome import Outcome
from aimusicverse.server.deliveries.queries import Claimed, Endpoint, EventRow
from aimusicverse.server.deliveries.seldom import Seldom
from aimusicverse.server.store.sealed import Sealer
from aimusicverse.server.webhooks import secrets
from aimusicverse.webhooks import message as messages

if TYPE_CHECKING:
    from aimusicverse.egress import Egress

log: Final = logging.getLogger("aimusicverse.server.deliveries")

_MOST_REMEMBERED: Final = 2_000


class Message(NamedTuple):
    """A delivery that is ours, and what is needed to try it."""

    claimed: Claimed
    endpoint: Endpoint
    event: EventRow


class SecretLost(Exception):
    """What was sealed was sealed under another master key."""


class Sender:
    """Sends for one process."""

    def __init__(self, egress: Egress, sealer: Sealer, clock: ServerClock) -> None:
        self._egress = egress
        self._sealer = sealer
        self._clock = clock
        #: By what is sealed: no two seals are alike, while an endpoint may get another secret at any time.
        self._opened: dict[str, Secret] = {}
        self._is_time_to_tell = Seldom()

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
            # An endpoint always has a secret that does not end.
            valid = [self._unsealed(one["sealed"]) for one in secrets.valid(endpoint.secrets, at)]
            content = messages.body_of(
                event.id, event.type, event.timestamp, event.data, test=bool(event.test)
            )
            headers = messages.headers_of(
                content,
                valid,
                event_id=event.id,
                timestamp=int(real_now()),
                own=None if endpoint.headers is None else self._headers(endpoint.headers),
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
            if self._is_time_to_tell(endpoint.id):
                log.error(
                    "a webhook's secret cannot be opened: another master key", extra={"webhook": endpoint.id}
                )
            return outcome(
                error="secret_lost", error_detail="The server's master key was changed: rotate the secret."
            )
        except Exception as error:
            # It counts: what breaks each time would else be tried for ever.
            log.error(
                "a delivery met a defect",
                extra={"delivery": message.claimed.id, "error": type(error).__name__},
                exc_info=self._is_time_to_tell(type(error).__name__),
            )
            return outcome(error="internal_error", error_detail="A defect of the server; its log has more.")
        return outcome(
            status_code=answer.status,
            response_body=answer.body,
            # What was answered counts, even if the rest of it did not come.
            error=answer.ended if answer.ended in ("deadline", "cut") else None,
            # The receiver's clock is not the server's, which may have been moved.
            retry_after=schedule.retry_after(
                answer.headers.get("retry-after"), datetime.fromtimestamp(real_now(), UTC)
            ),
        )

    def _headers(self, sealed: str) -> dict[str, str]:
        headers: dict[str, str] = json.loads(self._unsealed(sealed).get_secret_value())
        return headers

    def _unsealed(self, sealed: str) -> Secret:
        found = self._opened.get(sealed)
        if found is None:
            text = self._sealer.open(sealed)
            if text is None:
                raise SecretLost
            if len(self._opened) >= _MOST_REMEMBERED:
                self._opened.clear()
            found = self._opened[sealed] = Secret(text)
        return found


def _without_query(url: str) -> str:
    """What may stand in a log: a query often has a token."""
    return urlsplit(url)._replace(query="", fragment="").geturl()
