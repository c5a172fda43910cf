"""`/admin/users`: the users of this server, for its admins."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Query

from aimusicverse.server import pages
from aimusicverse.server.api_keys.issued import IssuedApiKey, IssuedUser
from aimusicverse.server.call import Call
from aimusicverse.server.routing import Router
from aimusicverse.server.security.key_format import mode_of
from aimusicverse.server.users import service
from aimusicverse.server.versions import IfMatch
from aimusicverse.types import (
    ApiKey,
    ApiKeyCreate,
    ApiKeySuspension,
    Page,
    User,
    UserCreate,
    UserUpdate,
)

router: Final = Router("Admin")

_ONE = ("user_not_found",)
_GIVES = ("grant_exceeded", "invalid_request", "too_many_api_keys")


@router.get("/admin/users", scope="admin", problems=("cursor_invalid", "invalid_request"))
async def list_users(call: Call, limit: pages.Limit = 50, cursor: pages.Cursor = None) -> Page[User]:
    """All users, newest first."""
    before = pages.opened(call, "admin/users", {}, cursor)
    found = await call.read(service.page, before, limit)
    return pages.page(call, "admin/users", {}, found, limit)


@router.post("/admin/users", scope="admin", status=201, problems=_GIVES)
async def create_user(body: UserCreate, call: Call) -> IssuedUser:
    """Make a user with a first key, whose text is in this answer and nowhere else."""
    minted = await call.services.authenticator.mint(mode_of(body.mode or call.principal.mode))
    return await call.write(service.create, call.principal, minted, body)


@router.get("/admin/users/{user_id}", scope="admin", problems=_ONE)
async def get_user(user_id: str, call: Call) -> User:
    """One user."""
    return await call.read(service.get, user_id)


@router.patch(
    "/admin/users/{user_id}",
    scope="admin",
    problems=(*_ONE, "user_is_you", "version_conflict", "invalid_request"),
)
async def update_user(user_id: str, body: UserUpdate, call: Call, if_match: IfMatch = None) -> User:
    """Change name, tier, limits or role of a user; suspend him, or let him in again."""
    return await call.write(service.update, user_id, body, if_match)


@router.get(
    "/admin/users/{user_id}/api-keys", scope="admin", problems=(*_ONE, "cursor_invalid", "invalid_request")
)
async def list_user_api_keys(
    user_id: str,
    call: Call,
    include_revoked: Annotated[bool, Query(description="Those that were revoked, too.")] = False,
    limit: pages.Limit = 50,
    cursor: pages.Cursor = None,
) -> Page[ApiKey]:
    """The keys of a user, newest first."""
    name = f"admin/users/{user_id}/api-keys"
    filters: dict[str, object] = {"include_revoked": include_revoked}
    before = pages.opened(call, name, filters, cursor)
    found = await call.read(service.api_keys_of, user_id, before, limit, include_revoked)
    return pages.page(call, name, filters, found, limit)


@router.post("/admin/users/{user_id}/api-keys", scope="admin", status=201, problems=(*_ONE, *_GIVES))
async def create_user_api_key(user_id: str, body: ApiKeyCreate, call: Call) -> IssuedApiKey:
    """Make a key for a user who has none that works any more."""
    minted = await call.services.authenticator.mint(mode_of(body.mode or call.principal.mode))
    return await call.write(service.create_api_key, user_id, call.principal, minted, body)


@router.patch("/admin/api-keys/{key_id}", scope="admin", problems=("api_key_not_found",))
async def suspend_user_api_key(key_id: str, body: ApiKeySuspension, call: Call) -> ApiKey:
    """Suspend a key of any user, or let it in again."""
    return await call.write(service.suspend_api_key, key_id, body.suspended)
