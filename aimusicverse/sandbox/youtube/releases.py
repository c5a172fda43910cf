"""What this YouTube has: the oracle of tests."""

from __future__ import annotations

from typing import Any

from aimusicverse.sandbox.state import put
from aimusicverse.sandbox.surroundings import Surroundings
from aimusicverse.sandbox.youtube.faults import STORE
from aimusicverse.sandbox.youtube.resource import settled, upload_status, views


def advance(surroundings: Surroundings) -> None:
    """What was due by now is so: scheduled videos are public. Asking for one tells the same without."""
    now = surroundings.now()
    for identifier, video in surroundings.state.all(STORE, "video").items():
        if settled(video, now) is video:
            continue
        with surroundings.state.writing() as connection:
            put(connection, STORE, "video", identifier, settled(video, now))


def releases(surroundings: Surroundings) -> list[dict[str, Any]]:
    """Each video: `store`, `account`, `external_id`, `title`, `status`, `received_at`, `live_at`, `streams`."""
    now = surroundings.now()
    return [_told(settled(video, now), upload_status(video, now), views(settled(video, now), now))
            for video in surroundings.state.all(STORE, "video").values()]  # fmt: skip


def _told(video: dict[str, Any], status: str, streams: int) -> dict[str, Any]:
    is_public = status == "processed" and video["status"]["privacyStatus"] == "public"
    return {
        "store": STORE,
        "account": video["account"],
        "external_id": video["id"],
        "title": video["snippet"]["title"],
        "status": "live" if is_public else status,
        "privacy": video["status"]["privacyStatus"],
        "received_at": video["uploaded_at"],
        "live_at": video["first_public_at"],
        "streams": streams,
        "sha256": video["sha256"],
    }
