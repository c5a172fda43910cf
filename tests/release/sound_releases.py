"""Releases that break no rule at all, wherever they go: what bad ones are made of, by one change each."""

from __future__ import annotations

import copy
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from aimusicverse.release.facts import AudioFacts, ImageFacts
from aimusicverse.types.release import Release

#: A Thursday, five weeks before the release: soon enough for everybody.
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
LEFT_OUT = object()

_NO_AI = {
    "lyrics": "none", "composition": "none", "vocals": "none", "instruments": "none", "artwork": "none",
}  # fmt: skip

SINGLE: dict[str, Any] = {
    "title": "Paper Lanterns",
    "artists": [{"name": "Maren Okafor"}],
    "contributors": [{"name": "Jonas Weil", "roles": ["Producer"]}],
    "upc": "036000291452",
    "label": "Maren Okafor Records",
    "p_line": "2026 Maren Okafor",
    "c_line": "2026 Maren Okafor",
    "language": "en",
    "metadata_language": "en",
    "explicit": "none",
    "genre": "Pop",
    "genres": {"apple_music": "POP-00"},
    "release_at": "2027-01-08",
    "sender_dpid": "PADPIDA2011072101T",
    "recipient_dpid": "PADPIDA2013020802I",
    "ai": _NO_AI,
    "cover": {"lettering": [], "rights": "own"},
    # What can wait for the day waits for it.
    "soundcloud": {"sharing": "private", "paid_account": True},
    "youtube": {"made_for_kids": False, "privacy": "private", "publish_at": "2027-01-08T00:00:00Z"},
    "tracks": [
        {
            "title": "Paper Lanterns",
            "isrc": "USSKG2600001",
            "writers": [{"name": "Maren Okafor", "roles": ["ComposerLyricist"]}],
            "duration_seconds": 185.0,
            "recording_country": "DE",
        }
    ],
}

ALBUM: dict[str, Any] = {
    **SINGLE,
    "title": "Harbour Lights",
    "tracks": [
        {
            "title": title,
            "isrc": f"USSKG26000{number:02}",
            "writers": [{"name": "Maren Okafor", "roles": ["ComposerLyricist"]}],
            "duration_seconds": 200.0 + number,
            "recording_country": "DE",
        }
        for number, title in enumerate(
            (
                "Cold Morning",
                "Ferry",
                "Salt and Iron",
                "Paper Lanterns",
                "The Long Quay",
                "Gulls",
                "Low Tide",
            ),
            1,
        )
    ],
}

AUDIO = AudioFacts(
    name="song.wav", container="wav", codec="PCM_24", format_code=1, bytes_after_data=0, sample_rate=44_100,
    channels=2, bit_depth=24, duration_seconds=185.0, size_bytes=48_951_044, md5="0" * 32, sha256="0" * 64,
    pcm_sha256="0" * 64, integrated_lufs=-14.0, true_peak_dbtp=-1.2, clipped_runs=0,
    leading_silence_seconds=0.1, trailing_silence_seconds=0.8, dc_offset=0.0, correlation=0.6,
    bandwidth_hz=20_500.0, end_dbfs=-60.0,
)  # fmt: skip

IMAGE = ImageFacts(
    name="cover.jpg", kind="jpeg", width=3000, height=3000, mode="RGB", bits=8, progressive=False,
    profile="sRGB", size_bytes=2_000_000, md5="1" * 32, sha256="1" * 64, deviation=48.0, sharpness=400.0,
    likeness="a5a5a5a5a5a5a5a5", coarse_sharpness=900.0,
)  # fmt: skip


def audio_of(release: Release, **changes: Any) -> dict[int, AudioFacts]:
    """Sound files that are as they should be, one a track; `changes` to the first of them."""
    facts = {}
    for index, track in enumerate(release.tracks):
        own = {"pcm_sha256": f"{index:064x}", "sha256": f"{index:064x}", "md5": f"{index:032x}"}
        facts[index] = replace(AUDIO, duration_seconds=track.duration_seconds or 185.0, **own)
    facts[0] = replace(facts[0], **changes)
    return facts


def changed(release: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A copy with other values at some paths, like `{"tracks[0].isrc": "x"}`; `LEFT_OUT` takes one out."""
    copied = copy.deepcopy(release)
    for path, value in changes.items():
        *way, last = (int(step) if step.isdigit() else step for step in re.findall(r"[^.\[\]]+", path))
        part: Any = copied
        for step in way:
            part = part[step] if isinstance(part, list) else part.setdefault(step, {})
        if value is LEFT_OUT:
            del part[last]
        elif isinstance(part, list) and last == len(part):
            part.append(value)
        else:
            part[last] = value
    return copied
