"""Sound files and the cover, as they are named on a command line."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from aimusicverse.cli.errors import UsageProblem

_SOUND: Final = frozenset(
    {"wav", "flac", "mp3", "aif", "aiff", "ogg", "oga", "opus", "m4a", "mp4", "aac", "wma", "alac"}
)
_PICTURE: Final = frozenset({"jpg", "jpeg", "png", "tif", "tiff", "webp"})


def named_files(names: list[str]) -> tuple[list[Path], Path | None]:
    """The sound files, and the cover if one is among them.

    Raises:
        UsageProblem: one is missing, or is neither.
    """
    sounds: list[Path] = []
    covers: list[Path] = []
    for name in names:
        if "\0" in name or not Path(name).is_file():
            raise UsageProblem(
                f"there is no file {name}" if not Path(name).is_dir() else f"{name} is a folder"
            )
        suffix = Path(name).suffix.removeprefix(".").lower()
        if suffix not in _SOUND | _PICTURE:
            raise UsageProblem(
                f"{name} is neither sound nor picture by its name",
                hint="Sound: .wav, .flac, .mp3, …; the cover: .jpg, .png.",
            )
        (covers if suffix in _PICTURE else sounds).append(Path(name))
    if len(covers) > 1:
        raise UsageProblem(f"a release has one cover, and {covers[0]} and {covers[1]} are pictures")
    if len(sounds) > 500:
        raise UsageProblem(f"a release has 500 tracks at most, and these are {len(sounds)}")
    return sounds, covers[0] if covers else None
