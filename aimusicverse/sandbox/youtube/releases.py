"""What this YouTube has: the oracle of tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aimusicverse.sandbox.releases import SandboxRelease
from aimusicverse.sandbox.state import put
from aimusicverse.sandbox.surroundings import Surroundings
from aimusicverse.sandbox.youtube import uploads
from aimusicverse.sandbox.youtube.faults import STORE
from aimusicverse.sandbox.youtube.resource import settled, upload_status, views


def advance(surroundings: Surroundings) -> None:
    """What was due by now is so: scheduled videos are public, and nothing is left of sessions that are over.

    Asking for a video tells the same without.
    """
    now = surroundings.now()
    uploads.sweep(surroundings)
    for identifier, video in surroundings.state.all(STORE, "video").items():
        if settled(video, now) is video:
            continue
        with surroundings.state.writing() as connection:
            put(connection, STORE, "video", identifier, settled(video, now))


def releases(surroundings: Surroundings) -> list[SandboxRelease]:
    """Each video that is there."""
    now = surroundings.now()
    return [_told(settled(video, now), now) for video in surroundings.state.all(STORE, "video").values()]


def _told(video: dict[str, Any], now: datetime) -> SandboxRelease:
    live_at = video["first_public_at"]
    return SandboxRelease(
        store=STORE,
        account=video["account"],
        external_id=video["id"],
        title=video["snippet"]["title"],
        upc=None,
        isrcs=(),
        status=_status(video, now),
        received_at=datetime.fromisoformat(video["uploaded_at"]),
        live_at=datetime.fromisoformat(live_at) if live_at else None,
        streams=views(video, now),
        times_received=1 + video["updates"],
    )


def _status(video: dict[str, Any], now: datetime) -> str:
    status = upload_status(video, now)
    if status != "processed":
        return "processing" if status == "uploaded" else status
    if video["status"]["privacyStatus"] != "private":
        return "live"
    return "taken_down" if video["first_public_at"] else "ready"
