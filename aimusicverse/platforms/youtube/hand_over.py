"""What a person uploads himself in YouTube Studio: the videos, a picture, and what to write where."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from aimusicverse.platforms.base import Parcel
from aimusicverse.platforms.youtube import texts
from aimusicverse.platforms.youtube.film import make_film
from aimusicverse.platforms.youtube.still import Still
from aimusicverse.release.display import full_title
from aimusicverse.release.file_names import file_name
from aimusicverse.release.rules.case import Track

_HOW: Final = """\
How to upload this to YouTube by hand

1. Open https://studio.youtube.com with the channel that the music is to be on: Create, Upload videos.
2. Choose the videos (.mp4). For each, copy title and description from the text file of the same name.
3. Thumbnail: thumbnail.jpg. Audience, altered content and visibility: as the text file says.
4. Category: Music (under "Show more").
{playlist}
A video is what comes of it, and no art track: those come by a distributor or partner alone.
"""


def write_hand_over(ffmpeg: str, parcel: Parcel, into: Path) -> None:
    """Write it into the empty folder `into`.

    Raises:
        DeliveryError: no ffmpeg, or a file that it does not read.
        CannotPackage: a file is missing.
    """
    release = parcel.release
    cover = parcel.files.require(len(release.tracks))
    still = Still(cover.path, parcel.folder)
    (into / "thumbnail.jpg").write_bytes(still.thumbnail)
    for index, (recording, sound) in enumerate(zip(release.tracks, parcel.files.tracks, strict=True)):
        name = f"{index + 1:02} {full_title(recording.title, recording.version)}"
        film = into / file_name(name, "mp4")
        make_film(ffmpeg, still.frame, sound, film, lambda part: None)
        film.with_suffix(".log").unlink(missing_ok=True)
        track = Track(index, recording, release, sound.facts)
        (into / file_name(name, "txt")).write_text(_words(parcel, track), "utf-8")
    several = "5. Make a playlist of the videos, in the order of their numbers.\n"
    how = _HOW.format(playlist=several if len(release.tracks) > 1 else "")
    (into / "how-to-upload.txt").write_text(how, "utf-8")


def _words(parcel: Parcel, track: Track) -> str:
    snippet, declared = texts.snippet(track), texts.declared(track)
    at = parcel.release_at
    rows = [
        ("Title", snippet["title"]),
        ("Tags", ", ".join(snippet["tags"]) or "none"),
        ("Made for kids", _answer(declared.get("selfDeclaredMadeForKids"))),
        ("Altered or synthetic content", _answer(declared.get("containsSyntheticMedia"))),
        ("Visibility", f"scheduled for {at.isoformat()}" if at else track.release.youtube.privacy),
    ]
    lines = [f"{name}: {value}" for name, value in rows]
    return "\n".join([*lines, "", "Description:", "", snippet["description"], ""])


def _answer(value: Any) -> str:
    return "you have to answer" if value is None else "yes" if value else "no"
