"""An `.itmsp` package for Apple Music, as an encoding house or Transporter takes it.

    036000291452.itmsp/
    ├── metadata.xml                    music5.3
    ├── README.txt                      what was not verified, what was left out
    ├── 036000291452_01_001.flac, …     volume 1, track 1
    └── 036000291452.jpg

**Not verified against Apple's schema**, which is not public. Apple's names for its transparency tags (AI) are
not public either; the answers stand in README.txt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from aimusicverse.release.ai_answers import OPEN, ai_answers
from aimusicverse.release.apple_metadata import (
    ROLES,
    UNVERIFIED,
    cover_name,
    metadata,
    sound_name,
    vendor_id,
)
from aimusicverse.release.copying import appearing, copy_checked, write_whole
from aimusicverse.release.ern.credits import credits_of
from aimusicverse.release.release_files import ReleaseFiles
from aimusicverse.release.rules.case import Track
from aimusicverse.release.targets import STORES
from aimusicverse.types.release import Release


def write_itmsp(
    into: Path,
    release: Release,
    files: ReleaseFiles,
    *,
    provider: str,
    now: datetime,
    progress: Callable[[float], None] = lambda part: None,
) -> Path:
    """Write the package of a release. It is there as a whole, or not at all.

    Args:
        into: the folder in which the package comes to be.
        release: what it is; `genres.apple_music` has Apple's code; `vendor_id` may be its UPC.
        files: of each recording, and the cover.
        provider: the short name that Apple gave to the account that delivers.
        now: when a release comes out that does so as soon as possible.
        progress: told after each file how much is written, 0 to 1. What it raises ends it; nothing is left.

    Returns:
        the package, `<vendor_id>.itmsp`.

    Raises:
        CannotPackage: everything that is missing, a file that changed, a package that is there already.
    """
    cover = files.require(len(release.tracks))
    content = metadata(release, files, provider=provider, now=now)
    vendor = vendor_id(release)
    final = into / f"{vendor}.itmsp"
    with appearing(final) as unfinished:
        for number, sound in enumerate(files.tracks, 1):
            copy_checked(sound.path, unfinished / sound_name(vendor, number, sound), sound.facts)
            progress(number / (len(files.tracks) + 1))
        copy_checked(cover.path, unfinished / cover_name(vendor, cover), cover.facts)
        write_whole(unfinished / "README.txt", _readme(release, files).encode())
        write_whole(unfinished / "metadata.xml", content)
    return final


def write_itmsp_takedown(into: Path, release: Release, *, provider: str, now: datetime) -> Path:
    """Write the package that takes a release down: cleared neither for sale nor for streaming, anywhere.

    Raises:
        CannotPackage: as for `write_itmsp`; no files are needed.
    """
    content = metadata(release, None, provider=provider, now=now)
    final = into / f"{vendor_id(release)}.itmsp"
    with appearing(final) as unfinished:
        write_whole(unfinished / "README.txt", _readme(release, None).encode())
        write_whole(unfinished / "metadata.xml", content)
    return final


def _readme(release: Release, files: ReleaseFiles | None) -> str:
    """What whoever delivers it must know, in words."""
    what = "delivers" if files else "takes down"
    lines = [
        f"This package {what} {release.title!r} at Apple Music. It is {UNVERIFIED}, which is not public.",
        "Let Transporter verify it before you upload, or give it to an encoding house that does.",
        "",
        "Prices are not in it: whoever delivers adds the tier of your contract, if you sell downloads.",
    ]
    if files:
        lines += [
            "",
            "Apple asks what a machine made (transparency tags, March 2026); the names of the tags are not",
            "public, so they are not in metadata.xml. Answer it so:",
            *_ai_answers(release),
        ]
        left_out = _left_out(release)
        if left_out:
            lines += ["", "Credits left out, as Apple's names for their roles are not known here:"]
            lines += [f"- {name}: {role}" for name, role in left_out]
    return "\n".join(lines) + "\n"


def _ai_answers(release: Release) -> Iterator[str]:
    for asked in ai_answers(release, [STORES["apple_music"]]):
        of = "of the release" if asked.track is None else f"of track {asked.track}"
        yield f"- {asked.question}, {of}: {'not answered' if asked.answer == OPEN else asked.answer}"


def _left_out(release: Release) -> list[tuple[str, str]]:
    found = [
        (credit.name, role)
        for place, recording in enumerate(release.tracks)
        for credit in credits_of(Track(place, recording, release))
        for role in (*credit.artist_roles, *credit.roles)
        if role not in ROLES
    ]
    return list(dict.fromkeys(found))
