"""`/deliveries`, and those of an endpoint."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Query

from aimusicverse.server import pages
from aimusicverse.server.call import Call
from aimusicverse.server.deliveries import service
from aimusicverse.server.routing import Router
from aimusicverse.types import Delivery, Page
from aimusicverse.types.webhook import DeliveryState

router: Final = Router("Webhooks")

_ONE = ("delivery_not_found",)


@router.get(
    "/webhooks/{webhook_id}/deliveries",
    scope="webhooks:read",
    problems=("webhook_not_found", "cursor_invalid", "invalid_request"),
)
async def list_deliveries(
    webhook_id: str,
    call: Call,
    status: Annotated[DeliveryState | None, Query(description="Only those.")] = None,
    limit: pages.Limit = 50,
    cursor: pages.Cursor = None,
) -> Page[Delivery]:
    """Deliveries to an endpoint, newest first; without what it answered."""
    name, filters = f"webhooks/{webhook_id}/deliveries", {"status": status}
    before = pages.opened(call, name, dict(filters), cursor)
    found = await call.read(service.page, webhook_id, before, status, limit)
    return pages.page(call, name, dict(filters), found, limit)


@router.get("/deliveries/{delivery_id}", scope="webhooks:read", problems=_ONE)
async def get_delivery(delivery_id: str, call: Call) -> Delivery:
    """One delivery, with each of its tries and what was answered."""
    return await call.read(service.get, delivery_id)


@router.post(
    "/deliveries/{delivery_id}/redeliver",
    scope="webhooks:write",
    status=202,
    problems=(*_ONE, "webhook_disabled"),
)
async def redeliver(delivery_id: str, call: Call) -> Delivery:
    """Send it once more, at once, under the same id. One that waits for its next try is brought forward."""
    return await call.write(service.redeliver, delivery_id)
