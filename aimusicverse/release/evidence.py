"""The proof file of a release: how each recording and the cover came to be, and what exactly was delivered.

It is for whoever asks later: a store's reviewer, a distributor's support, a lawyer. Nothing in it is judged.
It holds no more than its owner wrote down or the files say, and what nobody said is `null`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from aimusicverse._version import __version__
from aimusicverse.release.ai_parts import RECORDED
from aimusicverse.release.facts import AudioFacts, ImageFacts
from aimusicverse.release.rules.case import Track
from aimusicverse.types.release import AiDisclosure, Release

#: Of the file's own form; it changes when a field changes its meaning.
FORM: Final = 1


def proof(
    release: Release,
    *,
    audio: Mapping[int, AudioFacts],
    image: ImageFacts | None,
    now: datetime,
) -> bytes:
    """The file, as JSON in UTF-8. The same release, files and moment give the same bytes.

    Args:
        release: what is delivered.
        audio: of its sound files, by the number of the track, 0 for the first.
        image: of its cover.
        now: when the proof is made, with a zone.
    """
    tracks = [Track(index, one, release, audio.get(index)) for index, one in enumerate(release.tracks)]
    content = {
        "form": FORM,
        "made_by": f"aimusicverse {__version__}",
        "made_at": now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "release": {
            "title": release.title,
            "version": release.version,
            "artists": [artist.name for artist in release.artists],
            "upc": release.upc,
            "p_line": release.p_line,
            "c_line": release.c_line,
        },
        "recordings": [_recording(track) for track in tracks],
        "cover": _cover(release, image),
    }
    # A lone surrogate has no UTF-8; as an escape it is kept.
    text = json.dumps(content, indent=2, ensure_ascii=not _is_text(content))
    return (text + "\n").encode()


def _recording(track: Track) -> dict[str, Any]:
    recording, facts = track.recording, track.audio
    return {
        "number": track.number,
        "title": recording.title,
        "version": recording.version,
        "isrc": recording.isrc,
        "artists": [artist.name for artist in track.artists],
        "writers": [{"name": writer.name, "roles": writer.roles} for writer in track.writers],
        "file": None
        if facts is None
        else {
            "name": facts.name,
            "size_bytes": facts.size_bytes,
            "sha256": facts.sha256,
            "md5": facts.md5,
            "samples_sha256": facts.pcm_sha256,
            "duration_seconds": facts.duration_seconds,
            "sample_rate": facts.sample_rate,
            "bit_depth": facts.bit_depth,
        },
        "machine_made": {aspect: getattr(track.ai, aspect) for aspect in RECORDED},
        "generator": _generator(track.ai),
    }


def _generator(ai: AiDisclosure) -> dict[str, Any] | None:
    told = {
        "name": ai.tool,
        "version": ai.tool_version,
        "prompt": ai.prompt,
        "seed": ai.seed,
        "plan": ai.plan,
        "licence": ai.licence,
        "made_on": ai.made_on,
        "output_id": ai.output_id,
    }
    return told if any(value is not None for value in told.values()) else None


def _cover(release: Release, image: ImageFacts | None) -> dict[str, Any]:
    return {
        "machine_made": release.ai.artwork,
        "rights": release.cover.rights,
        "file": None
        if image is None
        else {
            "name": image.name,
            "size_bytes": image.size_bytes,
            "sha256": image.sha256,
            "md5": image.md5,
            "width": image.width,
            "height": image.height,
        },
    }


def _is_text(content: Any) -> bool:
    try:
        json.dumps(content, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True
