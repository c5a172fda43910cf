"""`/usage/stats`: what a user asked of the API."""

from __future__ import annotations

import asyncio
from typing import Annotated, Final

from fastapi import Query

from aimusicverse.server.call import Call
from aimusicverse.server.routing import Router
from aimusicverse.server.usage import service
from aimusicverse.types.base import Timestamp
from aimusicverse.types.usage import UsageGrouping, UsageStats

router: Final = Router("Account")

From = Annotated[
    Timestamp | None,
    Query(alias="from", description="From the hour of this time; a day before `to`, by the day 30 days."),
]
To = Annotated[Timestamp | None, Query(alias="to", description="Up to this time; now.")]


@router.get("/usage/stats", scope="usage:read", problems=("invalid_request",))
async def get_usage(
    call: Call,
    from_: From = None,
    to: To = None,
    group_by: Annotated[UsageGrouping | None, Query(description="Also by each of these.")] = None,
    key_id: Annotated[str | None, Query(max_length=40, description="Only of this key (`key_…`).")] = None,
) -> UsageStats:
    """Your requests: how many, how many failed or met a limit, how long they took, and with what they were
    made. All of your keys together; times are in UTC. At most 731 days, by the hour 31.
    """
    await asyncio.to_thread(call.services.usage.flush_if_possible)
    return await call.read(service.stats, from_, to, group_by, key_id)
