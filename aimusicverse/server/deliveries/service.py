"""Decides about deliveries that a person asks for."""

from __future__ import annotations

from typing import Final

from aimusicverse.server.deliveries import fan_out, queries
from aimusicverse.server.events import queries as event_rows
from aimusicverse.server.problems import Refusal
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.webhooks import queries as webhooks
from aimusicverse.types import Delivery, Webhook, WebhookReplay, WebhookReplayCreate
from aimusicverse.types.webhook_request import covers

#: Events that one request of a replay sends, and those that it looks at for them: others want to write too.
STRETCH: Final = 500
LOOKED_AT: Final = 20_000


def get(tx: Transaction, owner: Owner, delivery_id: str) -> Delivery:
    """One delivery, with what was answered."""
    return queries.get(tx, owner, delivery_id)


def page(
    tx: Transaction, owner: Owner, webhook_id: str, before: str | None, status: str | None, limit: int
) -> list[Delivery]:
    """One more than `limit` deliveries to an endpoint, if there are so many, newest first."""
    webhooks.get(tx, owner, webhook_id)
    return queries.newest(tx, owner, webhook_id, before=before, status=status, limit=limit + 1)


def redeliver(tx: Transaction, owner: Owner, delivery_id: str) -> Delivery:
    """Send an event once more, at once. One that is on its way already is not sent twice."""
    found = queries.get(tx, owner, delivery_id)
    _check_enabled(webhooks.get(tx, owner, found.webhook_id))
    _again(tx, owner, found.id, found.status)
    return queries.get(tx, owner, delivery_id)


def replay(tx: Transaction, owner: Owner, webhook_id: str, body: WebhookReplayCreate) -> WebhookReplay:
    """Send events to an endpoint again: those named, or a stretch of the log that it asked for."""
    endpoint = webhooks.get(tx, owner, webhook_id)
    _check_enabled(endpoint)
    if body.event_ids is not None:
        named = [event_rows.get(tx, owner, event_id) for event_id in dict.fromkeys(body.event_ids)]
        chosen = [(event.id, event.type) for event in named]
        last, done = max(event.seq for event in named), True
    else:
        after = body.after or 0
        up_to = event_rows.later_by(tx, owner, after=after, count=LOOKED_AT)
        found = event_rows.stretch(tx, owner, after=after, up_to=up_to, since=body.since, limit=STRETCH)
        chosen = [
            (event_id, type)
            for _, event_id, type in found
            if any(covers(pattern, type) for pattern in endpoint.events)
        ]
        if len(found) == STRETCH or (up_to is None and found):
            last = found[-1][0]
        else:
            last = after if up_to is None else up_to
        done = up_to is None and len(found) < STRETCH
    queued = sum(
        _send(tx, owner, webhook_id, event_id, type, body.delivered_too) for event_id, type in chosen
    )
    return WebhookReplay(queued=queued, skipped=len(chosen) - queued, last_seq=last, done=done)


def _send(
    tx: Transaction, owner: Owner, webhook_id: str, event_id: str, type: str, delivered_too: bool
) -> bool:
    """Whether there is now a try to come that there was not before."""
    there = queries.of_event(tx, owner, webhook_id, event_id)
    if there is None:
        fan_out.deliver(tx, owner.id, event_id, type, webhook_id)
        return True
    delivery_id, status = there
    if status == queries.PENDING or (status == queries.SUCCEEDED and not delivered_too):
        return False
    _again(tx, owner, delivery_id, status)
    return True


def _again(tx: Transaction, owner: Owner, delivery_id: str, status: str) -> None:
    # Of one that waits for its next try only that is brought forward, so that it does not go out twice.
    (queries.sooner if status == queries.PENDING else queries.again)(tx, owner, delivery_id)
    fan_out.wake(tx)


def _check_enabled(endpoint: Webhook) -> None:
    if endpoint.status == webhooks.DISABLED:
        raise Refusal("webhook_disabled")
