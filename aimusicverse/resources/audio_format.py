"""Which format a file is meant to have."""

from __future__ import annotations

from pathlib import PurePath

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
