"""What came of tries, and what follows: decided inside the transaction that writes it down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from aimusicverse.server.deliveries import queries, schedule
from aimusicverse.server.deliveries.queries import DEAD, FAILED, PENDING, SUCCEEDED, Claimed
from aimusicverse.server.events import service as events
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.webhooks import queries as webhooks

#: Why an endpoint is disabled.
GONE: Final = "gone"
DEAD_EVENTS: Final = "dead_events"
#: So many events in a row that could not be delivered, and no success for so long, disable an endpoint.
MOST_DEAD: Final = 10
WITHOUT_SUCCESS: Final = timedelta(hours=1)
#: Tries of a delivery that are kept, the last ones: it may be asked for again and again.
MOST_ATTEMPTS: Final = 25


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try."""

    claimed: Claimed
    #: When it began, by server time, and where it went.
    at: datetime
    url: str
    duration_ms: float
    #: As the endpoint had it when the try began.
    retry_schedule: str
    #: Whether it only tried the endpoint out.
    test: bool
    status_code: int | None = None
    error: str | None = None
    error_detail: str | None = None
    response_body: bytes | None = None
    retry_after: float | None = None

    @property
    def succeeded(self) -> bool:
        """2xx; nothing else is."""
        return self.status_code is not None and 200 <= self.status_code < 300


def settle(tx: Transaction, outcome: Outcome) -> None:
    """Write a try down, and decide what is next. Of a try that came too late nothing follows."""
    claimed = outcome.claimed
    due: dict[str, datetime] = {}
    if outcome.succeeded:
        status = SUCCEEDED
    elif outcome.status_code == 410:  # RFC 9110, section 15.5.11: gone, and likely for good
        status = FAILED
    elif wait := schedule.delay(outcome.retry_schedule, claimed.tries + 1, asked=outcome.retry_after):
        status, due = PENDING, {"due_at": tx.now + wait}
    else:
        status = DEAD
    held = queries.settle(
        tx, claimed, status=status, tries=claimed.tries + 1, attempts=claimed.attempts + 1, **due
    )
    if not held and not queries.exists(tx, claimed.id):
        return  # removed meanwhile, with all its tries
    is_new = queries.insert_attempt(
        tx,
        claimed,
        at=outcome.at,
        url=outcome.url,
        status_code=outcome.status_code,
        duration_ms=outcome.duration_ms,
        error=outcome.error,
        error_detail=outcome.error_detail,
        response_body=outcome.response_body,
    )
    if claimed.attempts >= MOST_ATTEMPTS:
        queries.forget_attempts(tx, claimed.id, but=MOST_ATTEMPTS)
    if held and is_new:  # it is not when the answer to a commit was lost, and this is the same once more
        _judge(tx, outcome, status)


def put_back(tx: Transaction, claims: Sequence[Claimed]) -> None:
    """These were not tried, through no fault of theirs: free at once, and no try counted."""
    for claimed in claims:
        queries.settle(tx, claimed)


def _judge(tx: Transaction, outcome: Outcome, status: str) -> None:
    """What a try says of its endpoint."""
    webhook_id = outcome.claimed.webhook_id
    if status == SUCCEEDED:
        webhooks.note_success(tx, webhook_id)
        return
    if status == PENDING:
        return
    found = webhooks.health(tx, webhook_id)
    if found is None or found.status not in (webhooks.ENABLED, webhooks.FAILING):
        return
    owner = Owner(found.owner_id)
    if status == FAILED:
        _disable(tx, owner, webhook_id, GONE)
    elif not outcome.test:
        count = found.failure_count + 1
        well_at = max(found.judged_since, found.last_success_at or found.judged_since)
        long_ago = well_at <= tx.now - WITHOUT_SUCCESS
        if count >= MOST_DEAD and long_ago:
            _disable(tx, owner, webhook_id, DEAD_EVENTS, failure_count=count)
        else:
            webhooks.set_health(tx, webhook_id, failure_count=count, status=webhooks.FAILING)
            if found.status == webhooks.ENABLED:
                events.record(tx, owner, "endpoint.failing", webhooks.get(tx, owner, webhook_id))


def _disable(tx: Transaction, owner: Owner, webhook_id: str, reason: str, **more: int) -> None:
    webhooks.set_health(
        tx, webhook_id, status=webhooks.DISABLED, disabled_at=tx.now, disabled_for=reason, **more
    )
    events.record(tx, owner, "endpoint.disabled", webhooks.get(tx, owner, webhook_id))
