"""What is written into the files of a track: what it is called, and how it came to be."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Final

from aimusicverse.audio.tags import SOURCE_TYPES, Tags
from aimusicverse.server.tracks.uploaded import is_upload
from aimusicverse.types import Provenance, Track

#: What a file does not repeat: ids mean nothing outside of this server, and would make every file another.
_IDS: Final = {"generation_id", "derived_from_track_id"}
_HOW: Final = {"algorithmicMedia": "by rules", "trainedAlgorithmicMedia": "by a trained model"}
#: Characters that a tag would lose; as JSON escapes they are safe.
_UNSAFE: Final = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def of_track(track: Track) -> Tags:
    """What a file of the track says as it is called now."""
    return of_recording(track.title, track.artist, track.genre, track.provenance)


def of_recording(title: str, artist: str | None, genre: str | None, made: Provenance) -> Tags:
    """What a file of a recording says. Of one that somebody brought, only what it is called."""
    named = Tags(title=title, artist=artist, genre=genre)
    if is_upload(made):
        return named
    parts = ", ".join(made.ai_parts) or None
    software = f"aimusicverse {made.engine} {made.engine_version}"
    how = _HOW.get(made.source_type or "")
    by = "a machine" if how is None else f"a machine, {how}"
    return replace(
        named,
        comment=f"Made by {by}: {parts}." if parts else None,
        software=software,
        licence=made.licence,
        ai_parts=parts,
        source_type=made.source_type and SOURCE_TYPES + made.source_type,
        provenance=_as_json(made),
    )


def _as_json(made: Provenance) -> str:
    told = made.model_dump(mode="json", exclude=_IDS, exclude_defaults=True)
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
