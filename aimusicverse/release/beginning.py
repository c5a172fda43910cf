"""How a release begins: from nothing, from sound files, or from a track with its provenance."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from aimusicverse.release.provenance_answers import provenance_answers
from aimusicverse.types.release import Release

if TYPE_CHECKING:
    from aimusicverse.types.track import Track

#: What a release is called before it has a title.
NO_TITLE: Final = "Untitled"
_NUMBER: Final = re.compile(r"^\d{1,3}(?:[\s._-]+|(?<=\d)\)\s*)(?=\S*[^\W\d])")


class Beginning(NamedTuple):
    """A release to be filled in.

    Args:
        release: with what is known.
        notes: where values come from, by path (`toml_form.written`).
    """

    release: Release
    notes: dict[str, str]


def of_nothing(known: Mapping[str, Any]) -> Beginning:
    """A release of one track.

    Args:
        known: keys of the short form: the user's defaults, and what was said besides.
    """
    return Beginning(Release.model_validate({"title": NO_TITLE, **known}), {})


def of_files(files: Sequence[Path], folder: Path, known: Mapping[str, Any]) -> Beginning:
    """A release of a track for each sound file, called as the file is.

    Args:
        files: in the order of tracks.
        folder: where `release.toml` will be, from which paths are seen.
        known: as for `of_nothing`.
    """
    tracks = [
        {"title": title_of(file, str(known.get("artist", ""))), "file": relative(folder, file)}
        for file in files
    ]
    if len(tracks) == 1:
        title = known.get("title", tracks[0]["title"])
        tracks[0]["title"] = title
    else:
        title = known.get("title", NO_TITLE)
    release = Release.model_validate({**known, "title": title, "tracks": tracks})
    return Beginning(release, {"tracks.title": "It was made of the file's name."})


def of_track(track: Track, known: Mapping[str, Any]) -> Beginning:
    """A release of a track on the server. Its provenance answers what a machine made.

    Args:
        track: which.
        known: as for `of_nothing`.
    """
    found = dict(known)
    if not track.lyrics:
        found["language"] = "zxx" if "vocals" not in track.provenance.ai_parts else found.get("language")
    if track.artist and "artist" not in found:
        found["artist"] = track.artist
    if track.genre:
        found["genre"] = track.genre
    notes = {}
    answers = provenance_answers(track)
    if answers is not None:
        found["ai"] = answers.model_dump(exclude_none=True)
        notes["ai"] = "As the track's provenance says: correct it where you made something yourself."
    recording = {"title": found.get("title", track.title), "track_id": track.id, "lyrics": track.lyrics}
    release = Release.model_validate({"title": track.title, **found, "tracks": [recording]})
    return Beginning(release, notes)


def title_of(file: PurePath, artist: str = "") -> str:
    """A title from a file's name: `01 - Paper_Lanterns.wav` is Paper Lanterns.

    Args:
        file: its name or path.
        artist: whose name may stand before the title.
    """
    name = file.stem
    title = _NUMBER.sub("", name, count=1)
    if not re.search(r"\s", title):  # a name made for file systems: blanks were written otherwise
        slug = title
        title = re.sub(r"[_-]+" if "_" not in title else r"_+", " ", title)
        if slug == slug.lower():
            title = " ".join(word[:1].upper() + word[1:] for word in title.split())
    before, dash, behind = title.partition(" - ")
    if dash and artist and before.strip().casefold() == artist.strip().casefold():
        title = behind
    title = "".join(letter for letter in title if letter.isprintable())
    return " ".join(title.split()) or NO_TITLE


def relative(folder: Path, file: Path) -> str:
    """The path of a file as `release.toml` names it: relative where that can be, with / on every system."""
    try:
        return Path(os.path.relpath(file.absolute(), folder.absolute())).as_posix()
    except ValueError:  # on another drive
        return file.absolute().as_posix()
