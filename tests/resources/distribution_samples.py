"""Distributions as a server tells of them."""

from __future__ import annotations

from typing import Any

AT = "2026-11-26T12:00:00.000Z"


def delivery(platform: str = "soundcloud", status: str = "processing", **fields: Any) -> dict[str, Any]:
    """One store's."""
    return {
        "platform": platform, "connector": "api", "mode": "sandbox", "status": status, "external_id": None,
        "external_url": None, "problem": None, "attempts": 1, "next_attempt_at": None, "package_url": None,
        "streams": None, "progress": None, "updated_at": AT, **fields,
    }  # fmt: skip


def distribution(*deliveries: dict[str, Any], status: str = "processing", **fields: Any) -> dict[str, Any]:
    """The whole of it."""
    return {
        "id": "dst_1", "created_at": AT, "updated_at": AT, "etag": "e1", "mode": "sandbox", "status": status,
        "title": "Rain", "metadata": {"title": "Rain", "tracks": [{"title": "Rain"}]},
        "platforms": [one["platform"] for one in deliveries], "via": None, "track_ids": ["trk_1"],
        "artwork_id": None, "release_at": None, "revision": 1, "deliveries": list(deliveries), "quote": None,
        "submitted_at": AT, **fields,
    }  # fmt: skip
