"""The files of a release that go into packages, with what is known of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aimusicverse.release.facts import AudioFacts, ImageFacts
from aimusicverse.release.package_error import refuse

#: Endings by content: what a file is called elsewhere does not count.
SOUND_ENDINGS: Final = {
    "wav": "wav",
    "flac": "flac",
    "aiff": "aiff",
    "mp3": "mp3",
    "ogg": "ogg",
    "m4a": "m4a",
}
_PICTURE_ENDINGS: Final = {"jpeg": "jpg", "png": "png", "tiff": "tif"}


@dataclass(frozen=True, slots=True)
class SoundFile:
    """A recording's master: where it is, and what was found when it was looked into."""

    path: Path
    facts: AudioFacts

    @property
    def ending(self) -> str:
        """Of its name in a package, without the dot.

        Raises:
            CannotPackage: a kind of file that no store takes.
        """
        return _ending(SOUND_ENDINGS, self.facts.container, self.path)


@dataclass(frozen=True, slots=True)
class PictureFile:
    """The cover: where it is, and what was found when it was looked into."""

    path: Path
    facts: ImageFacts

    @property
    def ending(self) -> str:
        """Of its name in a package, without the dot.

        Raises:
            CannotPackage: a kind of file that no store takes.
        """
        return _ending(_PICTURE_ENDINGS, self.facts.kind, self.path)


@dataclass(frozen=True, slots=True)
class ReleaseFiles:
    """All files of a release.

    Args:
        tracks: one for each track, in their order.
        cover: the front cover.
    """

    tracks: tuple[SoundFile, ...]
    cover: PictureFile | None = None

    def require(self, tracks: int) -> PictureFile:
        """The cover, if nothing is missing.

        Raises:
            CannotPackage: not one sound file for each of so many tracks, or no cover.
        """
        if len(self.tracks) != tracks:
            raise refuse(
                "tracks",
                f"there are {tracks} tracks and {len(self.tracks)} sound files.",
                "Give one file for each track (`file = …`), in the order of the tracks.",
            )
        if self.cover is None:
            raise refuse("cover.file", "there is no cover.", "Give a picture of 3000 × 3000 pixels.")
        return self.cover


def _ending(known: dict[str, str], kind: str, path: Path) -> str:
    ending = known.get(kind)
    if ending is None:
        raise refuse(str(path), f"it is {kind}, which no store takes.", f"Convert it: {', '.join(known)}.")
    return ending
