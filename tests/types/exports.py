"""Exports of distributions, by hand."""

from __future__ import annotations

from typing import Any

from aimusicverse.server.ids import new_id
from aimusicverse.types.distribution_export import EXPORT_FORMAT
from aimusicverse.types.release import Release
from tests.release.sound_releases import SINGLE

_AT = "2026-12-04T12:00:00.123456Z"


def export_of(*deliveries: dict[str, Any]) -> dict[str, Any]:
    """One distribution for each of these, which goes to SoundCloud as they say."""
    metadata = Release.model_validate(SINGLE).model_dump(mode="json", exclude_none=True)
    delivery = {"platform": "soundcloud", "connector": "api", "status": "live", "step": "streams"}
    return {
        "format": EXPORT_FORMAT,
        "distributions": [
            {
                "id": new_id("dst"),
                "mode": "sandbox",
                "status": "live",
                "title": metadata["title"],
                "revision": 1,
                "version": 1,
                "created_at": _AT,
                "updated_at": _AT,
                "metadata": metadata,
                "deliveries": [{**delivery, "updated_at": _AT, **one}],
            }
            for one in deliveries
        ],
    }
