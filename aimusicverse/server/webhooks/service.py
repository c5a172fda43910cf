"""Decides about webhooks."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, Final

from aimusicverse.egress import EgressError, Rules, check_url
from aimusicverse.secret import Secret
from aimusicverse.server import versions
from aimusicverse.server.deliveries import fan_out
from aimusicverse.server.deliveries import service as deliveries
from aimusicverse.server.events import service as events
from aimusicverse.server.ids import new_id
from aimusicverse.server.problems import Refusal
from aimusicverse.server.security.principal import Owner
from aimusicverse.server.store.sealed import Sealer
from aimusicverse.server.store.transaction import Transaction
from aimusicverse.server.webhooks import queries, secrets
from aimusicverse.server.webhooks.issued import IssuedWebhook
from aimusicverse.types import (
    Delivery,
    FieldError,
    Webhook,
    WebhookCreate,
    WebhookRotate,
    WebhookUpdate,
)

#: Endpoints of one user.
MOST_WEBHOOKS: Final = 100
#: The event that tells an endpoint that it is reached.
TEST: Final = "endpoint.test"
#: Why an endpoint was disabled, when its owner did it.
BY_USER: Final = "by_user"


def get(tx: Transaction, owner: Owner, webhook_id: str) -> Webhook:
    """One endpoint."""
    return queries.get(tx, owner, webhook_id)


def page(tx: Transaction, owner: Owner, before: str | None, limit: int) -> list[Webhook]:
    """One more than `limit` endpoints, if there are so many, newest first."""
    return queries.newest(tx, owner, before=before, limit=limit + 1)


def create(tx: Transaction, owner: Owner, body: WebhookCreate, rules: Rules, sealer: Sealer) -> IssuedWebhook:
    """A new endpoint, which is tried at once."""
    _check(body.url, rules)
    if queries.count(tx, owner) >= MOST_WEBHOOKS:
        raise Refusal("too_many_webhooks")
    minted = secrets.mint(sealer)
    webhook_id = new_id("whk")
    queries.insert(
        tx,
        owner,
        webhook_id,
        url=body.url,
        events=body.events,
        description=body.description or None,
        retry_schedule=body.retry_schedule,
        secrets=[{"sealed": minted.sealed, "until": None}],
        **_sealed(body.headers, sealer),
    )
    made = queries.get(tx, owner, webhook_id)
    _send_test(tx, owner, made)
    return IssuedWebhook(**{**dict(made), "secret": minted.secret})


def update(
    tx: Transaction,
    owner: Owner,
    webhook_id: str,
    body: WebhookUpdate,
    expected: str | None,
    rules: Rules,
    sealer: Sealer,
) -> Webhook:
    """Change an endpoint. What waits goes where it is then; enabled again, it gets what had to wait."""
    before = queries.get(tx, owner, webhook_id)
    versions.check(expected, before.etag)
    changes = body.model_dump(exclude_unset=True, exclude={"headers", "enabled"})
    if "url" in changes:
        _check(changes["url"], rules)
    if "description" in changes:
        changes["description"] = changes["description"] or None
    if body.headers is not None:
        changes |= _sealed(body.headers, sealer)
    disabled = before.status == queries.DISABLED
    if body.enabled is True and disabled:
        # Its failures are forgotten: it is judged by what comes now.
        changes |= {
            "status": queries.ENABLED,
            "failure_count": 0,
            "judged_since": tx.now,
            "disabled_at": None,
            "disabled_for": None,
        }
    elif body.enabled is False and not disabled:
        changes |= {"status": queries.DISABLED, "disabled_at": tx.now, "disabled_for": BY_USER}
    if changes:
        queries.change(tx, owner, webhook_id, **changes)
        fan_out.wake(tx)
    return queries.get(tx, owner, webhook_id)


def delete(tx: Transaction, owner: Owner, webhook_id: str, expected: str | None) -> None:
    """Remove an endpoint with all its deliveries; nothing more is sent there."""
    gone = queries.get(tx, owner, webhook_id)
    versions.check(expected, gone.etag)
    # Its secrets go at once; its deliveries, of which there may be many, when the house is kept.
    queries.change(tx, owner, webhook_id, status=queries.DELETED, secrets=[], headers=None, header_names=[])


def rotate_secret(
    tx: Transaction, owner: Owner, webhook_id: str, body: WebhookRotate, sealer: Sealer
) -> IssuedWebhook:
    """A new secret. For a while messages are signed with the old one too."""
    row = queries.row(tx, owner, webhook_id)
    minted = secrets.mint(sealer)
    kept = secrets.rotated(
        row.secrets, minted.sealed, now=tx.now, overlap=timedelta(seconds=body.overlap_seconds)
    )
    queries.change(tx, owner, webhook_id, secrets=kept)
    return IssuedWebhook(**{**dict(queries.get(tx, owner, webhook_id)), "secret": minted.secret})


def test(tx: Transaction, owner: Owner, webhook_id: str) -> Delivery:
    """Send an event `endpoint.test` to this endpoint alone."""
    found = queries.get(tx, owner, webhook_id)
    if found.status == queries.DISABLED:
        raise Refusal("webhook_disabled")
    return deliveries.get(tx, owner, _send_test(tx, owner, found))


def _send_test(tx: Transaction, owner: Owner, found: Webhook) -> str:
    event_id = events.record_test(tx, owner, TEST, found)
    return fan_out.deliver(tx, owner.id, event_id, TEST, found.id)


def _check(url: str, rules: Rules) -> None:
    try:
        check_url(url, rules)
    except EgressError as error:
        message = str(error)
        raise Refusal(
            "invalid_request",
            f"url: {message}",
            errors=[FieldError(field="url", code=error.reason, message=message)],
        ) from None


def _sealed(headers: dict[str, Secret], sealer: Sealer) -> dict[str, Any]:
    """Own headers as the database has them."""
    plain = {name: value.get_secret_value() for name, value in headers.items()}
    return {"headers": sealer.seal(json.dumps(plain)) if plain else None, "header_names": list(plain)}
