"""Answers as a server gives them."""

from __future__ import annotations

from typing import Any

AT = "2026-01-31T12:00:00.000Z"


def generation(status: str = "queued", **more: Any) -> dict[str, Any]:
    return {
        "id": "gen_1",
        "created_at": AT,
        "updated_at": AT,
        "status": status,
        "prompt": "lofi",
        "duration_seconds": 60,
        "seed": 7,
        "engine": "studio",
        **more,
    }


def track(number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "id": f"trk_{number}",
        "created_at": AT,
        "updated_at": AT,
        "title": "Rain",
        "duration_seconds": 60,
        "audio": {
            "formats": ["wav", "flac", "mp3"],
            "sample_rate": 48000,
            "bit_depth": 24,
            "lufs": -14.0,
            "true_peak_dbtp": -1.0,
            "sha256": "0" * 64,
            "size_bytes": 10,
            "url": f"/api/v1/tracks/trk_{number}/audio",
        },
        "provenance": {"engine": "studio", "engine_version": "1", "prompt": "lofi", "licence": "yours"},
        **more,
    }


def plan(**more: Any) -> dict[str, Any]:
    return {
        "engine": "studio",
        "genre": "lofi",
        "tempo_bpm": 80,
        "key": "A minor",
        "duration_seconds": 60,
        "instruments": ["piano"],
        "sections": [{"name": "verse", "bars": 4, "energy": 0.5, "start_seconds": 0, "duration_seconds": 12}],
        "seed": 7,
        **more,
    }


def event(seq: int = 1) -> dict[str, Any]:
    return {"id": f"evt_{seq}", "seq": seq, "type": "generation.completed", "timestamp": AT, "data": {"a": 1}}
