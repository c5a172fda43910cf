"""`/_local/*`: only in dev mode, only from this machine, only with the embedded owner's key."""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request

from aimusicverse.server import agreement
from aimusicverse.server.call import identified, services_of
from aimusicverse.server.local.dev_mode import DevMode
from aimusicverse.server.problems import NotFound, Refusal
from aimusicverse.server.security.principal import Principal
from aimusicverse.types.local import ClockAdvance, Fault, LocalClock, Received, Snapshot

router: Final = APIRouter(prefix="/_local", include_in_schema=False)


async def _dev_mode(request: Request, caller: Annotated[Principal, Depends(identified)]) -> DevMode:
    dev = services_of(request).dev
    if dev is None or not _is_from_this_machine(request):
        raise Refusal("route_not_found")
    if caller.key_id != dev.key_id:
        raise Refusal("scope_missing", "This needs the local server's own key.")
    return dev


def _is_from_this_machine(request: Request) -> bool:
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:  # what a proxy says of its caller may be anything
        return False


Dev = Annotated[DevMode, Depends(_dev_mode)]


@router.get("/clock")
async def clock(dev: Dev) -> LocalClock:
    """Server time."""
    return _clock(dev)


@router.post("/clock")
async def advance_clock(body: ClockAdvance, dev: Dev) -> LocalClock:
    """Move server time forward."""
    await dev.store.write(agreement.advance_clock, timedelta(seconds=body.seconds))
    return _clock(dev)


@router.post("/faults", status_code=204)
async def add_fault(body: Fault, dev: Dev) -> None:
    """Play a fault on the next calls to a route."""
    dev.faults.add(body)


@router.delete("/faults", status_code=204)
async def clear_faults(dev: Dev) -> None:
    """Forget the faults that were not played yet."""
    dev.faults.clear()


@router.post("/reset", status_code=204)
async def reset(dev: Dev) -> None:
    """Delete all but the owner and his key."""
    await asyncio.to_thread(dev.reset)


@router.post("/snapshots", status_code=201)
async def keep_snapshot(dev: Dev) -> Snapshot:
    """Keep the state as it is now."""
    return Snapshot(id=await asyncio.to_thread(dev.states.keep))


@router.post("/snapshots/{snapshot_id}/restore", status_code=204)
async def restore_snapshot(snapshot_id: str, dev: Dev) -> None:
    """Go back to a snapshot."""
    try:
        await asyncio.to_thread(dev.states.restore, snapshot_id)
    except KeyError:
        raise NotFound("snapshot", snapshot_id) from None


@router.post("/upload")
async def upload(request: Request, dev: Dev) -> Received:
    """Count and hash a body of any size, and keep nothing: for trying how a client sends."""
    digest, size = hashlib.sha256(), 0
    async for chunk in request.stream():
        digest.update(chunk)
        size += len(chunk)
    return Received(size_bytes=size, sha256=digest.hexdigest())


def _clock(dev: DevMode) -> LocalClock:
    clock = dev.store.clock
    return LocalClock(now=clock.now(), offset_seconds=clock.offset.total_seconds())
