"""`/api-keys`: the keys of a user."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Query

from aimusicverse.server import pages
from aimusicverse.server.api_keys import service
from aimusicverse.server.api_keys.issued import IssuedApiKey
from aimusicverse.server.call import Call
from aimusicverse.server.routing import Router
from aimusicverse.server.security.key_format import mode_of
from aimusicverse.server.versions import IfMatch
from aimusicverse.types import ApiKey, ApiKeyCreate, ApiKeyRotate, ApiKeyUpdate, Page

router: Final = Router("API keys")

_ONE = ("api_key_not_found",)
_GIVES = ("grant_exceeded", "invalid_request")


@router.get("/api-keys", scope="keys:read", problems=("cursor_invalid", "invalid_request"))
async def list_api_keys(
    call: Call,
    include_revoked: Annotated[bool, Query(description="Those that were revoked, too.")] = False,
    limit: pages.Limit = 50,
    cursor: pages.Cursor = None,
) -> Page[ApiKey]:
    """API keys, newest first; without their text, which nobody has any more."""
    filters: dict[str, object] = {"include_revoked": include_revoked}
    before = pages.opened(call, "api-keys", filters, cursor)
    found = await call.read(service.page, before, limit, include_revoked)
    return pages.page(call, "api-keys", filters, found, limit)


@router.post("/api-keys", scope="keys:write", status=201, problems=(*_GIVES, "too_many_api_keys"))
async def create_api_key(body: ApiKeyCreate, call: Call) -> IssuedApiKey:
    """Make a key. Its text is in this answer and nowhere else."""
    minted = await call.services.authenticator.mint(mode_of(body.mode or call.principal.mode))
    return await call.write(service.create, call.principal, minted, body)


@router.get("/api-keys/{key_id}", scope="keys:read", problems=_ONE)
async def get_api_key(key_id: str, call: Call) -> ApiKey:
    """One key, revoked ones too."""
    return await call.read(service.get, key_id)


@router.patch(
    "/api-keys/{key_id}",
    scope="keys:write",
    problems=(*_ONE, *_GIVES, "api_key_final", "version_conflict"),
)
async def update_api_key(key_id: str, body: ApiKeyUpdate, call: Call, if_match: IfMatch = None) -> ApiKey:
    """Change name, scopes or end of a key. In all processes it counts at once."""
    return await call.write(service.update, call.principal, key_id, body, if_match)


@router.delete("/api-keys/{key_id}", scope="keys:write", status=204, problems=(*_ONE, "version_conflict"))
async def revoke_api_key(key_id: str, call: Call, if_match: IfMatch = None) -> None:
    """End a key at once, in all processes. It can still be read, and comes back no more."""
    await call.write(service.revoke, key_id, if_match)


@router.post(
    "/api-keys/{key_id}/rotate",
    scope="keys:write",
    status=201,
    problems=(*_ONE, *_GIVES, "api_key_final", "api_key_rotated", "too_many_api_keys"),
)
async def rotate_api_key(key_id: str, body: ApiKeyRotate, call: Call) -> IssuedApiKey:
    """Make a key that can do the same; the old one still works for `overlap_seconds`.

    A suspended key ends at once, and the new one works.
    """
    old = await call.read(service.get, key_id)
    minted = await call.services.authenticator.mint(mode_of(old.mode))
    return await call.write(service.rotate, call.principal, key_id, minted, body)
