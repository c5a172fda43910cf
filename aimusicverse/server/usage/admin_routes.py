"""`/admin/usage`: what was asked of the whole server."""

from __future__ import annotations

import asyncio
from typing import Annotated, Final

from fastapi import Query

from aimusicverse.server.call import Call
from aimusicverse.server.routing import Router
from aimusicverse.server.security.scopes import ADMIN
from aimusicverse.server.usage import admin_service
from aimusicverse.server.usage.routes import From, To
from aimusicverse.types.admin_usage import AdminUsage

router: Final = Router("Admin")


@router.get("/admin/usage", scope=ADMIN, problems=("invalid_request",))
async def get_admin_usage(
    call: Call,
    from_: From = None,
    to: To = None,
    limit: Annotated[int, Query(ge=1, le=100, description="How many users and keys at most.")] = 50,
) -> AdminUsage:
    """Everybody's requests: how many, by whom, what failed, what is slow; and API keys to look at."""
    await asyncio.to_thread(call.services.usage.flush_if_possible)
    return await call.read(admin_service.usage, from_, to, limit)
