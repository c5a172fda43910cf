"""Samples: what events of each type look like, for whoever writes a receiver."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Final

_AT: Final = "2026-03-14T09:26:53.000Z"
_TIMES: Final = {"created_at": _AT, "updated_at": _AT}

_TRACK: Final[dict[str, Any]] = {
    "id": "trk_0Sample0000000000000001",
    **_TIMES,
    "etag": "1-sample",
    "title": "Rainy night",
    "status": "ready",
    "duration_seconds": 60.0,
    "tempo_bpm": 80.0,
    "key": "A minor",
    "genre": "lofi",
    "tags": ["lofi", "rain"],
    "audio": {
        "formats": ["wav", "flac", "mp3"],
        "sample_rate": 44100,
        "channels": 2,
        "bit_depth": 24,
        "lufs": -14.0,
        "true_peak_dbtp": -1.1,
        "sha256": "0" * 64,
        "size_bytes": 15876044,
        "url": "/api/v1/tracks/trk_0Sample0000000000000001/audio",
    },
    "provenance": {
        "generation_id": "gen_0Sample0000000000000001",
        "engine": "studio",
        "engine_version": "1.0.0",
        "prompt": "lofi hip hop, rainy night",
        "seed": 7,
        "licence": "MIT",
        "ai_parts": ["composition", "instruments"],
    },
    "version": 1,
}
_GENERATION: Final[dict[str, Any]] = {
    "id": "gen_0Sample0000000000000001",
    **_TIMES,
    "status": "processing",
    "progress": 0.0,
    "prompt": "lofi hip hop, rainy night",
    "tags": [],
    "negative_tags": [],
    "instrumental": True,
    "duration_seconds": 60.0,
    "seed": 7,
    "variants": 1,
    "engine": "studio",
    "warnings": [],
    "tracks": [],
}
_PROBLEM: Final = {
    "type": "/problems/engine_failed",
    "title": "The engine could not make the music",
    "status": 500,
    "detail": "A sample.",
    "code": "engine_failed",
}
_PLAYLIST: Final[dict[str, Any]] = {
    "id": "pls_0Sample0000000000000001",
    **_TIMES,
    "etag": "1-sample",
    "title": "Rainy nights",
    "visibility": "private",
    "track_count": 12,
    "duration_seconds": 2520.0,
}
_DELIVERY: Final[dict[str, Any]] = {
    "platform": "spotify",
    "connector": "package",
    "mode": "sandbox",
    "status": "queued",
    "attempts": 0,
    "updated_at": _AT,
}
_DISTRIBUTION: Final[dict[str, Any]] = {
    "id": "dst_0Sample0000000000000001",
    **_TIMES,
    "etag": "1-sample",
    "mode": "sandbox",
    "status": "queued",
    "title": "Rainy night",
    "metadata": {"title": "Rainy night", "tracks": [{"title": "Rainy night", "isrc": "USSKG1912345"}]},
    "platforms": ["spotify"],
    "track_ids": ["trk_0Sample0000000000000001"],
    "revision": 1,
    "deliveries": [_DELIVERY],
    "submitted_at": _AT,
}


def _delivered(status: str, **more: Any) -> dict[str, Any]:
    return {"status": status, "deliveries": [{**_DELIVERY, "status": status, "attempts": 1, **more}]}


_STORE_PROBLEM: Final = {
    "code": "store_rejected",
    "message": "A sample.",
    "hint": "Change the release, then retry.",
    "docs_url": "/store-problems/store_rejected",
    "retryable": False,
}
_WEBHOOK: Final[dict[str, Any]] = {
    "id": "whk_0Sample0000000000000001",
    **_TIMES,
    "etag": "1-sample",
    "url": "https://hooks.example.com/music",
    "events": ["*"],
    "headers": {},
    "status": "enabled",
    "retry_schedule": "fast",
    "failure_count": 0,
    "secrets_valid": 1,
}
_API_KEY: Final[dict[str, Any]] = {
    "id": "key_0Sample0000000000000001",
    **_TIMES,
    "etag": "1-sample",
    "name": "CI",
    "mode": "test",
    "scopes": ["tracks:read"],
    "status": "active",
}
_ALERT: Final[dict[str, Any]] = {
    "id": "alt_0Sample0000000000000001",
    **_TIMES,
    "rule": "api_errors",
    "status": "raised",
    "message": "6.1 % of the API's answers within 5 minutes were errors.",
    "value": 0.061,
    "threshold": 0.05,
    "raised_at": _AT,
}

#: Type → the object it is about, and how that is then.
_SAMPLES: Final[dict[str, tuple[dict[str, Any], dict[str, Any]]]] = {
    "generation.started": (_GENERATION, {}),
    "generation.progress": (_GENERATION, {"progress": 0.42, "stage": "render"}),
    "generation.completed": (_GENERATION, {"status": "completed", "progress": 1.0, "tracks": [_TRACK]}),
    "generation.failed": (_GENERATION, {"status": "failed", "problem": _PROBLEM}),
    "generation.cancelled": (_GENERATION, {"status": "cancelled"}),
    "track.created": (_TRACK, {}),
    "track.updated": (_TRACK, {"title": "Rainy night, again", "version": 2, "etag": "2-sample"}),
    "track.deleted": (_TRACK, {"status": "deleted", "deleted_at": _AT}),
    "playlist.updated": (_PLAYLIST, {}),
    "distribution.submitted": (_DISTRIBUTION, {}),
    "distribution.scheduled": (_DISTRIBUTION, _delivered("scheduled")),
    "distribution.updated": (_DISTRIBUTION, _delivered("processing")),
    "distribution.live": (_DISTRIBUTION, _delivered("live")),
    "distribution.failed": (_DISTRIBUTION, _delivered("failed", problem=_STORE_PROBLEM)),
    "distribution.rejected": (_DISTRIBUTION, _delivered("rejected", problem=_STORE_PROBLEM)),
    "distribution.action_required": (_DISTRIBUTION, _delivered("action_required", problem=_STORE_PROBLEM)),
    "endpoint.test": (_WEBHOOK, {}),
    "endpoint.failing": (_WEBHOOK, {"status": "failing", "failure_count": 1}),
    "endpoint.disabled": (
        _WEBHOOK,
        {"status": "disabled", "disabled_at": _AT, "disabled_for": "dead_events", "failure_count": 10},
    ),
    "api_key.rotation_due": (_API_KEY, {}),
    "api_key.suspended": (_API_KEY, {"status": "suspended", "suspended_for": "over_limit"}),
    "alert.raised": (_ALERT, {}),
    "alert.cleared": (_ALERT, {"status": "cleared", "cleared_at": _AT}),
}


def sample(type: str, changes: dict[str, Any]) -> dict[str, Any]:
    """What an event of a type carries, with `changes` over it; a dictionary within goes over one within.

    Raises:
        KeyError: there is no such type.
    """
    about, then = _SAMPLES[type]
    return _over(_over(deepcopy(about), deepcopy(then)), changes)


def _over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    for name, value in above.items():
        within = below.get(name)
        below[name] = _over(within, value) if isinstance(within, dict) and isinstance(value, dict) else value
    return below
