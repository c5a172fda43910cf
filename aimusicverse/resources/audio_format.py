"""Which format a file is meant to have."""

from __future__ import annotations

import os
from pathlib import Path, PurePath

from aimusicverse.errors import ConfigurationError
from aimusicverse.types.track import AUDIO_FORMATS


def format_for(path: PurePath | None, named: str | None) -> str:
    """The format named, else that of the path's suffix, else WAV.

    Raises:
        ConfigurationError: the suffix belongs to none of the formats.
    """
    if named is not None:
        return named
    if path is None:
        return "wav"
    suffix = path.suffix.lower().removeprefix(".")
    if suffix not in AUDIO_FORMATS:
        raise ConfigurationError(
            f"{path.name!r} does not end in .wav, .flac or .mp3; rename it, or pass format="
        )
    return suffix


_MEDIA_TYPES = {
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".mp3": "audio/mpeg",
    ".aif": "audio/aiff",
    ".aiff": "audio/aiff",
    ".ogg": "audio/ogg",
}


def media_type(source: object) -> str:
    """What a file to be sent says of itself, by its suffix. The server looks into it."""
    suffix = Path(source).suffix.lower() if isinstance(source, str | os.PathLike) else ""
    return _MEDIA_TYPES.get(suffix, "application/octet-stream")
