"""A kit for DistroKid, which takes releases by a form alone: files, and an answer for each question.

Harbour Lights/
├── 01 Cold Morning.wav, 02 Ferry.wav, …
├── cover.jpg
├── checklist.html, checklist.md      what the form is known to ask, with answers
└── release.csv                       the same as a table, one row a track
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from aimusicverse.release import identifiers
from aimusicverse.release.checklist import as_markdown, as_page
from aimusicverse.release.copying import appearing, copy_checked, write_whole
from aimusicverse.release.display import full_title
from aimusicverse.release.distrokid_form import Section, form
from aimusicverse.release.ern.credits import credits_of, shown_artists
from aimusicverse.release.file_names import file_name
from aimusicverse.release.release_files import ReleaseFiles
from aimusicverse.release.rules.case import Track
from aimusicverse.release.spreadsheet import table
from aimusicverse.types.release import Release

_INTRO = (
    "What DistroKid's upload form (distrokid.com/new) is known to ask, with the answers of your release. "
    "Tick each as you go. The form itself was not looked at, and it changes: answer there what is new."
)
_COLUMNS = (
    "track", "title", "version", "artist", "file", "isrc", "release", "upc", "label", "release_date", "genre",
    "language", "explicit", "instrumental", "cover_song", "songwriters", "p_line", "c_line", "ai_lyrics",
    "ai_composition", "ai_vocals", "ai_instruments", "ai_artwork",
)  # fmt: skip


def write_kit(final: Path, release: Release, files: ReleaseFiles, *, ascii_names: bool = False) -> Path:
    """Write the kit. It is there as a whole, or not at all.

    Args:
        final: the folder that comes to be.
        release: what is uploaded. What it does not say is marked in the checklist, and is no error.
        files: of each recording, and the cover.
        ascii_names: whether names of files have ASCII alone, for a system or site that trips over more.

    Returns:
        `final`.

    Raises:
        CannotPackage: a file that changed or is not there, or a folder of that name that is.
    """
    cover = files.require(len(release.tracks))
    tracks = _tracks(release, files)
    names = track_names(release, files, ascii_only=ascii_names)
    title = f"{full_title(release.title, release.version)}: DistroKid"
    sections = form_of(release, files, ascii_names=ascii_names)
    cover_file = f"cover.{cover.ending}"
    with appearing(final) as unfinished:
        for name, sound in zip(names, files.tracks, strict=True):
            copy_checked(sound.path, unfinished / name, sound.facts)
        copy_checked(cover.path, unfinished / cover_file, cover.facts)
        write_whole(unfinished / "checklist.md", as_markdown(title, _INTRO, sections))
        write_whole(unfinished / "checklist.html", as_page(title, _INTRO, sections))
        write_whole(unfinished / "release.csv", table([_COLUMNS, *_rows(release, tracks, names)]))
    return final


def form_of(release: Release, files: ReleaseFiles, *, ascii_names: bool = False) -> list[Section]:
    """Every question of DistroKid's form, with the answers.

    Raises:
        CannotPackage: a file that is not there.
    """
    cover = files.require(len(release.tracks))
    names = track_names(release, files, ascii_only=ascii_names)
    return form(release, _tracks(release, files), names, f"cover.{cover.ending}")


def _tracks(release: Release, files: ReleaseFiles) -> list[Track]:
    return [
        Track(place, recording, release, files.tracks[place].facts)
        for place, recording in enumerate(release.tracks)
    ]


def track_names(release: Release, files: ReleaseFiles, *, ascii_only: bool = False) -> list[str]:
    """Names of the tracks' files: `01 Title.wav`. The number tells two of one title apart."""
    digits = max(2, len(str(len(release.tracks))))
    return [
        file_name(
            f"{number:0{digits}} {full_title(recording.title, recording.version)}",
            sound.ending,
            ascii_only=ascii_only,
        )
        for number, (recording, sound) in enumerate(zip(release.tracks, files.tracks, strict=True), 1)
    ]


def _rows(release: Release, tracks: Sequence[Track], names: Sequence[str]) -> list[list[str]]:
    return [
        [
            str(track.number),
            track.recording.title,
            track.recording.version or "",
            shown_artists(credits_of(track)),
            name,
            identifiers.plain_isrc(track.recording.isrc or ""),
            full_title(release.title, release.version),
            identifiers.plain(release.upc or ""),
            release.label or "",
            release.release_at or "",
            track.genre or "",
            track.language or "",
            track.explicit or "",
            "yes" if track.is_instrumental else "no",
            "yes" if track.recording.is_cover else "no",
            "; ".join(writer.name for writer in track.writers if writer.ai != "all"),
            track.p_line or "",
            release.c_line or "",
            track.ai.lyrics or "",
            track.ai.composition or "",
            track.ai.vocals or "",
            track.ai.instruments or "",
            release.ai.artwork or "",
        ]
        for track, name in zip(tracks, names, strict=True)
    ]
