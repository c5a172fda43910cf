"""`/webhooks`: endpoints of a user."""

from __future__ import annotations

from typing import Final

from aimusicverse.server import pages
from aimusicverse.server.call import Call
from aimusicverse.server.deliveries import service as deliveries
from aimusicverse.server.routing import Router
from aimusicverse.server.versions import IfMatch
from aimusicverse.server.webhooks import service
from aimusicverse.server.webhooks.issued import IssuedWebhook
from aimusicverse.types import (
    Delivery,
    Page,
    Webhook,
    WebhookCreate,
    WebhookReplay,
    WebhookReplayCreate,
    WebhookRotate,
    WebhookUpdate,
)

router: Final = Router("Webhooks")

_ONE = ("webhook_not_found",)


@router.get("/webhooks", scope="webhooks:read", problems=("cursor_invalid", "invalid_request"))
async def list_webhooks(call: Call, limit: pages.Limit = 50, cursor: pages.Cursor = None) -> Page[Webhook]:
    """Endpoints, newest first; without their secrets."""
    before = pages.opened(call, "webhooks", {}, cursor)
    found = await call.read(service.page, before, limit)
    return pages.page(call, "webhooks", {}, found, limit)


@router.post("/webhooks", scope="webhooks:write", status=201, problems=("too_many_webhooks",))
async def create_webhook(body: WebhookCreate, call: Call) -> IssuedWebhook:
    """Make an endpoint. Its secret is in this answer and nowhere else. It gets an `endpoint.test` at once."""
    services = call.services
    return await call.write(service.create, body, services.egress_rules, services.webhook_sealer)


@router.get("/webhooks/{webhook_id}", scope="webhooks:read", problems=_ONE)
async def get_webhook(webhook_id: str, call: Call) -> Webhook:
    """One endpoint."""
    return await call.read(service.get, webhook_id)


@router.patch("/webhooks/{webhook_id}", scope="webhooks:write", problems=(*_ONE, "version_conflict"))
async def update_webhook(
    webhook_id: str, body: WebhookUpdate, call: Call, if_match: IfMatch = None
) -> Webhook:
    """Change an endpoint. What waits for it goes to its new address."""
    services = call.services
    return await call.write(
        service.update, webhook_id, body, if_match, services.egress_rules, services.webhook_sealer
    )


@router.delete(
    "/webhooks/{webhook_id}", scope="webhooks:write", status=204, problems=(*_ONE, "version_conflict")
)
async def delete_webhook(webhook_id: str, call: Call, if_match: IfMatch = None) -> None:
    """Remove an endpoint with its deliveries. Nothing more is sent there."""
    await call.write(service.delete, webhook_id, if_match)


@router.post(
    "/webhooks/{webhook_id}/test",
    scope="webhooks:write",
    status=202,
    problems=(*_ONE, "webhook_disabled"),
)
async def test_webhook(webhook_id: str, call: Call) -> Delivery:
    """Send an event `endpoint.test` to this endpoint alone."""
    return await call.write(service.test, webhook_id)


@router.post("/webhooks/{webhook_id}/rotate-secret", scope="webhooks:write", problems=_ONE)
async def rotate_webhook_secret(webhook_id: str, body: WebhookRotate, call: Call) -> IssuedWebhook:
    """Make a new secret. For `overlap_seconds` messages are signed with the old one too."""
    return await call.write(service.rotate_secret, webhook_id, body, call.services.webhook_sealer)


@router.post(
    "/webhooks/{webhook_id}/replay",
    scope="webhooks:write",
    status=202,
    problems=(*_ONE, "event_not_found", "webhook_disabled"),
)
async def replay_webhook(webhook_id: str, body: WebhookReplayCreate, call: Call) -> WebhookReplay:
    """Send events again. A stretch of the log is gone through in parts: until `done`, go on `after` it."""
    return await call.write(deliveries.replay, webhook_id, body)
