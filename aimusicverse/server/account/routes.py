"""`/user`: one's own account."""

from __future__ import annotations

from typing import Final

from aimusicverse.server.account import service
from aimusicverse.server.call import Call
from aimusicverse.server.routing import Router
from aimusicverse.server.versions import IfMatch
from aimusicverse.types import Profile, ProfileUpdate

router: Final = Router("Account")


@router.get("/user/profile", scope="profile:read")
async def get_profile(call: Call) -> Profile:
    """Who one is here: name, tier, role, what is left of the allowance, and the key that asks."""
    return await call.read(service.profile, call.principal, call.services.quotas_left(call.principal))


@router.patch("/user/profile", scope="profile:write", problems=("version_conflict", "invalid_request"))
async def update_profile(body: ProfileUpdate, call: Call, if_match: IfMatch = None) -> Profile:
    """Change one's name or picture. Tier and role are an admin's to change."""
    left = call.services.quotas_left(call.principal)
    return await call.write(service.update, call.principal, left, body, if_match)
